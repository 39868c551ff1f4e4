/** The routes about ids taken along. Fetched when somebody takes some. Knows no store. */
import { Reservations } from '../../shared/contracts/provisioning.ts';
import type { ReservationsPortal } from '../app/reserved-ids.ts';
import type { Http } from './http.ts';

const Address = '/api/v1/reservations';

export class ReservationsApi implements ReservationsPortal {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  takeAlong(holder: string, count: number): Promise<Reservations> {
    const body = { holder, count };
    return this.#http.send({ method: 'POST', path: Address, body, answer: Reservations });
  }

  giveBack(device_ids: readonly string[]): Promise<Reservations> {
    const path = `${Address}/release`;
    return this.#http.send({ method: 'POST', path, body: { device_ids }, answer: Reservations });
  }
}
