/**
 * Who a unit is to the backend: its row's facts, proof of its token, a new token, and which
 * generation of the wire it speaks. Knows no HTTP and no SQL.
 */
import type { ConfigChange } from '../../shared/contracts/config.ts';
import { AppError } from '../../shared/errors.ts';
import { type Change, type ChangeContext, unitChange } from './audit.ts';
import { type QueuedCommand, queuedCommand } from './command.ts';

/** What one round trip brings back about the unit that sent something. */
export interface UnitFacts {
  token_sha256: string;
  status: 'active' | 'inactive' | 'maintenance';
  config_version: number;
  /** 1 while the unit has a flag for sending too much (anomaly.ts). */
  floods: 0 | 1;
  /**
   * What somebody ever set of its configuration; in answers only where it was asked for. Left out:
   * not known, the registry has it.
   */
  changed?: ConfigChange;
}

/** Who a request says it is: an id and the SHA-256 of the token it carried, 64 hex digits. */
export interface Credential {
  device_id: string;
  token_sha256: string;
}

/** Looks up a unit without writing anything. */
export interface UnitFinder {
  facts(deviceId: string): Promise<UnitFacts | null>;
  /** Whether some unit that is not inactive holds the token with this SHA-256. */
  isHeld(tokenSha256: string): Promise<boolean>;
}

export interface CredentialStore {
  /** New hash, first contacts forgotten, `first` queued; false when there is no such unit. */
  reissue(id: string, sha256: string, first: QueuedCommand, change: Change): Promise<boolean>;
}

const NO_TOKEN_SHA256 = '0'.repeat(64);

/**
 * The facts, if the credential proves them. One error for unknown unit, wrong token and inactive
 * unit alike, so that an answer never shows which ids exist.
 * @throws AppError `unauthenticated`
 */
export function proveUnit(facts: UnitFacts | null, credential: Credential): UnitFacts {
  if (!isProven(facts, credential)) throw notAuthenticated();
  return facts;
}

/** Whether the credential proves them. Takes as long for an unknown unit as for a wrong token. */
export function isProven(facts: UnitFacts | null, credential: Credential): facts is UnitFacts {
  const held = facts?.token_sha256 ?? NO_TOKEN_SHA256;
  const matches = equalInConstantTime(held, credential.token_sha256);
  return matches && facts !== null && facts.status !== 'inactive';
}

/** The one answer to every failed authentication of a unit. */
export function notAuthenticated(): AppError {
  return new AppError('unauthenticated', 'unknown unit or wrong token');
}

/** Firmware 6 and later acknowledges commands; v5.x gets one once, and counts as having obeyed. */
export function acknowledges(firmware: string | undefined, seq?: number): boolean {
  return seq !== undefined || Number.parseInt(firmware ?? '0', 10) >= 6;
}

/** Looks at every character whatever it finds, so that time does not show where they differ. */
export function equalInConstantTime(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < b.length; i += 1) {
    difference |= (a.charCodeAt(i % a.length) || 0) ^ b.charCodeAt(i);
  }
  return difference === 0;
}

/**
 * Gives a unit a new token: the old one stops working at once.
 * @throws AppError `not_found`
 */
export async function reissueCredential(
  store: CredentialStore,
  { actor, nowMs }: ChangeContext,
  id: string,
  tokenSha256: string,
): Promise<void> {
  const first = queuedCommand(id, 'send_now', nowMs, actor);
  const change = unitChange({ actor, nowMs }, 'unit.reissue', id, {});
  if (await store.reissue(id, tokenSha256, first, change)) return;
  throw new AppError('not_found', 'There is no such unit.');
}
