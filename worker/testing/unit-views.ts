/**
 * Everything that shows units, over both ways of keeping what they send, for stories that must look
 * the same in either. The composition root itself puts them together.
 */
import { env } from 'cloudflare:workers';
import type { Reading } from '../../shared/contracts/reading.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { takeHeartbeat } from '../domain/heartbeat.ts';
import { takeReading } from '../domain/reading.ts';
import type { Env } from '../env.ts';
import { type Adapters, adaptersOf } from '../services.ts';
import { earlierAdapters } from './earlier/stores.ts';

let worlds = 0;

/** A world of shards of its own, three of them. */
function onShards(): Adapters {
  worlds += 1;
  const world = `views-${worlds}`;
  const { UNITS } = env;
  const shards = {
    idFromName: (name: string) => UNITS.idFromName(`${world}-${name}`),
    get: (id: DurableObjectId) => UNITS.get(id),
  };
  const own = { UNIT_SHARDS: '0 1000 3000', UNITS: shards };
  return adaptersOf({ ...env, ...own } as unknown as Env);
}

/** Name of each way → adapters on an empty place to keep readings in. */
export const UNIT_VIEWS = { 'in D1': () => earlierAdapters(env), 'on shards': onShards };
export type ViewName = keyof typeof UNIT_VIEWS;

/** A unit's doings at moments of the story's own clock. Unix seconds. */
export class StoryUnit {
  readonly id: string;
  readonly #to: Adapters;
  #last: Reading | undefined;
  token: string;

  constructor(id: string, to: Adapters, token: string) {
    this.id = id;
    this.#to = to;
    this.token = token;
  }

  async read(atS: number, more: Partial<Reading>): Promise<void> {
    this.#last = { d: this.id, i: 10, u: 4, ts: 1, fw: '6.0', ...more } as Reading;
    await this.again(atS);
  }

  /** The last reading once more, if there was one. */
  async again(atS: number): Promise<void> {
    if (!this.#last) return;
    await takeReading(this.#to.readings, this.#last, await this.#credential(), atS * 1000);
  }

  async beat(atS: number, radio: number): Promise<void> {
    const heartbeat = { device_id: this.id, firmware: '6.0', uptime_s: 5, cell_rssi_dbm: -80 };
    const whole = { ...heartbeat, battery_pct: 50, radio };
    await takeHeartbeat(this.#to.heartbeats, whole, await this.#credential(), atS * 1000);
  }

  async #credential() {
    return { device_id: this.id, token_sha256: await sha256Hex(this.token) };
  }
}
