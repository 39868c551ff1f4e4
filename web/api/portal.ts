/**
 * The routes under /api/v1 that the page begins with, one method each; those about units are
 * units.ts. Implements what web/app declares; knows no element and no storage.
 */
import { Insights, WeekInsights } from '../../shared/contracts/insights.ts';
import { type Location, Locations, Me, Settings } from '../../shared/contracts/portal.ts';
import type { DayChoice, InsightsPortal } from '../app/insights.ts';
import type { Http } from './http.ts';

const Api = '/api/v1';

/** The portal of this page’s own origin. */
export class PortalApi implements InsightsPortal {
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
}

function insightsPath(id: string, asked: Record<string, string | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) if (value) query.set(name, value);
  return `${Api}/locations/${encodeURIComponent(id)}/insights?${query}`;
}
