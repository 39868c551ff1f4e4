/**
 * The audit trail: who changed what, when, from what to what. Every store that changes something on
 * behalf of a person or a key takes a Change and writes it in the same batch, so that there is
 * neither a change without a trace nor a trace without a change. Knows no HTTP and no SQL.
 */

import type { InferOutput } from 'valibot';
import type { AuditAction, AuditPage, AuditQuery } from '../../shared/contracts/audit.ts';
import type { Me } from '../../shared/contracts/portal.ts';
import { isoTimeMs } from '../../shared/time.ts';
import { keyIn, type PageQuery, paged } from './page.ts';

/** Who acts: a person's user id, `admin-key` for the admin API, `system` for a job. */
export type Actor = string;
export const ADMIN_KEY_ACTOR: Actor = 'admin-key';

/** One change. `before` and `after` hold what changed and never a secret: no token, hash or PIN. */
export interface Change {
  at_ms: number;
  actor: Actor;
  action: AuditAction;
  /** Kind and id, like `unit:JBNB0001`. */
  target: string;
  before: Facts | null;
  after: Facts | null;
}

export type Facts = Record<string, string | number | boolean | null | number[]>;

/** Names that must never become part of the trail, wherever they come from. */
const SECRET = /token|secret|pin|hash|sha256|key|bssid/i;

/** Who changes something, and when: Unix milliseconds by the backend's clock. */
export interface ChangeContext {
  actor: Actor;
  nowMs: number;
}

/** The same for a change whose rules depend on the person. */
export interface PersonContext {
  person: Me;
  nowMs: number;
}

/** A change of a unit. @throws nothing; leaves out what looks secret */
export function unitChange(
  { actor, nowMs }: ChangeContext,
  action: AuditAction,
  deviceId: string,
  facts: { before?: Facts | null; after?: Facts | null },
): Change {
  return changeOf({ actor, nowMs }, action, `unit:${deviceId}`, facts);
}

/** A change of anything. */
export function changeOf(
  { actor, nowMs }: ChangeContext,
  action: AuditAction,
  target: string,
  { before = null, after = null }: { before?: Facts | null; after?: Facts | null },
): Change {
  return {
    at_ms: nowMs,
    actor,
    action,
    target,
    before: withoutSecrets(before),
    after: withoutSecrets(after),
  };
}

function withoutSecrets(facts: Facts | null): Facts | null {
  if (!facts) return null;
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !SECRET.test(name)));
}

export interface AuditEntry extends Change {
  id: number;
}

export interface AuditStore {
  /** A trace of something that changed nothing, like a refused try. */
  add(entry: Change): Promise<void>;
  /** Newest first, those with an id below `beforeId`. */
  list(filter: AuditFilter): Promise<AuditEntry[]>;
}

export interface AuditFilter {
  target: string | undefined;
  action: AuditAction | undefined;
  actor: Actor | undefined;
  /** Unix milliseconds: from then on, and before then. */
  sinceMs: number | undefined;
  untilMs: number | undefined;
  beforeId: number | undefined;
  limit: number;
}

/** A page of the trail, newest first. */
export async function listChanges(
  store: AuditStore,
  query: PageQuery & InferOutput<typeof AuditQuery>,
): Promise<AuditPage> {
  const beforeId = keyIn(query.cursor, Number);
  const { target, action, actor } = query;
  const at = (time: string | undefined) => (time === undefined ? undefined : Date.parse(time));
  const between = { sinceMs: at(query.since), untilMs: at(query.until) };
  const ask = (limit: number) => store.list({ target, action, actor, ...between, beforeId, limit });
  const { rows, next_cursor } = await paged(ask, query.limit, ({ id }) => String(id));
  const changes = rows.map(({ at_ms, ...row }) => ({ at: isoTimeMs(at_ms), ...row }));
  return { changes, next_cursor };
}
