/**
 * What a command leads to and what it may touch. The commands themselves are in the commands-*.ts
 * files; this file knows none of them.
 */

import type { Call } from '../../../shared/at/grammar.ts';
import type { Random } from '../street/random.ts';
import type { Cell } from './cell.ts';
import { type CellReport, CME, type CmeError } from './dialect.ts';
import type { Settings } from './settings.ts';
import type { Sockets } from './sockets.ts';
import type { Timers } from './timers.ts';
import type { BringUpStep, ModemOptions } from './types.ts';

/** An answer: lines, then the final result; `after` runs after it has been sent. */
export interface Answer {
  lines?: readonly string[];
  final: 'OK' | 'ERROR' | CmeError;
  delayMs?: number;
  after?: () => void;
}

/** What a command leads to: an answer, an answer later, a prompt for data, or silence. */
export type Outcome =
  | Answer
  | { wait: (finish: (answer: Answer) => void) => void }
  | { promptBytes: number | null; onData: (bytes: Uint8Array) => Answer }
  | { silent: true };

/** What a command may see and touch. */
export interface Core {
  readonly options: ModemOptions;
  readonly settings: Settings;
  readonly cell: Cell;
  readonly sockets: Sockets;
  readonly timers: Timers;
  readonly random: Random;
  readonly identity: { imei: string; imsi: string; iccid: string; address: string };
  readonly fail: BringUpStep | null;
  cellReport(): CellReport | null;
  urc(line: string): void;
  setEcho(on: boolean): void;
  restart(): void;
  /** Closes every socket and forgets the IP stack; `+CIPEVENT` if it was open and `announce`. */
  dropNetwork(announce: boolean): void;
}

/** A command. */
export type Handler = (call: Call, core: Core) => Outcome;

/** Commands by their upper-case name. */
export type CommandTable = Readonly<Record<string, Handler>>;

/** The usual answer: these lines and OK. */
export const ok = (...lines: string[]): Answer => ({ lines, final: 'OK' });
/** A refusal, worded as AT+CMEE says. */
export const refuse = (error: CmeError): Answer => ({ final: error });
/** Whether a final result is one of the CME errors. */
export const isCme = (final: Answer['final']): final is CmeError => final in CME;

/** The whole number an argument says, or NaN; '' is NaN too. */
export function number(argument: string | undefined): number {
  return argument !== undefined && /^\d{1,9}$/.test(argument) ? Number(argument) : Number.NaN;
}
