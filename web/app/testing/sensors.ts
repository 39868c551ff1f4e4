/** Sensors as tests need them, and a portal that answers, refuses or is slow. */
import type { Alert } from '../../../shared/contracts/alert.ts';
import { CONFIG_DEFAULTS, type VersionedConfig } from '../../../shared/contracts/config.ts';
import type { FleetPage, FleetUnit, UnitDetail } from '../../../shared/contracts/fleet.ts';
import { AppError } from '../../../shared/errors.ts';
import type { FleetPortal } from '../fleet.ts';
import type { SensorPortal, SentCommand } from '../sensor.ts';
import { type PastParts, SensorPast } from '../sensor-past.ts';
import { PastStandIn } from './sensor-past.ts';

export const idOf = (n: number): string => `JBNB${String(n).padStart(4, '0')}`;

export const unitOf = (n: number, more: Partial<FleetUnit> = {}): FleetUnit => ({
  ...{ device_id: idOf(n), name: null, location_id: 'bakery', location_name: 'Bakery' },
  ...{ status: 'active', state: 'online', anomaly: null, broken_receivers: [], quality: 'OK' },
  ...{ firmware: '6.0.0', last_seen_at: '2026-11-30T12:00:00Z', cell_rssi_dbm: -84 },
  ...{ battery_pct: null, latitude: null, longitude: null, ...more },
});

export const detailOf = (n: number, more: Partial<UnitDetail> = {}): UnitDetail => ({
  ...unitOf(n),
  ...{ mac: null, registered_at: '2026-11-01T12:00:00Z', first_heartbeat_at: null },
  ...{ first_reading_at: null, config_version: 3, report_interval_s: 300, place_source: null },
  ...{ accuracy_m: null, time_zone: 'Europe/Berlin', readings: [], heartbeats: [] },
  last_day: { expected: 288, received: 280, ok: 270, catching_up: 6, degraded: 4 },
  twin: { wanted_since: null, fetched: null, reported: null, note: null },
  ...more,
});

/** What happened to a sensor: nothing yet. */
export const pastStandIn = (own: Omit<PastParts, 'portal'>) =>
  new SensorPast({ ...own, portal: new PastStandIn() });

/** A fleet in pages, and one sensor of it. */
export class SensorsStandIn implements FleetPortal, SensorPortal {
  units: FleetUnit[] = [];
  shown: UnitDetail = detailOf(1);
  set: VersionedConfig = { config_version: 3, ...CONFIG_DEFAULTS };
  sent: SentCommand[] = [];
  open: Alert[] = [];
  readonly asked: string[] = [];
  failing: AppError | null = null;
  /** Waits for this before each answer. */
  until: Promise<void> = Promise.resolve();
  pageSize = 200;

  async fleet(cursor: string | null, signal?: AbortSignal): Promise<FleetPage> {
    await this.#answer(`fleet ${cursor}`);
    signal?.throwIfAborted();
    const from = cursor === null ? 0 : Number(cursor);
    const next = from + this.pageSize;
    const units = this.units.slice(from, next);
    return { units, next_cursor: next < this.units.length ? String(next) : null };
  }

  async detail(id: string): Promise<UnitDetail> {
    await this.#answer(`detail ${id}`);
    return this.shown;
  }

  async config(id: string): Promise<VersionedConfig> {
    await this.#answer(`config ${id}`);
    return this.set;
  }

  async commands(id: string): Promise<SentCommand[]> {
    await this.#answer(`commands ${id}`);
    return this.sent;
  }

  async alerts(id: string): Promise<Alert[]> {
    await this.#answer(`alerts ${id}`);
    return this.open;
  }

  async setConfig(id: string, change: object, ifVersion: number): Promise<VersionedConfig> {
    await this.#answer(`set ${id} ${ifVersion} ${JSON.stringify(change)}`);
    if (ifVersion !== this.set.config_version) throw new AppError('conflict', 'Meanwhile.');
    this.set = { ...this.set, ...change, config_version: ifVersion + 1 };
    this.shown = { ...this.shown, config_version: ifVersion + 1 };
    return this.set;
  }

  send = (id: string, command: string) => this.#answer(`send ${id} ${command}`);
  rename = (id: string, name: string | null) => this.#changed(`rename ${id} ${name}`);
  move = (id: string, to: object) => this.#changed(`move ${id} ${JSON.stringify(to)}`);
  setStatus = (id: string, status: string) => this.#changed(`status ${id} ${status}`);
  clearAnomaly = (id: string) => this.#changed(`clear ${id}`);

  async acknowledge(alert: Alert): Promise<Alert> {
    await this.#answer(`acknowledge ${alert.kind}`);
    return alert;
  }

  async #changed(what: string): Promise<UnitDetail> {
    await this.#answer(what);
    return this.shown;
  }

  async #answer(what: string): Promise<void> {
    this.asked.push(what);
    await this.until;
    if (this.failing) throw this.failing;
  }
}
