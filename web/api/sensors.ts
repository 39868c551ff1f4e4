/** The portal's routes about sensors. Fetched with their pages. Knows no element. */
import { type Alert, AlertsPage } from '../../shared/contracts/alert.ts';
import { CommandPage } from '../../shared/contracts/command.ts';
import { VersionedConfig } from '../../shared/contracts/config.ts';
import { FleetPage, UnitDetail } from '../../shared/contracts/fleet.ts';
import type { FleetPortal } from '../app/fleet.ts';
import type { SensorPortal } from '../app/sensor.ts';
import type { Http } from './http.ts';

const Api = '/api/v1';
/** As many as the portal gives at once. */
const AT_ONCE = 200;
const COMMANDS_SHOWN = 20;
const of = (deviceId: string) => `${Api}/units/${encodeURIComponent(deviceId)}`;

export class SensorsApi implements FleetPortal, SensorPortal {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  fleet(cursor: string | null, signal?: AbortSignal): Promise<FleetPage> {
    const from = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const path = `${Api}/fleet?limit=${AT_ONCE}${from}`;
    return this.#http.send({ path, answer: FleetPage, signal });
  }

  detail(id: string, signal?: AbortSignal): Promise<UnitDetail> {
    return this.#http.send({ path: `${of(id)}/detail`, answer: UnitDetail, signal });
  }

  config(id: string, signal?: AbortSignal): Promise<VersionedConfig> {
    return this.#http.send({ path: `${of(id)}/config`, answer: VersionedConfig, signal });
  }

  async commands(id: string, signal?: AbortSignal) {
    const path = `${of(id)}/commands?limit=${COMMANDS_SHOWN}`;
    return (await this.#http.send({ path, answer: CommandPage, signal })).commands;
  }

  async alerts(id: string, signal?: AbortSignal): Promise<Alert[]> {
    const path = `${Api}/alerts?device_id=${encodeURIComponent(id)}`;
    return (await this.#http.send({ path, answer: AlertsPage, signal })).alerts;
  }
}
