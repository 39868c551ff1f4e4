/**
 * A unit's past as people look at it: a page of what it sent over a span, and the trail of who
 * changed what about it. Knows no HTTP and no SQL.
 */
import type { AuditAction } from '../../shared/contracts/audit.ts';
import { CONFIG_DEFAULTS } from '../../shared/contracts/config.ts';
import {
  HISTORY_DAYS_MAX,
  type TrailActor,
  type UnitHistory,
  type UnitTrail,
} from '../../shared/contracts/history.ts';
import type { Me } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';
import { isoTime, isoTimeMs, parseIsoUtc } from '../../shared/time.ts';
import { ADMIN_KEY_ACTOR, type AuditEntry, type Facts } from './audit.ts';
import { type FleetStore, visibleUnit } from './fleet.ts';
import { healthWords, reasonWord } from './heartbeat-words.ts';
import { keyIn, type PageQuery, paged } from './page.ts';
import { ownerFilter } from './person.ts';
import type { PastPage, PastQuestion } from './unit-past.ts';

/** What happened to units, and who may see it. */
export interface UnitPast {
  past(deviceId: string, question: PastQuestion): Promise<PastPage>;
  /** Ids of the locations that a person may look at. */
  placesOf(userId: string): Promise<ReadonlySet<string>>;
}

export interface UnitPastPorts {
  fleet: FleetStore;
  unitPast: UnitPast;
  trails: TrailStore;
}

const DAY_MS = 86_400_000;

/**
 * A page of a unit's history, from the newest part of the span back.
 * @throws AppError `not_found` for another owner's unit as for none, `invalid` for a span that is
 *   none
 */
export async function unitHistory(
  { fleet, unitPast }: UnitPastPorts,
  person: Me,
  id: string,
  query: PageQuery & { from?: string | undefined; until?: string | undefined },
  nowMs: number,
): Promise<UnitHistory> {
  const { fromS, untilS } = spanOf(query, nowMs);
  await visibleUnit(fleet, person, id);
  const owner = ownerFilter(person);
  const places = owner === undefined ? null : [...(await unitPast.placesOf(owner))];
  const beforeS = Math.min(untilS, keyIn(query.cursor, Number) ?? untilS);
  const question = { fromS: Math.min(fromS, beforeS), untilS: beforeS, limit: query.limit, places };
  const page = await unitPast.past(id, question);
  const { visits, ...signs } = page.readings;
  return {
    from: isoTime(page.fromS),
    until: isoTime(beforeS),
    first_at: page.firstMs === null ? null : isoTimeMs(page.firstMs),
    readings: person.role === 'installer' ? signs : { ...signs, visits },
    heartbeats: page.heartbeats.map((beat) => ({
      received_at: isoTimeMs(beat.received_ms),
      firmware: beat.firmware,
      uptime_s: beat.uptime_s,
      cell_rssi_dbm: beat.cell_rssi_dbm,
      battery_pct: beat.battery_pct,
      ...healthWords(beat),
    })),
    restarts: page.restarts.map(({ atMs, ran_s, start_reason }) => ({
      ...{ at: isoTimeMs(atMs), ran_s, ...reasonWord(start_reason) },
    })),
    firmware: page.firmware,
    next_cursor: page.fromS > question.fromS ? String(page.fromS) : null,
  };
}

/** Whole seconds. @throws AppError `invalid` */
function spanOf(
  { from, until }: { from?: string | undefined; until?: string | undefined },
  nowMs: number,
): { fromS: number; untilS: number } {
  const untilMs = until === undefined ? nowMs : Number(parseIsoUtc(until));
  const fromMs = from === undefined ? untilMs - DAY_MS : Number(parseIsoUtc(from));
  if (fromMs >= untilMs) throw new AppError('invalid', 'from must be before until');
  if (fromMs < 0) throw new AppError('invalid', 'from must not be before 1970');
  if (untilMs - fromMs > HISTORY_DAYS_MAX * DAY_MS) {
    const most = `from and until must not be more than ${HISTORY_DAYS_MAX} days apart`;
    throw new AppError('invalid', most);
  }
  return { fromS: Math.floor(fromMs / 1000), untilS: Math.ceil(untilMs / 1000) };
}

/** A change with what is known of who made it. */
export interface TrailEntry extends AuditEntry {
  /** null: nobody who is here now. */
  actor_role: 'owner' | 'staff' | 'installer' | 'admin' | null;
  actor_email: string | null;
  /** Whether he has a place together with whoever asks. */
  is_own_people: 0 | 1;
}

export interface TrailStore {
  /**
   * Newest first, those with an id below `beforeId`; for an owner those from when the unit was at
   * his locations: a move belongs to where it leads.
   * @param only these actions; null: all
   */
  trail(
    deviceId: string,
    filter: {
      ownerId: string | undefined;
      only: readonly AuditAction[] | null;
      beforeId: number | undefined;
      limit: number;
    },
  ): Promise<TrailEntry[]>;
}

/** What concerns whoever looks after a unit; tries and drafts of others are an operator's. */
const SHOWN: readonly AuditAction[] = [
  ...(['unit.register', 'unit.replace', 'unit.reissue', 'unit.activate', 'unit.rename'] as const),
  ...(['unit.move', 'unit.status', 'unit.config', 'unit.command', 'unit.pin'] as const),
  ...(['unit.unlock_pin', 'unit.clear_anomaly', 'unit.sums'] as const),
];

/**
 * Who changed what about a unit, newest first.
 * @throws AppError `not_found` for another owner's unit as for none
 */
export async function unitTrail(
  { fleet, unitPast, trails }: UnitPastPorts,
  person: Me,
  id: string,
  query: PageQuery,
): Promise<UnitTrail> {
  await visibleUnit(fleet, person, id);
  const ownerId = ownerFilter(person);
  const places = ownerId === undefined ? null : await unitPast.placesOf(ownerId);
  const only = person.role === 'admin' ? null : SHOWN;
  const beforeId = keyIn(query.cursor, Number);
  const { rows, next_cursor } = await paged(
    (limit) => trails.trail(id, { ownerId, only, beforeId, limit }),
    query.limit,
    (row) => String(row.id),
  );
  const facts = ({ before, after }: TrailEntry) =>
    person.role === 'admin' ? { before, after } : ownFacts(before, after, places);
  const changes = rows.map((row) => ({
    ...{ id: row.id, at: isoTimeMs(row.at_ms), by: actorFor(person, row), action: row.action },
    ...facts(row),
  }));
  return { changes, next_cursor };
}

/** Himself and his own people by name; of others what they are here. */
function actorFor({ user_id, role }: Me, row: TrailEntry): TrailActor {
  if (row.actor === user_id) return { is: 'you', email: null };
  if (row.actor === 'system') return { is: 'system', email: null };
  if (row.actor === ADMIN_KEY_ACTOR) return { is: 'operator', email: null };
  if (row.actor_role === null) return { is: 'somebody', email: null };
  const is = row.actor_role === 'admin' ? 'operator' : row.actor_role;
  const isOwn = role === 'owner' && row.is_own_people === 1 && (is === 'owner' || is === 'staff');
  return { is, email: role === 'admin' || isOwn ? row.actor_email : null };
}

const PLACE_FACTS = ['location_id', 'latitude', 'longitude'];
const SHOWN_FACTS = new Set<string>([
  ...Object.keys(CONFIG_DEFAULTS),
  ...['name', 'status', 'command', 'reason', 'firmware', 'from', 'to', 'counted'],
  ...PLACE_FACTS,
]);

/** What a page says of a change, without where the unit stood at others', or at nobody's. */
function ownFacts(before: Facts | null, after: Facts | null, places: ReadonlySet<string> | null) {
  const isElsewhere = (side: Facts | null) => {
    const at = side?.location_id;
    return places !== null && at !== undefined && !(typeof at === 'string' && places.has(at));
  };
  const shown = (side: Facts | null, isHidden: (name: string) => boolean) => {
    if (side === null) return null;
    const own = Object.entries(side).filter(([name]) => SHOWN_FACTS.has(name) && !isHidden(name));
    return Object.fromEntries(own);
  };
  const isOfPlace = (name: string) => PLACE_FACTS.includes(name);
  // The trail of a move names the old coordinates on both sides, though the unit comes without.
  const isBrought = (name: string) =>
    name !== 'location_id' && isElsewhere(before) && before?.[name] === after?.[name];
  return {
    before: shown(before, (name) => isOfPlace(name) && isElsewhere(before)),
    after: shown(after, (name) => isOfPlace(name) && (isElsewhere(after) || isBrought(name))),
  };
}
