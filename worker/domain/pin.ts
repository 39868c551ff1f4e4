/**
 * What a unit's label proves: four digits to type, and in the QR code of newer labels 128 bits that
 * nobody types. Ten thousand possibilities are no secret to a hash, so hashes are keyed
 * (HMAC-SHA-256 with a secret outside the database) and bound to the unit; neither PIN nor secret
 * is ever kept. How often somebody may guess, worker/domain/activation.ts says. Knows no HTTP and
 * no SQL.
 */

import { toHex } from '../../shared/bytes.ts';
import { AppError } from '../../shared/errors.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { type Change, type ChangeContext, unitChange } from './audit.ts';
import { equalInConstantTime } from './credential.ts';

/** 128 bits in hex; a shorter pepper would be the weak part. */
const PEPPER_MIN = 32;

/** Keyed hashes, 64 lowercase hex digits each. */
export interface PinHashes {
  pin_hmac: string;
  /** null for labels whose QR code carries no secret. */
  secret_hmac: string | null;
}

/** Hashes to keep, and which pepper keyed them. */
export interface NewPinHashes extends PinHashes {
  pepper_id: string;
}

export interface PinStore {
  /** Sets the hashes; false when there is no such unit. */
  set(deviceId: string, hashes: NewPinHashes, change: Change): Promise<boolean>;
  /** Null when the unit has no PIN, or there is no such unit. */
  find(deviceId: string): Promise<PinHashes | null>;
}

/** The store of hashes, and what keys them. */
export interface PinPorts {
  pins: PinStore;
  pinPepper: string | undefined;
  /** The one before, during a change of pepper. */
  pinPepperOld?: string | undefined;
}

/** What somebody read off a label: the digits, or the QR code's secret. */
export type LabelProof = { pin: string } | { secret: string };

/** HMAC-SHA-256 over unit and PIN (or secret), lowercase hex. @throws AppError `internal` */
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

/**
 * Gives a unit its PIN, and its label's secret or none.
 * @throws AppError `not_found`, `internal` without a pepper
 */
export async function setPin(
  { pins, pinPepper: pepper }: PinPorts,
  by: ChangeContext,
  deviceId: string,
  label: { pin: string; secret?: string | undefined },
): Promise<void> {
  const change = unitChange(by, 'unit.pin', deviceId, {});
  const hashes = {
    pin_hmac: await pinHmac(pepper, deviceId, label.pin),
    secret_hmac: label.secret ? await pinHmac(pepper, deviceId, label.secret) : null,
    pepper_id: await pepperId(pepper ?? ''),
  };
  if (await pins.set(deviceId, hashes, change)) return;
  throw new AppError('not_found', 'There is no such unit.');
}

/** Eight hex digits that name a pepper of 32 characters or more, and give nothing of it away. */
export const pepperId = (pepper: string) => sha256Hex(`pepper:${pepper}`, 4);

/** No hash: what stands in for one that is missing, so that every look takes as long. */
const NONE = '0'.repeat(64);

/**
 * Whether the label is this unit's. Unknown unit, unit without a PIN and wrong PIN take the same
 * steps. During a change of pepper, labels keyed with the old one prove as well.
 * @throws AppError `internal` without a pepper
 */
export async function provesLabel(
  { pins, pinPepper, pinPepperOld }: PinPorts,
  deviceId: string,
  proof: LabelProof,
): Promise<boolean> {
  const words = 'pin' in proof ? proof.pin : proof.secret;
  const given = await pinHmac(pinPepper, deviceId, words);
  const before = pinPepperOld ? await pinHmac(pinPepperOld, deviceId, words) : given;
  const found = await pins.find(deviceId);
  const kept = 'pin' in proof ? found?.pin_hmac : found?.secret_hmac;
  const isNow = equalInConstantTime(kept ?? NONE, given);
  const wasBefore = equalInConstantTime(kept ?? NONE, before);
  return (isNow || wasBefore) && kept != null;
}
