/**
 * The worker's side of messages.ts over any channel: owns one board, does what comes in, tells what
 * happens. Knows no worker and no network; browser-worker.ts supplies both.
 */
import { AppError, toAppError } from '../../shared/errors.ts';
import { VirtualBoard } from './board.ts';
import { applyCommand, parseCommand } from './commands.ts';
import type { FromBoard, StartOptions, ToBoard } from './messages.ts';
import type { Network } from './network/network.ts';

/** Writes count as done while the cable carries less than this. */
const WRITE_AHEAD_MS = 1;

export interface BoardHostOptions {
  post(message: FromBoard, transfer: ArrayBuffer[]): void;
  network(options: StartOptions): Network;
}

export class BoardHost {
  readonly #options: BoardHostOptions;
  #board: VirtualBoard | null = null;

  constructor(options: BoardHostOptions) {
    this.#options = options;
  }

  /** One message from the page. It reports failures and never throws. */
  receive(message: ToBoard): void {
    try {
      this.#handle(message);
    } catch (error) {
      const id = 'id' in message ? { id: message.id } : {};
      this.#post({ type: 'failed', ...id, message: toAppError(error).message });
    }
  }

  #handle(message: ToBoard): void {
    if (message.type === 'start') {
      this.#start(message.options);
      return;
    }
    const board = this.#board;
    if (!board) throw new AppError('invalid', 'The first message to a board must be "start".');
    switch (message.type) {
      case 'serial':
        this.#write(board, message.id, new Uint8Array(message.bytes));
        break;
      case 'signals':
        board.setSignals(message.signals);
        break;
      case 'command': {
        const status = applyCommand(board, parseCommand(message.command));
        this.#post({ type: 'done', id: message.id, status });
        break;
      }
      case 'read-flash': {
        const bytes = board.flash.read(0, board.flash.size).buffer;
        this.#post({ type: 'flash', id: message.id, bytes }, [bytes]);
      }
    }
  }

  #start(options: StartOptions): void {
    if (this.#board) throw new AppError('conflict', 'This board has been started already.');
    const { flash, deviceHost: _host, devicePort: _port, origin: _origin, ...rest } = options;
    const board = new VirtualBoard({
      ...rest,
      ...(flash ? { flash: new Uint8Array(flash) } : {}),
      // Whoever tries one on the bench wants to see it count, at whatever time of the day.
      street: { steady: true },
      network: this.#options.network(options),
    });
    board.onSerial = (bytes) => {
      const copy = bytes.slice().buffer as ArrayBuffer;
      this.#post({ type: 'serial', bytes: copy }, [copy]);
    };
    board.onEvent = (event) => this.#post({ type: 'event', event });
    this.#board = board;
    board.powerOn();
    this.#post({ type: 'ready', mac: board.mac });
  }

  #write(board: VirtualBoard, id: number, bytes: Uint8Array): void {
    board.writeSerial(bytes);
    const wait = board.writeBacklogMs - WRITE_AHEAD_MS;
    if (wait <= 0) this.#post({ type: 'written', id });
    else setTimeout(() => this.#post({ type: 'written', id }), wait);
  }

  #post(message: FromBoard, transfer: ArrayBuffer[] = []): void {
    this.#options.post(message, transfer);
  }
}
