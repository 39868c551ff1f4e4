/**
 * What a unit's own words say about it: when it was heard, with what signal, by which firmware.
 * Kept by its shard; the registry has a copy that may be hours old. Pure.
 */
import type { HeartbeatEntry } from './heartbeat.ts';
import type { KeptHeartbeat } from './shard-journal.ts';
import type { StoredReading } from './stored-reading.ts';
import { afterFetch, twinAfterHeartbeat, type UnitTwin } from './unit-twin.ts';

/** Of heartbeats. Unix seconds. */
export interface HeartbeatContact {
  first_s: number;
  last_s: number;
  firmware: string | null;
  cell_rssi_dbm: number | null;
  battery_pct: number | null;
  /** Bits of the receivers that do not listen, and since when one does not. */
  radio: number;
  radio_since_s: number | null;
}

/** Of the reading whose period is the newest, whenever it arrived. */
export interface NewestReading {
  period_start_s: number;
  variant: string;
  received_s: number;
  location_id: string | null;
  firmware: string | null;
  cell_rssi_dbm: number | null;
  battery_pct: number | null;
  overflow: number | null;
  cached: number | null;
  send_failures: number | null;
}

/** Of one token of a unit: with the next one it begins anew. */
export interface UnitContact {
  generation: number;
  heartbeat: HeartbeatContact | null;
  newest: NewestReading | null;
  /** When the first of its readings arrived, and the last. */
  first_reading_s: number | null;
  last_reading_s: number | null;
  /** Left out until it says something of it. */
  twin?: UnitTwin;
  /** Versions by its heartbeats and when it first named each, oldest first; the last ones. */
  firmwares?: readonly FirmwareWord[];
}

/** A version and when a unit began to name it. Unix seconds. */
export interface FirmwareWord {
  version: string;
  since_s: number;
}

/** Versions remembered of a unit: more than it gets in its life. */
const FIRMWARES_MAX = 24;

/** A contact as pages show it: heartbeats and readings together, the later word first. */
export interface Contact {
  device_id: string;
  generation: number;
  first_heartbeat_s: number | null;
  first_reading_s: number | null;
  last_seen_s: number | null;
  firmware: string | null;
  cell_rssi_dbm: number | null;
  battery_pct: number | null;
  radio: number;
  radio_since_s: number | null;
  newest: NewestReading | null;
  twin: UnitTwin | null;
}

export function noContact(generation: number): UnitContact {
  return { generation, heartbeat: null, newest: null, first_reading_s: null, last_reading_s: null };
}

/** After a reading; the same again changes nothing. One of another token is not its business. */
export function afterReading(contact: UnitContact, reading: StoredReading): UnitContact {
  if (reading.generation !== contact.generation) return contact;
  const { received_s } = reading;
  return {
    ...contact,
    newest: isNewer(reading, contact.newest) ? newestOf(reading) : contact.newest,
    first_reading_s: Math.min(contact.first_reading_s ?? received_s, received_s),
    last_reading_s: Math.max(contact.last_reading_s ?? received_s, received_s),
  };
}

/** After a heartbeat. What it does not mention stays as it was, except broken receivers. */
export function afterHeartbeat(contact: UnitContact, entry: HeartbeatEntry): UnitContact {
  const { heartbeat, received_ms } = entry;
  const nowS = Math.floor(received_ms / 1000);
  const before = contact.heartbeat;
  const radio = brokenOf(entry) ?? 0;
  const twin = twinAfterHeartbeat(contact.twin, entry);
  const firmwares = firmwaresAfter(contact, heartbeat.firmware, nowS);
  return {
    ...contact,
    ...(twin && { twin }),
    ...(firmwares && { firmwares }),
    heartbeat: {
      // Of two requests side by side the later one may bear the earlier time.
      first_s: Math.min(before?.first_s ?? nowS, nowS),
      last_s: Math.max(before?.last_s ?? nowS, nowS),
      firmware: heartbeat.firmware ?? before?.firmware ?? null,
      cell_rssi_dbm: heartbeat.cell_rssi_dbm ?? before?.cell_rssi_dbm ?? null,
      battery_pct: heartbeat.battery_pct ?? before?.battery_pct ?? null,
      radio,
      radio_since_s: radio === 0 ? null : (before?.radio_since_s ?? nowS),
    },
  };
}

/** Since when it had what it had before this was kept, its heartbeats may say. */
function firmwaresAfter(
  { firmwares, heartbeat }: UnitContact,
  version: string | undefined,
  nowS: number,
): UnitContact['firmwares'] {
  const last = firmwares?.at(-1)?.version ?? heartbeat?.firmware;
  if (version === undefined || version === last) return firmwares;
  return [...(firmwares ?? []), { version, since_s: nowS }].slice(-FIRMWARES_MAX);
}

/** After it was given its configuration, of that version. */
export function afterConfig(contact: UnitContact, version: number, nowS: number): UnitContact {
  return { ...contact, twin: afterFetch(contact.twin, version, nowS) };
}

/** @param location_id where the unit stood */
export function keptHeartbeat(entry: HeartbeatEntry, location_id: string | null): KeptHeartbeat {
  const { firmware, uptime_s, cell_rssi_dbm, battery_pct } = entry.heartbeat;
  const { free_kib, free_min_kib, start_reason } = entry.heartbeat;
  return {
    received_ms: entry.received_ms,
    firmware: firmware ?? null,
    uptime_s: uptime_s ?? null,
    cell_rssi_dbm: cell_rssi_dbm ?? null,
    battery_pct: battery_pct ?? null,
    radio: brokenOf(entry),
    free_kib: free_kib ?? null,
    free_min_kib: free_min_kib ?? null,
    start_reason: start_reason ?? null,
    location_id,
  };
}

/** Bits of the receivers that do not listen. 6.0 leaves out what works; 5.x never says. */
function brokenOf({ heartbeat, acknowledges }: HeartbeatEntry): number | null {
  return acknowledges ? (heartbeat.radio ?? 0) : null;
}

/** @param firmware the registry's word, from before the unit spoke for itself */
export function contactOf(id: string, contact: UnitContact, firmware: string | null): Contact {
  const { generation, heartbeat, newest, first_reading_s } = contact;
  const isReadingLast = (newest?.received_s ?? 0) > (heartbeat?.last_s ?? 0);
  const [later, earlier] = isReadingLast ? [newest, heartbeat] : [heartbeat, newest];
  return {
    device_id: id,
    generation,
    first_heartbeat_s: heartbeat?.first_s ?? null,
    first_reading_s,
    last_seen_s: lastSeenS(contact),
    firmware: later?.firmware ?? earlier?.firmware ?? firmware,
    cell_rssi_dbm: newest?.cell_rssi_dbm ?? heartbeat?.cell_rssi_dbm ?? null,
    battery_pct: later?.battery_pct ?? earlier?.battery_pct ?? null,
    radio: heartbeat?.radio ?? 0,
    radio_since_s: heartbeat?.radio_since_s ?? null,
    newest,
    twin: contact.twin ?? null,
  };
}

/** When it was last heard, by a reading or a heartbeat. Unix seconds. */
export function lastSeenS({ heartbeat, last_reading_s }: UnitContact): number | null {
  const seenS = Math.max(heartbeat?.last_s ?? 0, last_reading_s ?? 0);
  return seenS === 0 ? null : seenS;
}

function isNewer(reading: StoredReading, newest: NewestReading | null): boolean {
  if (newest === null || reading.period_start_s > newest.period_start_s) return true;
  return reading.period_start_s === newest.period_start_s && reading.variant > newest.variant;
}

function newestOf({ period_start_s, variant, received_s, location_id, values }: StoredReading) {
  const { firmware, cell_rssi_dbm, battery_pct, overflow, cached, send_failures } = values;
  const signs = { overflow, cached, send_failures };
  const said = { firmware, cell_rssi_dbm, battery_pct };
  return { period_start_s, variant, received_s, location_id, ...said, ...signs };
}
