/** The portal's routes about many sensors at once. Fetched with their page. Knows no element. */
import type { CommandName } from '../../shared/contracts/command.ts';
import type { ConfigChange } from '../../shared/contracts/config.ts';
import { FleetActionAnswer, TuningAnswer } from '../../shared/contracts/fleet-action.ts';
import type { FleetActionPortal } from '../app/fleet-actions.ts';
import type { Http } from './http.ts';

const Api = '/api/v1';
/** A hundred units, and their shards told: much more than one takes. */
const TIMEOUT_MS = 60_000;

export class FleetActionsApi implements FleetActionPortal {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  async tuning(ids: readonly string[], signal?: AbortSignal) {
    const path = `${Api}/fleet/tuning?units=${ids.join(',')}`;
    return (await this.#http.send({ path, answer: TuningAnswer, signal })).units;
  }

  configure(
    ids: readonly string[],
    versions: readonly number[],
    config: ConfigChange,
    key: string,
  ) {
    const units = ids.map((device_id, i) => ({ device_id, if_version: versions[i] }));
    return this.#change('PUT', `${Api}/fleet/config`, { units, config }, key);
  }

  command(ids: readonly string[], command: CommandName, key: string) {
    return this.#change('POST', `${Api}/fleet/commands`, { units: ids, command }, key);
  }

  async #change(method: 'PUT' | 'POST', path: string, body: object, key: string) {
    const answer = FleetActionAnswer;
    const timeoutMs = TIMEOUT_MS;
    const { units } = await this.#http.send({ method, path, body, key, answer, timeoutMs });
    return units.map(({ outcome }) => outcome);
  }
}
