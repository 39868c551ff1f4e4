/**
 * What the admin API lists in bulk: units, readings, heartbeats, counts. Paged by the key of the
 * last row, so that a page costs the same wherever it is. Knows no HTTP and no SQL.
 */
import type { ServiceStatus } from './unit-change.ts';

/** A unit's row; times in Unix seconds by the backend's clock. */
export interface UnitEntry {
  device_id: string;
  status: ServiceStatus;
  location_id: string | null;
  firmware: string | null;
  registered_s: number;
  last_seen_s: number | null;
  [column: string]: string | number | null;
}

export interface ReadingKey {
  device_id: string;
  period_start_s: number;
  variant: string;
}
/** A stored reading, columns as they are. */
export type ReadingRow = ReadingKey & Record<string, string | number | null>;

export interface HeartbeatKey {
  received_ms: number;
  device_id: string;
}
export type HeartbeatRow = HeartbeatKey & Record<string, string | number | null>;

export interface Stats {
  devices: {
    total: number;
    active: number;
    inactive: number;
    maintenance: number;
    anomalous: number;
  };
  /** Counted at locations in the last 24 hours. */
  readings_24h: number;
  commands_waiting: number;
}

export interface AdminListStore {
  /** By id. */
  units(afterId: string, limit: number): Promise<UnitEntry[]>;
  /** Newest first; of all units: by unit, the last one first. */
  readings(
    deviceId: string | undefined,
    before: ReadingKey | undefined,
    limit: number,
  ): Promise<ReadingRow[]>;
  /** Newest first. */
  heartbeats(
    deviceId: string | undefined,
    before: HeartbeatKey | undefined,
    limit: number,
  ): Promise<HeartbeatRow[]>;
  stats(nowS: number): Promise<Stats>;
}
