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
 */
export async function heapOf(inspector: URL, worker: string): Promise<Heap> {
  const socket = new WebSocket(new URL(`/core:user:${worker}`, inspector));
  try {
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', () => reject(new AppError('unavailable', UNREACHED)));
    });
    for (let round = 0; round < 3; round += 1) await ask(socket, 'HeapProfiler.collectGarbage');
    const usage = await ask(socket, 'Runtime.getHeapUsage');
    const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = usage ?? { usedSize: 0 };
    return { objects: usedSize, outside: embedderHeapUsedSize + backingStorageSize };
  } finally {
    socket.close();
  }
}

const UNREACHED = 'workerd’s inspector was not reached.';
let asked = 0;

async function ask(socket: WebSocket, method: string): Promise<Answer['result']> {
  asked += 1;
  const id = asked;
  const answered = new Promise<Answer>((resolve, reject) => {
    socket.addEventListener('close', () => reject(new AppError('unavailable', UNREACHED)));
    socket.addEventListener('message', ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer;
      if (answer.id === id) resolve(answer);
    });
  });
  socket.send(JSON.stringify({ id, method, params: {} }));
  return (await answered).result;
}
