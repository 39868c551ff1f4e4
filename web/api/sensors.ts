/** The portal's routes about sensors. Fetched with their pages. Knows no element. */
import * as v from 'valibot';
import { type Alert, Alert as AlertSchema, AlertsPage } from '../../shared/contracts/alert.ts';
import { type CommandName, CommandPage } from '../../shared/contracts/command.ts';
import { type ConfigChange, VersionedConfig } from '../../shared/contracts/config.ts';
import { FleetPage, type MoveRequest, UnitDetail } from '../../shared/contracts/fleet.ts';
import type { FleetPortal } from '../app/fleet.ts';
import type { AdminStatus, SensorPortal } from '../app/sensor.ts';
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

  setConfig(id: string, body: ConfigChange, ifVersion: number): Promise<VersionedConfig> {
    const path = `${of(id)}/config?if_version=${ifVersion}`;
    return this.#http.send({ method: 'PUT', path, body, answer: VersionedConfig });
  }

  async send(id: string, command: CommandName): Promise<void> {
    const path = `${of(id)}/commands`;
    await this.#http.send({ method: 'POST', path, body: { command }, answer: v.unknown() });
  }

  rename(id: string, name: string | null): Promise<UnitDetail> {
    return this.#put(`${of(id)}/name`, { name });
  }

  move(id: string, to: MoveRequest): Promise<UnitDetail> {
    return this.#put(`${of(id)}/place`, to);
  }

  setStatus(id: string, status: AdminStatus): Promise<UnitDetail> {
    return this.#put(`${of(id)}/status`, { status });
  }

  clearAnomaly(id: string): Promise<UnitDetail> {
    const path = `${of(id)}/clear-anomaly`;
    return this.#http.send({ method: 'POST', path, answer: UnitDetail });
  }

  acknowledge({ device_id, kind, started }: Alert): Promise<Alert> {
    const path = `${Api}/alerts/${encodeURIComponent(device_id)}/${kind}/${started}/acknowledge`;
    return this.#http.send({ method: 'POST', path, answer: AlertSchema });
  }

  #put(path: string, body: unknown): Promise<UnitDetail> {
    return this.#http.send({ method: 'PUT', path, body, answer: UnitDetail });
  }
}
