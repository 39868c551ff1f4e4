/** The portal's routes behind a unit's label. Fetched with their page. Knows no element. */
import { Done } from '../../shared/contracts/people.ts';
import { type Location, Locations, UnitStatus } from '../../shared/contracts/portal.ts';
import { type ActivateRequest, PublicState } from '../../shared/contracts/provisioning.ts';
import type { ActivationPortal } from '../app/activation.ts';
import type { Http } from './http.ts';

const Api = '/api/v1';
const of = (deviceId: string) => `${Api}/units/${encodeURIComponent(deviceId)}`;

/** {@link ActivationPortal} of this page’s own origin. */
export class ActivationApi implements ActivationPortal {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  state(deviceId: string): Promise<PublicState> {
    return this.#http.sendPublic({ path: `${of(deviceId)}/state`, answer: PublicState });
  }

  async locations(): Promise<Location[]> {
    return (await this.#http.send({ path: `${Api}/locations`, answer: Locations })).locations;
  }

  activate(deviceId: string, body: ActivateRequest): Promise<UnitStatus> {
    const path = `${of(deviceId)}/activate`;
    return this.#http.send({ method: 'POST', path, body, answer: UnitStatus });
  }

  unlockPin(deviceId: string): Promise<unknown> {
    return this.#http.send({ method: 'POST', path: `${of(deviceId)}/unlock-pin`, answer: Done });
  }
}
