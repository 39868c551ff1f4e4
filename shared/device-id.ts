/**
 * Device ids as people type, paste and scan them: with spaces or dashes, lower case, the digits
 * alone, or the whole address of the label's QR code. What is not clear is refused, never cut.
 */
import { DEVICE_ID_PATTERN } from './contracts/common.ts';

/** The id that is meant, like `JBNB0042`; null where that is not clear. */
export function readDeviceId(typed: string): string | null {
  const text = typed.normalize('NFKC');
  const scanned = /\/activate\/([^/?#]+)/i.exec(text)?.[1];
  const plain = (scanned ?? text).replace(/[\s\p{Pd}_.\u200B\uFEFF]/gu, '').toUpperCase();
  // A prefix with fewer digits is a label cut short: which id it was cannot be known.
  const digits = /^(?:JBNB(?=\d{4}$))?(\d{1,4})$/.exec(plain)?.[1];
  if (digits === undefined) return null;
  const id = `JBNB${digits.padStart(4, '0')}`;
  return DEVICE_ID_PATTERN.test(id) ? id : null;
}
