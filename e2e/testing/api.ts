/**
 * The backend by its front doors, without a page: a person's token, a unit that posts readings.
 * Knows no test.
 */

import { randomBytes } from 'node:crypto';
import type { DemoRole } from '../../scripts/start/secrets.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { signIn, stack } from './stack.ts';

async function answerOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

export async function tokenOf(role: DemoRole): Promise<string> {
  const { url, secrets } = stack();
  const headers = { apikey: secrets.publishableKey, 'content-type': 'application/json' };
  const body = JSON.stringify(signIn(role));
  const address = `${url}/supabase/auth/v1/token?grant_type=password`;
  const session = await answerOf(await fetch(address, { method: 'POST', headers, body }));
  return (session as { access_token: string }).access_token;
}

/** A unit of firmware 6 that stands somewhere and posts what the test says. */
export class PostingUnit {
  readonly id: string;
  readonly #token = randomBytes(32).toString('base64url');

  constructor(id: string) {
    this.id = id;
  }

  /** Registers it as the installer does. @param replace takes the id from the token it has */
  async register(locationId: string, replace = false): Promise<void> {
    const hex = this.id.slice(4).padStart(6, '0').replace(/../g, '$&:').slice(0, -1);
    const body = {
      device_id: this.id,
      token_sha256: await sha256Hex(this.#token),
      mac: `02:4A:42:${hex}`,
      firmware: '6.0.0',
      location_id: locationId,
      replace,
    };
    await this.#post('/api/v1/units', body, await tokenOf('installer'));
  }

  /** One reading for each five minutes of [fromS, toS), each with as many visits. */
  async count(fromS: number, toS: number, visits: number): Promise<void> {
    for (let t = fromS; t + 300 <= toS; t += 300) {
      const reading = { d: this.id, t, ts: 1, i: 9 * visits, u: 3 * visits, vis: visits };
      const zones = { rssi_near: visits, rssi_far: 2 * visits };
      const stays = { dwell_0_1: visits };
      await this.#post('/api/reading', { ...reading, ...zones, ...stays }, this.#token);
    }
  }

  /** A heartbeat that says this besides. @returns what the backend answers */
  beat(more: object): Promise<unknown> {
    return this.#post('/api/heartbeat', { d: this.id, v: '6.0.0', ...more }, this.#token);
  }

  /** Its configuration, as it asks for it. */
  async config(): Promise<unknown> {
    const headers = { authorization: `Bearer ${this.#token}` };
    return await answerOf(await fetch(`${stack().url}/api/config/${this.id}`, { headers }));
  }

  /** Nobody waits for it any more. */
  async retire(): Promise<void> {
    const body = { status: 'inactive' };
    await this.#send('PUT', `/api/v1/units/${this.id}/status`, body, await tokenOf('installer'));
  }

  #post(path: string, body: object, token: string): Promise<unknown> {
    return this.#send('POST', path, body, token);
  }

  async #send(method: string, path: string, body: object, token: string): Promise<unknown> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const init = { method, headers, body: JSON.stringify(body) };
    return await answerOf(await fetch(stack().url + path, init));
  }
}
