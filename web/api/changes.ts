/**
 * How what waited in the outbox is said to the backend. Fetched with the outbox, not with the pages
 * that it is about: it is delivered wherever somebody is by then.
 */
import * as v from 'valibot';
import type { ChangePortal } from '../app/changes.ts';
import { isOfSensor, type SensorWish, type Wish } from '../app/wishes.ts';
import type { ApiRequest, Http } from './http.ts';
import { shopRequest } from './shop.ts';

/** {@link ChangePortal} of this page’s own origin. */
export class ChangesApi implements ChangePortal {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  async change(place: string, wish: Wish, key: string, agoMs: number): Promise<void> {
    const request = isOfSensor(wish) ? sensorRequest(place, wish, agoMs) : shopRequest(place, wish);
    await this.#http.send({ ...request, key });
  }
}

/** What is shown is asked for anew, so that of the answer only that it is one of ours matters. */
const answer = v.looseObject({});

function sensorRequest(id: string, wish: SensorWish, agoMs: number): ApiRequest<v.GenericSchema> {
  const unit = `/api/v1/units/${encodeURIComponent(id)}`;
  const put = (path: string, body: object) =>
    ({ method: 'PUT', path: `${unit}/${path}`, body, answer }) as const;
  switch (wish.what) {
    case 'sensor_settings':
      return put(`config?if_version=${wish.version}`, wish.change);
    case 'sensor_command': {
      const path = `${unit}/commands?ago_s=${Math.floor(agoMs / 1000)}`;
      return { method: 'POST', path, body: { command: wish.command }, answer };
    }
    case 'sensor_name':
      return put('name', { name: wish.name, seen: wish.seen });
    case 'sensor_place':
      return put('place', { location_id: wish.to, seen: { location_id: wish.seen } });
    case 'sensor_spot': {
      const { latitude, longitude, seen } = wish;
      return put('place', { latitude, longitude, seen });
    }
    case 'sensor_status':
      return put('status', { status: wish.status, seen: wish.seen });
    case 'sensor_flag': {
      const path = `${unit}/clear-anomaly?seen=${encodeURIComponent(wish.seen)}`;
      return { method: 'POST', path, answer };
    }
    case 'sensor_alert': {
      const alert = `${encodeURIComponent(id)}/${wish.kind}/${wish.started}`;
      return { method: 'POST', path: `/api/v1/alerts/${alert}/acknowledge`, answer };
    }
  }
}
