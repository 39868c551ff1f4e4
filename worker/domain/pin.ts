/**
 * The four digits on a unit's label. Ten thousand possibilities are no secret to a hash, so the
 * hash is keyed (HMAC-SHA-256 with a secret outside the database) and bound to the unit, and five
 * wrong tries lock it for an hour. The PIN itself is never kept. Knows no HTTP and no SQL.
 */

import { AppError } from '../../shared/errors.ts';
import { toHex } from '../../shared/esp/bytes.ts';
import { type Change, unitChange } from './audit.ts';
import { equalInConstantTime } from './device.ts';

export const WRONG_TRIES_MAX = 5;
export const LOCK_S = 3600;
/** 128 bits in hex; a shorter pepper would be the weak part. */
const PEPPER_MIN = 32;

export interface PinState {
  pin_hmac: string;
  locked_until_s: number;
}

export interface PinStore {
  /** Sets the hash and forgets wrong tries; false when there is no such unit. */
  set(deviceId: string, pinHmac: string, change: Change): Promise<boolean>;
  /**
   * Counts one try before it is judged, so that tries at once cannot outrun the lock: the fifth in
   * a row locks until `lockUntilS`. Null when there is no PIN. `locked_until_s` is as it was before
   * this try; a locked PIN counts nothing.
   */
  begin(deviceId: string, nowS: number, lockUntilS: number): Promise<PinState | null>;
  /** The try was right: forgets the wrong ones and lifts the lock that it set itself. */
  succeed(deviceId: string): Promise<void>;
}

/** HMAC-SHA-256 over unit and PIN, 64 lowercase hex digits. @throws AppError `internal` */
export async function pinHmac(
  pepper: string | undefined,
  deviceId: string,
  pin: string,
): Promise<string> {
  if (!pepper || pepper.length < PEPPER_MIN) {
    throw new AppError('internal', `PIN_PEPPER must have ${PEPPER_MIN} characters or more.`);
  }
  const bytes = (text: string) => new TextEncoder().encode(text);
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes(pepper), algorithm, false, ['sign']);
  const mac = await crypto.subtle.sign('HMAC', key, bytes(`${deviceId}:${pin}`));
  return toHex(new Uint8Array(mac));
}

/** Gives a unit its PIN. @throws AppError `not_found`, `internal` without a pepper */
export async function setPin(
  store: PinStore,
  pepper: string | undefined,
  who: { actor: string; deviceId: string },
  pin: string,
  nowMs: number,
): Promise<void> {
  const { actor, deviceId } = who;
  const change = unitChange(actor, 'unit.pin', deviceId, {}, nowMs);
  const hmac = await pinHmac(pepper, deviceId, pin);
  if (await store.set(deviceId, hmac, change)) return;
  throw new AppError('not_found', 'There is no such unit.');
}

/**
 * One try at a PIN. Unknown unit, unit without a PIN and wrong PIN are one answer.
 * @throws AppError `unauthenticated` when wrong, `rate_limited` while locked
 */
export async function tryPin(
  store: PinStore,
  pepper: string | undefined,
  deviceId: string,
  pin: string,
  nowMs: number,
): Promise<void> {
  const nowS = Math.floor(nowMs / 1000);
  const given = await pinHmac(pepper, deviceId, pin);
  const state = await store.begin(deviceId, nowS, nowS + LOCK_S);
  if (state && state.locked_until_s > nowS) {
    const retryAfterS = state.locked_until_s - nowS;
    throw new AppError('rate_limited', 'Too many wrong PINs; this unit is locked for an hour.', {
      hint: `Try again in ${Math.ceil(retryAfterS / 60)} minutes.`,
      retryAfterS,
    });
  }
  const right = equalInConstantTime(state?.pin_hmac ?? '0'.repeat(64), given) && state !== null;
  if (!right) {
    throw new AppError('unauthenticated', 'Unknown unit or wrong PIN.', {
      hint: 'Check the four digits on the label.',
    });
  }
  await store.succeed(deviceId);
}
