/**
 * How boot ROM and flasher stub say that a command failed, and the words for it. Knows answers, no
 * commands and no port.
 *
 * Sources: esptool's serial-protocol and its table of errors, esp-flasher-stub `commands.h`, and
 * both as recorded (shared/vectors/serial): the ROM's status is _failed, reason_ and two bytes of
 * no meaning; the reason of a success may be left over from an earlier failure. The stub's is
 * _error, 0_.
 */
import { msg, str } from '@lit/localize';
import { hexDigits } from '../../shared/bytes.ts';
import { AppError } from '../../shared/errors.ts';

export type LoaderKind = 'rom' | 'stub';

/** Errors of the stub that the flasher acts upon. */
export const STUB_ERROR = {
  dataLength: 0xc0,
  checksum: 0xc1,
  command: 0xc3,
  notInFlashMode: 0xc6,
} as const;

/** For a failure without a reason. */
const ROM_FAILED = 6;
const ROM_TEXT: Readonly<Record<number, () => string>> = {
  5: () => msg('the message was not understood'),
  6: () => msg('the command could not be carried out'),
  7: () => msg('the checksum is wrong'),
  8: () => msg('the flash could not be written'),
  9: () => msg('the flash could not be read'),
  10: () => msg('more was to be read than it can'),
  11: () => msg('the compressed data are damaged'),
  12: () => msg('the compressed data have a wrong check sum'),
};

const STUB_TEXT: Readonly<Record<number, () => string>> = {
  1: () => msg('the length or the place is wrong'),
  192: () => msg('a length is wrong, or data are missing'),
  193: () => msg('the checksum is wrong'),
  194: () => msg('the block size is wrong'),
  195: () => msg('the command is unknown'),
  196: () => msg('the place is out of range, or the flash chip did not obey'),
  197: () => msg('the flash chip cannot be unlocked'),
  198: () => msg('writing was not begun'),
  199: () => msg('the compressed data are damaged'),
  200: () => msg('too little data came'),
  201: () => msg('too much data came'),
  255: () => msg('the command is not implemented'),
};

/** The status at the end of an answer's data; 0 = done, else the error. */
export function readStatus(status: Uint8Array, loader: LoaderKind): number {
  const [first = 0, second = 0] = status;
  if (first === 0) return 0;
  if (loader === 'stub') return first;
  return second === 0 ? ROM_FAILED : second;
}

/** What `error` means, without a capital or a full stop, and its number. */
export function statusText(error: number, loader: LoaderKind): string {
  const known = (loader === 'rom' ? ROM_TEXT : STUB_TEXT)[error];
  const words = known?.() ?? msg('for a reason not known here');
  return `${words} (0x${hexDigits(error, 2).toUpperCase()})`;
}

/** A command that the chip answered with an error. */
export class LoaderRefusal extends AppError {
  readonly status: number;

  /** @param what it was to do, as in “The unit refused to …” */
  constructor(
    code: 'flash_write_failed' | 'unit_refused',
    what: string,
    status: number,
    by: LoaderKind,
  ) {
    super(code, msg(str`The unit refused to ${what}: ${statusText(status, by)}.`));
    this.status = status;
  }
}
