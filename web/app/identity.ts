/**
 * A unit's identity: the token, born here and nowhere else, its hash, and the NVS image that
 * carries both into the unit's `fctry` partition. Knows no port and no backend. The token is
 * never logged, kept or returned apart from inside the image.
 */

import { writeNvs } from '../../shared/esp/nvs.ts';
import { sha256Hex } from '../../shared/hash.ts';

/** 256 bits: nobody guesses it, and its SHA-256 needs no salt. */
const TOKEN_BYTES = 32;
/** NVS namespace both apps read. */
const NAMESPACE = 'jambox';

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export interface Identity {
  /** NVS image for `fctry`; holds the token: {@link wipe} it once written. */
  image: Uint8Array;
  /** SHA-256 of the token's text, 64 lowercase hex digits: all the backend ever gets. */
  tokenSha256: string;
}

/** What the unit's modem needs to know of the region (shared/at/region.ts). */
export interface ModemRegion {
  apn: string;
  bands: string;
}

/** Where the unit posts to, and through which network. */
export interface DeviceEndpoint extends ModemRegion {
  host: string;
  port: number;
}

const text = (key: string, value: string) =>
  ({ namespace: NAMESPACE, key, type: 'string', value }) as const;

/** An image without an identity: all that the bring-up of a unit needs, which is nobody yet. */
export function modemImage({ apn, bands }: ModemRegion, imageBytes: number): Uint8Array {
  return writeNvs([text('apn', apn), text('bands', bands)], imageBytes);
}

/** A fresh identity with a fresh token in an image of `imageBytes`. */
export async function createIdentity(
  deviceId: string,
  endpoint: DeviceEndpoint,
  imageBytes: number,
): Promise<Identity> {
  const random = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  const text = base64url(random);
  wipe(random);
  try {
    const tokenSha256 = await sha256Hex(text);
    return { image: identityImage(deviceId, text, endpoint, imageBytes), tokenSha256 };
  } finally {
    wipe(text);
  }
}

/** Overwrites `bytes`. Copies the engine has made are out of reach; this one is not. */
export function wipe(bytes: Uint8Array): void {
  bytes.fill(0);
}

function identityImage(
  id: string,
  token: Uint8Array,
  endpoint: DeviceEndpoint,
  imageBytes: number,
): Uint8Array {
  return writeNvs(
    [
      text('id', id),
      // The writer takes text; this string is the one copy that cannot be overwritten.
      text('token', new TextDecoder().decode(token)),
      text('host', endpoint.host),
      { namespace: NAMESPACE, key: 'port', type: 'u16', value: BigInt(endpoint.port) },
      text('apn', endpoint.apn),
      text('bands', endpoint.bands),
    ],
    imageBytes,
  );
}

/** RFC 4648 section 5 without padding, as ASCII bytes, so that it can be wiped. */
function base64url(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(Math.ceil((bytes.length * 8) / 6));
  let [bits, held, at] = [0, 0, 0];
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      out[at++] = BASE64URL.charCodeAt((held >> bits) & 63);
      held &= (1 << bits) - 1;
    }
  }
  if (bits > 0) out[at] = BASE64URL.charCodeAt((held << (6 - bits)) & 63);
  return out;
}
