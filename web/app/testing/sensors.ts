/** Sensors as tests need them, and a portal that answers, refuses or is slow. */
import type { Alert } from '../../../shared/contracts/alert.ts';
import { CONFIG_DEFAULTS, type VersionedConfig } from '../../../shared/contracts/config.ts';
import type { FleetPage, FleetUnit, UnitDetail } from '../../../shared/contracts/fleet.ts';
import { AppError } from '../../../shared/errors.ts';
import type { ChangePortal } from '../changes.ts';
import type { FleetPortal } from '../fleet.ts';
import type { SensorPortal, SentCommand } from '../sensor.ts';
import { laidOver, madeOnFacts } from '../sensor-facts.ts';
import { type PastParts, SensorPast } from '../sensor-past.ts';
import { isOfSensor, type SensorWish, type Wish } from '../wishes.ts';
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
export class SensorsStandIn implements FleetPortal, SensorPortal, ChangePortal {
  units: FleetUnit[] = [];
  shown: UnitDetail = detailOf(1);
  set: VersionedConfig = { config_version: 3, ...CONFIG_DEFAULTS };
  sent: SentCommand[] = [];
  open: Alert[] = [];
  readonly asked: string[] = [];
  failing: AppError | null = null;
  readonly #taken = new Set<string>();
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

  /** Each key once, as the backend does it; settings of another version are a conflict. */
  async change(id: string, wish: Wish, key: string): Promise<void> {
    const { what, ...said } = wish;
    await this.#answer(`${what} ${id} ${JSON.stringify(said)}`);
    if (!isOfSensor(wish) || this.#taken.has(key)) return;
    this.#refuseOther(wish);
    this.#taken.add(key);
    const facts = { detail: this.shown, config: this.set, commands: this.sent, alerts: this.open };
    const { detail, config, alerts } = laidOver(facts, [{ wish, trouble: null }]);
    this.shown = { ...detail, config_version: config.config_version };
    this.set = config;
    this.open = [...alerts];
  }

  #refuseOther(wish: SensorWish): void {
    const { detail, config } = { detail: this.shown, config: this.set };
    const facts = { detail, config, commands: [], alerts: [] };
    const there = madeOnFacts(wish, facts);
    if (JSON.stringify(there) === JSON.stringify(wish)) return;
    const present: Partial<Record<SensorWish['what'], unknown>> = {
      sensor_settings: config,
      sensor_name: detail.name,
      sensor_status: detail.status,
      sensor_flag: detail.anomaly?.reason ?? null,
    };
    const { location_id, latitude, longitude } = detail;
    throw new AppError('conflict', 'Somebody else has changed this meanwhile.', {
      present: wish.what in present ? present[wish.what] : { location_id, latitude, longitude },
      isForeign: true,
    });
  }

  async #answer(what: string): Promise<void> {
    this.asked.push(what);
    await this.until;
    if (this.failing) throw this.failing;
  }
}
