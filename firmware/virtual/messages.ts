/**
 * What page and board worker say to each other. Types only; bytes travel as transferred
 * ArrayBuffers. The channel keeps the order. Knows neither side.
 */
import type { BoardEvent, ChipName } from './board.ts';
import type { BoardCommand, BoardStatus } from './commands.ts';
import type { Signals } from './usb/line-reset.ts';

/** How a board is set up; the parts of BoardOptions that can be sent. */
export interface StartOptions {
  seed?: number;
  speed?: number;
  flashTiming?: number;
  chip?: ChipName;
  /** Content of the flash, transferred. */
  flash?: ArrayBuffer;
  startTime?: number;
  /** What units believe the backend to be; requests there go to `origin`. */
  deviceHost: string;
  devicePort: number;
  origin: string;
}

/** To the worker. `start` comes first and once. */
export type ToBoard =
  | { type: 'start'; options: StartOptions }
  /** USB bytes; answered by `written` with the same `id` when they have crossed the cable. */
  | { type: 'serial'; id: number; bytes: ArrayBuffer }
  | { type: 'signals'; signals: Signals }
  /** Answered by `done` with the same `id`. */
  | { type: 'command'; id: number; command: BoardCommand }
  /** Answered by `flash` with a copy of the whole flash. */
  | { type: 'read-flash'; id: number };

/** From the worker. */
export type FromBoard =
  /** The board exists and is on. */
  | { type: 'ready'; mac: string }
  | { type: 'serial'; bytes: ArrayBuffer }
  | { type: 'written'; id: number }
  | { type: 'event'; event: BoardEvent }
  | { type: 'done'; id: number; status: BoardStatus }
  | { type: 'flash'; id: number; bytes: ArrayBuffer }
  /** Something broke; `id` when it was an answer to a request. */
  | { type: 'failed'; id?: number; message: string };
