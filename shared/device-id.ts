/**
 * Device ids as people type, paste and scan them: with spaces or dashes, lower case, the digits
 * alone, or the whole address of the label's QR code. What is not clear is refused, never cut.
 */
import { DEVICE_ID_PATTERN, DEVICE_NUMBER_MAX } from './contracts/common.ts';

/** An address of a label with its secret has some eighty; the patterns below are for short text. */
const TYPED_MAX = 512;

/** The id of a number, which is a whole one; null for a number that no unit can have. */
export function deviceIdOf(number: number): string | null {
  if (number < 0 || number > DEVICE_NUMBER_MAX) return null;
  return `JBNB${String(number).padStart(4, '0')}`;
}

/** The id that is meant, like `JBNB0042`; null where that is not clear. */
export function readDeviceId(typed: string): string | null {
  if (typed.length > TYPED_MAX) return null;
  // \p{Cf}: what joins, directs and hides text, as chats and word processors put it between signs.
  const text = typed.normalize('NFKC').replace(/[\p{Cf}\0]/gu, '');
  const [scanned, another] = text.matchAll(/\/activate\/([^/?#]+)/gi);
  if (another) return null;
  const plain = unwrapped(scanned?.[1] ?? text)
    .replace(/[\s\p{Pd}\u2212_.]/gu, '')
    .toUpperCase();
  // A prefix with fewer digits is a label cut short: which id it was cannot be known.
  const digits = /^(?:JBNB(?=\d{4}))?(\d{1,8})$/.exec(plain)?.[1];
  if (digits === undefined) return null;
  // More than four must stand together as they do on the label: `1042 7` may be two numbers.
  if (digits.length > 4 && !typed.normalize('NFKC').includes(digits)) return null;
  const id = `JBNB${digits.padStart(4, '0')}`;
  return DEVICE_ID_PATTERN.test(id) ? id : null;
}

/** What a label, a scanner or a cell of a table puts in front of a serial number. */
const LABEL =
  /^(?:(?:device|unit|serial|jambox)\s*)?(?:id|no|nr|number|sn|s\/n|device|unit)\s*[.:#=]+\s*/i;
const AROUND = /^[\s"'“”„‘’«»()<>[\],;:#]+|[\s"'“”„‘’«»()<>[\],;:#]+$/gu;

/** `text` without a label in front of it, and without quotes, brackets and separators around it. */
function unwrapped(text: string): string {
  return text.replace(AROUND, '').replace(LABEL, '').replace(AROUND, '');
}
