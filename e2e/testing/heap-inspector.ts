/**
 * What a Worker keeps in memory, as workerd's inspector tells it (Chrome DevTools Protocol, domains
 * Runtime and HeapProfiler). Knows no Worker.
 */
import { AppError } from '../../shared/errors.ts';

/** After a collection, bytes. */
export interface Heap {
  /** Of objects and strings. */
  objects: number;
  /** Of what lies outside: typed arrays, and what the runtime itself holds for the program. */
  outside: number;
}

interface Answer {
  id: number;
  result?: { usedSize: number; embedderHeapUsedSize?: number; backingStorageSize?: number };
}

/**
 * Collects garbage, then looks.
 * @param inspector where workerd's inspector listens
 * @param worker the Worker's name
 * @param wake makes a request: workerd collects when it next runs, and never says so
 */
export async function heapOf(
  inspector: URL,
  worker: string,
  wake: () => Promise<unknown>,
): Promise<Heap> {
  const socket = new WebSocket(new URL(`/core:user:${worker}`, inspector));
  try {
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', () => reject(new AppError('unavailable', UNREACHED)));
    });
    await ask(socket, 'HeapProfiler.enable');
    for (let round = 0; round < ROUNDS; round += 1) {
      tell(socket, 'HeapProfiler.collectGarbage');
      await wake();
    }
    const usage = await ask(socket, 'Runtime.getHeapUsage');
    const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = usage ?? { usedSize: 0 };
    return { objects: usedSize, outside: embedderHeapUsedSize + backingStorageSize };
  } finally {
    socket.close();
  }
}

const UNREACHED = 'workerd’s inspector was not reached.';
const ROUNDS = 3;
let asked = 0;

async function ask(socket: WebSocket, method: string): Promise<Answer['result']> {
  const id = tell(socket, method);
  const answered = new Promise<Answer>((resolve, reject) => {
    socket.addEventListener('close', () => reject(new AppError('unavailable', UNREACHED)));
    socket.addEventListener('message', ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer;
      if (answer.id === id) resolve(answer);
    });
  });
  return (await answered).result;
}

/** @returns the number that an answer bears */
function tell(socket: WebSocket, method: string): number {
  asked += 1;
  socket.send(JSON.stringify({ id: asked, method, params: {} }));
  return asked;
}
