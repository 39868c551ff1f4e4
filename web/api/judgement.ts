/** The portal's routes about readings in doubt. Fetched with their page. Knows no element. */

import type { FleetUnit } from '../../shared/contracts/fleet.ts';
import { FleetPage, UnitDetail } from '../../shared/contracts/fleet.ts';
import { DoubtsPage, SumsAnswer, type SumsRequest } from '../../shared/contracts/judgement.ts';
import type { Judgement } from '../app/judgement.ts';
import type { Http } from './http.ts';

const Api = '/api/v1';
const of = (deviceId: string) => `${Api}/units/${encodeURIComponent(deviceId)}`;
/** Sums of a month are corrected at once. */
const JUDGE_TIMEOUT_MS = 30_000;

export class JudgementApi implements Judgement {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  async flagged(): Promise<FleetUnit[]> {
    const path = `${Api}/fleet?state=anomalous&limit=200`;
    return (await this.#http.send({ path, answer: FleetPage })).units;
  }

  doubts(deviceId: string, cursor: string | null) {
    const query = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
    const path = `${of(deviceId)}/doubts?limit=50${query}`;
    return this.#http.send({ path, answer: DoubtsPage });
  }

  judge(deviceId: string, body: SumsRequest) {
    return this.#http.send({
      method: 'PUT',
      path: `${of(deviceId)}/sums`,
      body,
      answer: SumsAnswer,
      timeoutMs: JUDGE_TIMEOUT_MS,
    });
  }

  clearFlag(deviceId: string): Promise<unknown> {
    const path = `${of(deviceId)}/clear-anomaly`;
    return this.#http.send({ method: 'POST', path, answer: UnitDetail });
  }
}
