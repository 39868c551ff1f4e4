/**
 * What the page knows about the unit on the cable. Plain data; who changes it is unit.ts.
 */
import type {
  ConsoleEvent,
  Hello,
  LedPattern,
  UnitStatusRecord,
} from '../../shared/console/records.ts';
import type { AppError } from '../../shared/errors.ts';

/** Virtual and real units get different images; they are told apart by their MAC. */
export type Target = 'virtual' | 'esp32s3';

/** Who the chip says it is. */
export interface ChipInfo {
  /** e.g. `ESP32-S3 (QFN56)` */
  name: string;
  /** e.g. `v0.2` */
  revision: string;
  /** Colon-separated upper case: `F4:12:FA:00:00:01`. */
  mac: string;
  flashBytes: number;
  /** Bits burned in eFuse, 0 … 16: the bootloader starts no app below it. Absent: 0. */
  secureVersion?: number;
  target: Target;
}

/** 0 … 255 each. */
export interface LedColour {
  r: number;
  g: number;
  b: number;
}

export type UnitPhase = 'none' | 'connecting' | 'connected' | 'running' | 'lost';

/** One line of the console, log or record. */
export interface ConsoleLine {
  /** Counts from 1 and never repeats: a key for lists. */
  seq: number;
  /** Unix milliseconds when the page saw it. */
  at: number;
  kind: 'log' | 'event' | 'answer' | 'unrecognized' | 'note';
  text: string;
}

export type ReadingEvent = Extract<ConsoleEvent, { ev: 'reading' }> & { at: number };
export type HeartbeatEvent = Extract<ConsoleEvent, { ev: 'heartbeat' }> & { at: number };

/** Console lines kept; older ones go. A night of log at one line a second is not wanted. */
export const CONSOLE_LINES_MAX = 500;
/** Readings kept for the page's little list. */
export const READINGS_MAX = 24;

export interface UnitState {
  phase: UnitPhase;
  /** Which loader answers while `phase` is `connected`. */
  loader: 'rom' | 'stub' | null;
  kind: 'usb' | 'virtual' | null;
  chip: ChipInfo | null;
  /** Colour of a virtual unit's LED; null for a real one, where `pattern` is all we hear. */
  led: LedColour | null;
  pattern: LedPattern | null;
  lines: readonly ConsoleLine[];
  /** Records that did not fit the format: shown among the lines, believed in nothing. */
  unrecognized: number;
  hello: Hello | null;
  status: UnitStatusRecord | null;
  /** Newest last. */
  readings: readonly ReadingEvent[];
  heartbeat: HeartbeatEvent | null;
  /** Why the last action failed; cleared by the next. */
  error: AppError | null;
}

export const NO_UNIT: UnitState = {
  phase: 'none',
  loader: null,
  kind: null,
  chip: null,
  led: null,
  pattern: null,
  lines: [],
  unrecognized: 0,
  hello: null,
  status: null,
  readings: [],
  heartbeat: null,
  error: null,
};
