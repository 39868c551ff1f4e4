/** A board on a test's desk: no network, what it says kept, waiting for words. */
import { type BoardEvent, type BoardOptions, VirtualBoard } from '../board.ts';
import type { Network } from '../network/network.ts';

/** A network that refuses every connection. */
export const NO_NETWORK: Network = {
  connect(_host, _port, handlers) {
    queueMicrotask(() => handlers.onError('refused'));
    return { write() {}, close() {} };
  },
};

const WAIT_MS = 3000;

export class Bench {
  readonly board: VirtualBoard;
  readonly events: BoardEvent[] = [];
  /** Everything the board said over USB. */
  bytes: number[] = [];

  constructor(options: Partial<BoardOptions> = {}) {
    this.board = new VirtualBoard({ network: NO_NETWORK, startTime: 0, ...options });
    this.board.onSerial = (bytes) => this.bytes.push(...bytes);
    this.board.onEvent = (event) => this.events.push(event);
  }

  get text(): string {
    return new TextDecoder().decode(Uint8Array.from(this.bytes));
  }

  type(words: string): void {
    this.board.writeSerial(new TextEncoder().encode(words));
  }

  /** Waits until the board has said `words`, then forgets everything said. */
  async says(words: string): Promise<void> {
    await this.until(() => this.text.includes(words), `"${words}", it said: ${this.text}`);
    this.bytes = [];
  }

  async until(done: () => boolean, what: string): Promise<void> {
    const end = performance.now() + WAIT_MS;
    while (!done()) {
      if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}
