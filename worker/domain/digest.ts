/**
 * SHA-256 at once, for the short texts of every request: handing a few dozen bytes to the platform
 * and waiting for them takes several times as long as hashing them here.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { toHex, utf8 } from '../../shared/bytes.ts';

/** Lower-case hex of the digest's first `bytes`; all 32 when left out. */
export function shortSha256Hex(text: string, bytes?: number): string {
  return toHex(sha256(utf8(text)).subarray(0, bytes));
}
