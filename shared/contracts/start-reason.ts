/** Why a unit started, as heartbeats number it and people name it. Knows no storage. */
import * as v from 'valibot';

/**
 * Numbers on the wire (firmware/core/restart/start_reason.h): append only. What a chip cannot tell
 * is 0; a later firmware may know more.
 */
export const START_REASONS = {
  /** Power came, or the reset button was pressed: to the chip that is the same. */
  power: 1,
  /** The voltage fell too low. */
  brownout: 2,
  /** The program failed. */
  crash: 3,
  /** The program stood still. */
  watchdog: 4,
  /** Somebody at the USB cable. */
  reset_line: 5,
  /** The backend's `reboot`. */
  command: 6,
  update: 7,
  /** Its own remedies: nothing got through for hours, a receiver did not listen, a wrong clock. */
  silence: 8,
  receiver: 9,
  clock: 10,
  /** The bench, over the console. */
  bench: 11,
} as const;

export type StartReason = keyof typeof START_REASONS;
const NAMES = Object.keys(START_REASONS) as [StartReason, ...StartReason[]];
export const StartReason = v.picklist(NAMES);

/** Which reason a number names; undefined: none that is known. */
export function startReasonOf(number: number | null | undefined): StartReason | undefined {
  return NAMES.find((name) => START_REASONS[name] === number);
}
