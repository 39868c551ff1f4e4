/** The routes about units on the bench. Fetched when somebody has one. Knows no element. */

import { Done } from '../../shared/contracts/people.ts';
import {
  ChipUnits,
  CronReport,
  type RegisterRequest,
  UnitStatus,
} from '../../shared/contracts/portal.ts';
import { Reservation } from '../../shared/contracts/provisioning.ts';
import type { UnitsPortal } from '../app/ports.ts';
import type { Http } from './http.ts';

const Api = '/api/v1';

/** Units, as far as installers need them. */
export class UnitsApi implements Omit<UnitsPortal, 'settings'> {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
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

  /** Holds the lowest free id for a day. */
  async reserve(): Promise<string> {
    const path = `${Api}/units/reserve`;
    const answer = Reservation;
    return (await this.#http.send({ method: 'POST', path, body: {}, answer })).device_id;
  }

  /** What the unit's label will show; of an earlier label nothing is good any more. */
  setPin(deviceId: string, body: { pin: string; secret: string }): Promise<unknown> {
    const path = `${Api}/units/${encodeURIComponent(deviceId)}/pin`;
    return this.#http.send({ method: 'PUT', path, body, answer: Done });
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
