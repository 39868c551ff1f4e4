/** The portal's routes about what happened to a sensor. Fetched with its page. Knows no element. */
import { type Alert, AlertsPage } from '../../shared/contracts/alert.ts';
import { UnitHistory, UnitTrail } from '../../shared/contracts/history.ts';
import { isoTimeMs } from '../../shared/time.ts';
import type { PastPortal } from '../app/sensor-past.ts';
import type { Http } from './http.ts';

const Api = '/api/v1';
const of = (deviceId: string) => `${Api}/units/${encodeURIComponent(deviceId)}`;

export class SensorPastApi implements PastPortal {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  history(
    id: string,
    { fromMs, untilMs, cursor }: { fromMs: number; untilMs: number; cursor: string | null },
    signal?: AbortSignal,
  ): Promise<UnitHistory> {
    const query = new URLSearchParams({ from: isoTimeMs(fromMs), until: isoTimeMs(untilMs) });
    if (cursor !== null) query.set('cursor', cursor);
    return this.#http.send({ path: `${of(id)}/history?${query}`, answer: UnitHistory, signal });
  }

  async allAlerts(id: string, signal?: AbortSignal): Promise<Alert[]> {
    const path = `${Api}/alerts?state=all&limit=200&device_id=${encodeURIComponent(id)}`;
    return (await this.#http.send({ path, answer: AlertsPage, signal })).alerts;
  }

  trail(id: string, cursor: string | null): Promise<UnitTrail> {
    const from = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    return this.#http.send({ path: `${of(id)}/trail${from}`, answer: UnitTrail });
  }
}
