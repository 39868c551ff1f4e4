/**
 * Entry of the dedicated worker beside the bench: timers and what flashing computes. Its timers
 * ring on time in a hidden tab (docs/decisions/0091). Bytes that it was given are wiped: a region
 * may carry the token.
 */
import { AppError } from '../../shared/errors.ts';
import { imageFacts, md5s, pack } from './heavy-work.ts';
import type { FromThread, ToThread } from './off-thread-messages.ts';

interface WorkerScope {
  postMessage(message: FromThread, transfer?: Transferable[]): void;
  addEventListener(type: 'message', fn: (event: MessageEvent<ToThread>) => void): void;
}

const scope = globalThis as unknown as WorkerScope;
const timers = new Map<number, ReturnType<typeof setTimeout>>();

scope.addEventListener('message', ({ data }) => {
  if (data.type === 'after') {
    const { id, ms } = data;
    const timer = setTimeout(() => {
      timers.delete(id);
      scope.postMessage({ type: 'rang', id });
    }, ms);
    timers.set(id, timer);
  } else if (data.type === 'stop') {
    clearTimeout(timers.get(data.id));
    timers.delete(data.id);
  } else {
    void work(data).finally(() => data.bytes.fill(0));
  }
});

async function work(asked: Extract<ToThread, { bytes: Uint8Array }>): Promise<void> {
  const { id } = asked;
  try {
    if (asked.type === 'pack') {
      const packed = await pack(asked.bytes);
      const transfer = packed.frames.map(({ buffer }) => buffer);
      scope.postMessage({ type: 'done', id, result: packed }, transfer);
    } else if (asked.type === 'md5s') {
      scope.postMessage({ type: 'done', id, result: md5s(asked.bytes, asked.runs) });
    } else {
      scope.postMessage({ type: 'done', id, result: imageFacts(asked.bytes) });
    }
  } catch (error) {
    // An error loses its class on the way.
    const code = error instanceof AppError ? error.code : 'internal';
    const message = error instanceof Error ? error.message : '';
    scope.postMessage({ type: 'failed', id, code, message });
  }
}
