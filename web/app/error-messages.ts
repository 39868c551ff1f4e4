/**
 * The one place that turns an error into words for a person and the action to offer. Knows every
 * code of the closed list, and no page.
 */
import { msg } from '@lit/localize';
import { ERROR_CODES, type ErrorCode, toAppError } from '../../shared/errors.ts';
import { errorWords } from './error-words.ts';

/** What the page can offer beside the words. `none`: reading them is all. */
export type ErrorAction =
  | 'retry'
  | 'choose-port'
  | 'sign-in'
  | 'change-id'
  | 'reload'
  | 'virtual-unit'
  | 'erase'
  | 'none';

export interface ErrorDescription {
  /** A few words, sentence case, no full stop. */
  title: string;
  /** What happened. */
  message: string;
  /** What to do. */
  advice: string;
  action: ErrorAction;
}

type Description = [title: string, action: ErrorAction, advice?: string];

const DESCRIPTIONS: Record<ErrorCode, () => Description> = {
  invalid: () => [msg('That does not look right'), 'change-id'],
  too_large: () => [msg('Too much at once'), 'none'],
  unauthenticated: () => [
    msg('Please sign in'),
    'sign-in',
    msg('Sign in, then try again. Nothing was written.'),
  ],
  forbidden: () => [msg('Your role does not allow this'), 'none'],
  not_found: () => [msg('Not found'), 'none'],
  conflict: () => [
    msg('This id is taken'),
    'change-id',
    msg('Choose another id, or replace the unit that has it on purpose.'),
  ],
  rate_limited: () => [msg('Too many attempts'), 'retry'],
  unavailable: () => [msg('No connection to the server'), 'retry'],
  internal: () => [msg('Something went wrong in JamBench'), 'reload'],
  storage_full: () => [msg('This browser has no room'), 'retry'],
  image_truncated: () => [
    msg('The firmware is incomplete'),
    'reload',
    msg('Reload the page to fetch it again.'),
  ],
  image_corrupt: () => [
    msg('The firmware is damaged'),
    'reload',
    msg('Reload the page to fetch it again.'),
  ],
  image_wrong_chip: () => [msg('The firmware is for another chip'), 'none'],
  image_wrong_target: () => [msg('The firmware is for another kind of unit'), 'none'],
  image_too_big: () => [msg('The firmware does not fit'), 'none'],
  image_too_old: () => [
    msg('The firmware is too old for this unit'),
    'none',
    msg('Ask whoever runs this server for a newer firmware bundle. Nothing was erased.'),
  ],
  other_layout: () => [msg('The unit’s flash is divided in another way'), 'erase'],
  bundle_missing: () => [
    msg('No firmware for this unit'),
    'virtual-unit',
    msg(
      'Ask whoever runs this server to install the firmware bundle; a virtual unit works without.',
    ),
  ],
  // which browser does, is the error's own hint: web/app/serial-browsers.ts
  serial_unsupported: () => [msg('This browser cannot reach USB'), 'virtual-unit'],
  port_not_chosen: () => [
    msg('No unit chosen'),
    'choose-port',
    msg('Press Connect and pick the unit in the list.'),
  ],
  which_port: () => [
    msg('Which port is the unit’s?'),
    'choose-port',
    msg('Unplug the other units, or press Connect and pick this one in the list.'),
  ],
  port_busy: () => [
    msg('The port is in use'),
    'retry',
    msg('Close the other program or tab that uses the unit, then try again.'),
  ],
  port_lost: () => [
    msg('The unit is gone'),
    'retry',
    msg('Plug the unit in again, then press Try again. What was already written is kept.'),
  ],
  no_sync: () => [
    msg('The unit does not answer'),
    'retry',
    msg('Hold the side button while plugging the unit in, then press Try again.'),
  ],
  another_unit: () => [
    msg('That is another unit'),
    'none',
    msg('Plug the first unit in again, or begin anew with this one.'),
  ],
  wrong_chip: () => [
    msg('This is not a JamBox unit'),
    'choose-port',
    msg('Plug in a unit with an ESP32-S3.'),
  ],
  chip_locked: () => [
    msg('This unit is locked'),
    'choose-port',
    msg('Set it aside for whoever delivered it, and take another one. Nothing was erased.'),
  ],
  flash_too_small: () => [msg('Not enough flash'), 'choose-port'],
  flash_write_failed: () => [msg('Writing failed'), 'retry'],
  verify_failed: () => [msg('Reads back differently'), 'retry'],
  unit_silent: () => [
    msg('The unit stopped answering'),
    'retry',
    msg('Press its side button, then Try again.'),
  ],
  unit_refused: () => [msg('The unit refused'), 'retry'],
  bringup_failed: () => [msg('The modem did not come up'), 'retry'],
  cancelled: () => [
    msg('Stopped'),
    'retry',
    msg('Press Try again to start over. What was written is kept.'),
  ],
};

/** Words for whatever was thrown. A hint given with the error beats the general advice. */
export function describeError(cause: unknown): ErrorDescription {
  const error = toAppError(cause);
  const [title, action, advice] = DESCRIPTIONS[error.code]();
  const { what, next } = errorWords(error);
  const isGeneral = error.isForeign || error.hint === ERROR_CODES[error.code];
  return { title, message: what, advice: (isGeneral && advice) || next, action };
}
