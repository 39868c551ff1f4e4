/**
 * Units as the admin API deals with them: registering one with a token made here and shown once, a
 * new token, the link to Hologram. The page makes tokens itself (unit.ts). Knows neither HTTP nor
 * SQL.
 */

import { AppError } from '../../shared/errors.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { type Change, type ChangeContext, unitChange } from './audit.ts';
import { type QueuedCommand, queuedCommand } from './command.ts';
import { type CredentialStore, reissueCredential } from './credential.ts';

export interface AdminUnitStore {
  /** False when somebody has or reserves the id. */
  add(
    unit: { id: string; token_sha256: string; registered_s: number },
    first: QueuedCommand,
    change: Change,
  ): Promise<boolean>;
  /** 'taken' when another unit has this Hologram device. */
  link(
    id: string,
    hologramDeviceId: number | null,
    change: Change,
  ): Promise<'linked' | 'no_unit' | 'taken'>;
}

/** Bytes of a token: nobody guesses 256 bits, and they fit the unit's request. */
const TOKEN_BYTES = 32;

/** A unit's new token, to show once, and what the store keeps of it. */
export interface IssuedToken {
  /** 43 characters base64url. */
  token: string;
  token_sha256: string;
}

async function issueToken(): Promise<IssuedToken> {
  const bytes = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  const base64 = btoa(String.fromCharCode(...bytes));
  const token = base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return { token, token_sha256: await sha256Hex(token) };
}

/** @returns the token, which nobody can ever read again @throws AppError `conflict` */
export async function registerByAdmin(
  store: AdminUnitStore,
  { actor, nowMs }: ChangeContext,
  deviceId: string,
): Promise<string> {
  const { token, token_sha256 } = await issueToken();
  const unit = { id: deviceId, token_sha256, registered_s: Math.floor(nowMs / 1000) };
  const first = queuedCommand(deviceId, 'send_now', nowMs, actor);
  const change = unitChange({ actor, nowMs }, 'unit.register', deviceId, { after: {} });
  if (await store.add(unit, first, change)) return token;
  throw new AppError('conflict', `${deviceId} is registered or reserved already.`, {
    hint: 'Choose another id, or regenerate its token.',
  });
}

/** The old token stops working at once. @throws AppError `not_found` */
export async function regenerateToken(
  store: CredentialStore,
  { actor, nowMs }: ChangeContext,
  deviceId: string,
): Promise<string> {
  const { token, token_sha256 } = await issueToken();
  await reissueCredential(store, { actor, nowMs }, deviceId, token_sha256);
  return token;
}

/** @throws AppError `not_found`, `conflict` */
export async function linkHologram(
  store: AdminUnitStore,
  { actor, nowMs }: ChangeContext,
  deviceId: string,
  hologramDeviceId: number | null,
): Promise<void> {
  const facts = { after: { hologram_device_id: hologramDeviceId } };
  const change = unitChange({ actor, nowMs }, 'unit.replace', deviceId, facts);
  const outcome = await store.link(deviceId, hologramDeviceId, change);
  if (outcome === 'no_unit') throw new AppError('not_found', 'There is no such unit.');
  if (outcome === 'taken') {
    throw new AppError('conflict', 'Another unit is linked to this Hologram device.', {
      hint: 'Set that unit’s hologram_device_id to null first.',
    });
  }
}
