/**
 * Entry of the dedicated worker that runs one virtual board for a page. The only file of this
 * folder that knows it is in a worker.
 */
import { BoardHost } from './board-host.ts';
import type { ToBoard } from './messages.ts';
import { BrowserNetwork } from './network/browser-network.ts';

/** The part of DedicatedWorkerGlobalScope used here; the folder has the DOM library. */
interface WorkerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', fn: (event: MessageEvent<ToBoard>) => void): void;
}

const scope = globalThis as unknown as WorkerScope;

const host = new BoardHost({
  post: (message, transfer) => scope.postMessage(message, transfer),
  network: ({ deviceHost, devicePort, origin }) =>
    new BrowserNetwork({ deviceHost, devicePort, origin }),
});

scope.addEventListener('message', (event) => host.receive(event.data));
