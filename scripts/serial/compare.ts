/**
 * A recorded answer and the one that came: equal, other contents, or another answer. Contents are
 * what a unit holds (registers, MAC, flash); the answer is everything that the loader says about
 * the command. Knows no port.
 */

import { RomReceiver } from '../../firmware/virtual/rom/receivers.ts';
import { bytesOf } from '../../firmware/virtual/testing/recording.ts';

export type Verdict = 'equal' | 'contents' | 'other';

const HEADER_BYTES = 8;
const RESPONSE = 1;
const READ_REG = 0x0a;
const MD5 = 0x13;
const READ_SLOW = 0x0e;
/** Commands whose answer holds what the unit holds. */
const WITH_CONTENTS: readonly number[] = [READ_REG, MD5, READ_SLOW];

/** @param statusBytes 4 from the ROM, 2 from a stub */
export function compare(recorded: string, came: string, statusBytes: number): Verdict {
  if (recorded === came) return 'equal';
  const [a, b] = [framesOf(recorded), framesOf(came)];
  if (a.length !== b.length || a.length === 0) return 'other';
  // both are of one length
  const alike = a.every((frame, i) => sameAnswer(frame, b[i]!, statusBytes));
  return alike ? 'contents' : 'other';
}

function framesOf(hex: string): Uint8Array[] {
  return new RomReceiver().push(bytesOf(hex));
}

/** The same but for values and data. Frames without a header are contents of flash. */
function sameAnswer(a: Uint8Array, b: Uint8Array, statusBytes: number): boolean {
  if (Buffer.compare(a, b) === 0) return true;
  if (a.length !== b.length) return false;
  const answers = a[0] === RESPONSE && b[0] === RESPONSE && a.length >= HEADER_BYTES + statusBytes;
  if (!answers) return true;
  // the ROM's last two status bytes are left over from longer answers
  const status = (frame: Uint8Array) => frame.subarray(frame.length - statusBytes).subarray(0, 2);
  const same = a[1] === b[1] && Buffer.compare(status(a), status(b)) === 0;
  // answers have a head
  return same && WITH_CONTENTS.includes(a[1]!);
}
