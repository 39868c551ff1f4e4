/** What happened to a sensor, put together from its adapters, with the pages of sensors. */
import type { Http } from '../api/http.ts';
import { SensorPastApi } from '../api/sensor-past.ts';
import { type PastParts, SensorPast } from '../app/sensor-past.ts';

export function sensorPast(http: Http, own: Omit<PastParts, 'portal'>): SensorPast {
  return new SensorPast({ ...own, portal: new SensorPastApi(http) });
}
