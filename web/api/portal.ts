/**
 * The routes under /api/v1, one method each. Implements what web/app declares; knows no element and
 * no storage.
 */
import { Insights, WeekInsights } from '../../shared/contracts/insights.ts';
import type { RegisterRequest } from '../../shared/contracts/portal.ts';
import {
  ChipUnits,
  CronReport,
  type Location,
  Locations,
  Me,
  Settings,
  UnitStatus,
} from '../../shared/contracts/portal.ts';
import type { DayChoice, InsightsPortal } from '../app/insights.ts';
import type { UnitsPortal } from '../app/ports.ts';
import type { Http } from './http.ts';

const Api = '/api/v1';

/** The portal of this page’s own origin. */
export class PortalApi implements UnitsPortal, InsightsPortal {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  settings(signal?: AbortSignal): Promise<Settings> {
    return this.#http.sendPublic({ path: `${Api}/settings`, answer: Settings, signal });
  }

  me(signal?: AbortSignal): Promise<Me> {
    return this.#http.send({ path: `${Api}/me`, answer: Me, signal });
  }

  async locations(signal?: AbortSignal): Promise<Location[]> {
    const found = await this.#http.send({ path: `${Api}/locations`, answer: Locations, signal });
    return found.locations;
  }

  insights(
    locationId: string,
    day: DayChoice,
    signal?: AbortSignal,
    against?: string,
  ): Promise<Insights> {
    const path = insightsPath(locationId, { day, against });
    return this.#http.send({ path, answer: Insights, signal });
  }

  week(
    locationId: string,
    day: DayChoice,
    signal?: AbortSignal,
    against?: string,
  ): Promise<WeekInsights> {
    const path = insightsPath(locationId, { range: 'week', day, against });
    return this.#http.send({ path, answer: WeekInsights, signal });
  }

  register(body: RegisterRequest, signal?: AbortSignal): Promise<UnitStatus> {
    return this.#http.send({
      method: 'POST',
      path: `${Api}/units`,
      body,
      answer: UnitStatus,
      signal,
    });
  }

  unitStatus(deviceId: string, signal?: AbortSignal): Promise<UnitStatus> {
    const path = `${Api}/units/${encodeURIComponent(deviceId)}`;
    return this.#http.send({ path, answer: UnitStatus, signal });
  }

  /** Under which ids the chip with this MAC is registered, the latest first. */
  async chipUnits(mac: string, signal?: AbortSignal): Promise<UnitStatus[]> {
    const path = `${Api}/chips/${encodeURIComponent(mac)}`;
    return (await this.#http.send({ path, answer: ChipUnits, signal })).units;
  }

  /** Frees an id that its chip has left. */
  release(deviceId: string): Promise<UnitStatus> {
    const path = `${Api}/units/${encodeURIComponent(deviceId)}/release`;
    return this.#http.send({ method: 'POST', path, answer: UnitStatus });
  }

  /** Development only: what cron does every five minutes, now. A sync may take a while. */
  runCron(): Promise<CronReport> {
    const path = `${Api}/dev/cron`;
    return this.#http.send({ method: 'POST', path, answer: CronReport, timeoutMs: 60_000 });
  }
}

function insightsPath(id: string, asked: Record<string, string | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) if (value) query.set(name, value);
  return `${Api}/locations/${encodeURIComponent(id)}/insights?${query}`;
}
