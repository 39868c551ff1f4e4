/**
 * The one error type of JamBench. Every failure that crosses a function's border is an AppError
 * with a code from a closed list; the worker maps codes to HTTP statuses in one file, the page maps
 * them to words and an action in one file. This file knows neither HTTP nor the page.
 */

/** Every code, with what its receiver should do. Add here first; both mappings are checked. */
export const ERROR_CODES = {
  // what the caller sent
  invalid: 'Correct what the message names and send again.',
  too_large: 'Send less; the message names the limit.',
  unauthenticated: 'Sign in again, or prepare the unit again so that it holds a valid token.',
  forbidden: 'Ask someone whose role allows it.',
  not_found: 'Check the id.',
  conflict: 'Something else is there already; choose another id or replace it deliberately.',
  rate_limited: 'Wait as long as the message says.',
  // what is not there now
  unavailable: 'Try again later; nothing was lost.',
  internal: 'Report it with the correlation id.',
  // what this computer keeps
  storage_full: 'Leave private browsing or free some disk space, then try again.',
  // files that are to be flashed
  image_truncated: 'Fetch the firmware bundle again; the file ends too early.',
  image_corrupt: 'Fetch the firmware bundle again; checksum or hash disagree.',
  image_wrong_chip: 'Use the bundle made for this chip.',
  image_wrong_target: 'Never write a virtual image to a real chip, nor the reverse.',
  image_too_big: 'The image does not fit its partition.',
  image_too_old: 'Use a newer bundle: the chip starts no older firmware.',
  other_layout: 'Have the whole unit erased; the message says what is lost.',
  bundle_missing: 'Install a firmware bundle on this server.',
  // the port and the unit
  serial_unsupported: 'Use a browser with Web Serial.',
  port_not_chosen: 'Choose the unit in the browser’s list.',
  which_port: 'Press Connect and pick the unit in the browser’s list.',
  port_busy: 'Close the other program or tab that holds the port.',
  port_lost: 'Plug the unit in again, then try again.',
  no_sync: 'Hold the unit’s button while plugging in, then try again.',
  another_unit: 'Plug the first unit in again, or begin anew with this one.',
  wrong_chip: 'Plug in an ESP32-S3 unit.',
  chip_locked: 'Set the unit aside; its chip takes no firmware over USB.',
  flash_too_small: 'This board has less flash than JamBox needs.',
  flash_write_failed: 'Try again; if it repeats, the flash chip is worn.',
  verify_failed: 'Try again; what was written reads back differently.',
  unit_silent: 'Press reset on the unit, then try again.',
  unit_refused: 'The unit answered with an error; read its words.',
  bringup_failed: 'Follow the hint beside the failed step.',
  cancelled: 'Nothing; it was stopped on purpose.',
} as const;

/** One code of the closed list. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** What may be attached to an {@link AppError}. */
export interface AppErrorOptions {
  /** What to do next, in the user's words; default: the code's general advice. */
  hint?: string;
  cause?: unknown;
  /** Seconds after which asking again makes sense; with `rate_limited`. */
  retryAfterS?: number;
  /** The words are not those of who shows it: another program's, in English. */
  isForeign?: boolean;
  /** With `conflict`: what is there now, in the form in which it is changed. */
  present?: unknown;
}

/** A failure with a machine-readable code, a sentence for people and a way out. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly retryAfterS: number | undefined;
  readonly isForeign: boolean;
  readonly present: unknown;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = options.hint ?? ERROR_CODES[code];
    this.retryAfterS = options.retryAfterS;
    this.isForeign = options.isForeign ?? false;
    this.present = options.present;
  }
}

/** The JSON body of every portal error answer. */
export interface ErrorBody {
  error: {
    code: ErrorCode;
    message: string;
    hint: string;
    request_id?: string;
    /** With `conflict`, where the present value could be told. */
    present?: unknown;
  };
}

/** `cause` as an AppError: itself if it is one, else wrapped under `code`. */
export function toAppError(cause: unknown, code: ErrorCode = 'internal'): AppError {
  if (cause instanceof AppError) return cause;
  // A sentence was written for people, by whoever calls.
  const isForeign = typeof cause !== 'string';
  return new AppError(code, wordsOf(cause), { cause, isForeign });
}

/** Some libraries throw objects of their own that have a message, and some objects are no text. */
function wordsOf(cause: unknown): string {
  const { message } = (cause ?? {}) as { message?: unknown };
  if (typeof message === 'string') return message;
  try {
    return String(cause);
  } catch {
    return 'an object without words';
  }
}
