/** SHA-256, as bytes and in hex. The platform computes it; knows nothing of what is hashed. */
import { toHex } from './bytes.ts';

/** @param data text is hashed as UTF-8 */
export async function sha256(data: string | Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** Lower-case hex of the digest's first `bytes`; all 32 when left out. */
export async function sha256Hex(data: string | Uint8Array, bytes?: number): Promise<string> {
  return toHex((await sha256(data)).subarray(0, bytes));
}
