/**
 * The one place that turns an error into words for a person and the action to offer. Knows every
 * code of the closed list, and no page.
 */
import { AppError, type ErrorCode, toAppError } from '../../shared/errors.ts';

/** What the page can offer beside the words. `none`: reading them is all. */
export type ErrorAction =
  | 'retry'
  | 'choose-port'
  | 'sign-in'
  | 'change-id'
  | 'reload'
  | 'virtual-unit'
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

const DESCRIPTIONS: Record<ErrorCode, [title: string, action: ErrorAction, advice?: string]> = {
  invalid: ['That does not look right', 'change-id'],
  too_large: ['Too much at once', 'none'],
  unauthenticated: ['Please sign in', 'sign-in', 'Sign in, then try again. Nothing was written.'],
  forbidden: ['Your role does not allow this', 'none'],
  not_found: ['Not found', 'none'],
  conflict: [
    'This id is taken',
    'change-id',
    'Choose another id, or replace the unit that has it on purpose.',
  ],
  rate_limited: ['Too many attempts', 'retry'],
  unavailable: ['No connection to the server', 'retry'],
  internal: ['Something went wrong in JamBench', 'reload'],
  storage_full: ['This browser has no room', 'retry'],
  image_truncated: ['The firmware is incomplete', 'reload', 'Reload the page to fetch it again.'],
  image_corrupt: ['The firmware is damaged', 'reload', 'Reload the page to fetch it again.'],
  image_wrong_chip: ['The firmware is for another chip', 'none'],
  image_wrong_target: ['The firmware is for another kind of unit', 'none'],
  image_too_big: ['The firmware does not fit', 'none'],
  bundle_missing: [
    'No firmware for this unit',
    'virtual-unit',
    'Ask whoever runs this server to install the firmware bundle; a virtual unit works without.',
  ],
  serial_unsupported: [
    'This browser cannot reach USB',
    'virtual-unit',
    'Open this page in Chrome, Edge, Opera or Firefox (151 or later) on a computer, or in Chrome ' +
      '(138 or later) on Android. A virtual unit works here, too.',
  ],
  port_not_chosen: [
    'No unit chosen',
    'choose-port',
    'Press Connect and pick the unit in the list.',
  ],
  which_port: [
    'Which port is the unit’s?',
    'choose-port',
    'Unplug the other units, or press Connect and pick this one in the list.',
  ],
  port_busy: [
    'The port is in use',
    'retry',
    'Close the other program or tab that uses the unit, then try again.',
  ],
  port_lost: [
    'The unit is gone',
    'retry',
    'Plug the unit in again, then press Try again. What was already written is kept.',
  ],
  no_sync: [
    'The unit does not answer',
    'retry',
    'Hold the side button while plugging the unit in, then press Try again.',
  ],
  another_unit: [
    'That is another unit',
    'none',
    'Plug the first unit in again, or begin anew with this one.',
  ],
  wrong_chip: ['This is not a JamBox unit', 'choose-port', 'Plug in a unit with an ESP32-S3.'],
  flash_too_small: ['Not enough flash', 'choose-port'],
  flash_write_failed: ['Writing failed', 'retry'],
  verify_failed: ['Reads back differently', 'retry'],
  unit_silent: ['The unit stopped answering', 'retry', 'Press its side button, then Try again.'],
  unit_refused: ['The unit refused', 'retry'],
  bringup_failed: ['The modem did not come up', 'retry'],
  cancelled: ['Stopped', 'retry', 'Press Try again to start over. What was written is kept.'],
};

/** Words for whatever was thrown. A hint given with the error beats the general advice. */
export function describeError(cause: unknown): ErrorDescription {
  const error = toAppError(cause);
  const [title, action, advice] = DESCRIPTIONS[error.code];
  const general = advice ?? error.hint;
  const ownHint = error.hint !== new AppError(error.code, '').hint;
  return { title, message: error.message, advice: ownHint ? error.hint : general, action };
}
