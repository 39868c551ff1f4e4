/** The two receivers of a unit, as heartbeats and people name them. Knows no storage. */
import * as v from 'valibot';

/** Receivers of a unit, and the bit of each that does not listen (firmware/core/capture). */
export const RECEIVERS = { wifi: 1, bluetooth: 2 } as const;
/** Every bit there is today. */
export const ALL_RECEIVERS = 3;
export const Receiver = v.picklist(['wifi', 'bluetooth']);
export type Receiver = v.InferOutput<typeof Receiver>;

/** Which receivers the bits name. */
export function receiversOf(bits: number): Receiver[] {
  return Receiver.options.filter((name) => (bits & RECEIVERS[name]) !== 0);
}
