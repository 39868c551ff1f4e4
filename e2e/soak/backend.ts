/**
 * The soak's backend: the Worker in workerd with a fresh D1, asked over HTTP in the name of a unit
 * and at its virtual time. Knows no unit's inside and no judgement.
 */

import { Agent, request } from 'node:http';
import * as v from 'valibot';
import type { Backend, BackendAnswer } from '../../firmware/virtual/network/backend-network.ts';
import type { RawRequest } from '../../firmware/virtual/network/http-request.ts';
import { UnitHistory } from '../../shared/contracts/history.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { isoTimeMs } from '../../shared/time.ts';
import { startWorker, type WorkerStack } from '../testing/worker-stack.ts';
import type { StoredRow } from './oracle.ts';

/** Beyond what units do at once. */
const SOCKETS_MAX = 32;
const PLACE = 'soak';

/** Impressions as the readings and as the sums of the place have them; they must agree. */
export interface Sums {
  readings: number;
  place: number;
}

/** Of a unit, and of the place with all units. */
interface Stored {
  rows: (StoredRow & { is_counted: boolean; impressions: number })[];
  place_impressions: number;
}

/** Readings of long ago are not too old for a soak. */
const RETENTION_READINGS_DAYS = '36500';

export class SoakBackend {
  readonly #stack: WorkerStack;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX });
  readonly #units = new Set<string>();
  /** Requests answered, of whatever status. */
  requests = 0;
  /** Lets nothing be a repeat of anything, for units that register from now on. */
  isLoose = false;

  private constructor(stack: WorkerStack) {
    this.#stack = stack;
  }

  static async start(): Promise<SoakBackend> {
    const stack = await startWorker('worker/testing/soak-worker.ts', {
      RETENTION_READINGS_DAYS,
    });
    const sql = 'INSERT INTO locations (id, name, time_zone) VALUES (?, ?, ?)';
    await stack.db.prepare(sql).bind(PLACE, PLACE, 'UTC').run();
    return new SoakBackend(stack);
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    await this.#stack.stop();
  }

  async register(unit: string, token: string): Promise<void> {
    const hash = await sha256Hex(token);
    const sql =
      'INSERT INTO devices (id, token_sha256, location_id, registered_s) VALUES (?, ?, ?, 0)';
    await this.#stack.db.prepare(sql).bind(unit, hash, PLACE).run();
    this.#units.add(unit);
  }

  /** What answers `unit`, whose time is `nowMs()`. */
  backendOf(unit: string, nowMs: () => number): Backend {
    const loose: Record<string, string> = this.isLoose ? { 'X-Soak-Loose': '1' } : {};
    return async (sent) => {
      this.requests += 1;
      return await this.#ask(sent, {
        'X-Soak-Unit': unit,
        'X-Soak-Now': String(Math.floor(nowMs())),
        ...loose,
      });
    };
  }

  /** What is stored of a unit, by `seq`. */
  async rows(unit: string): Promise<StoredRow[]> {
    const { rows } = await this.#stored(unit);
    return rows.sort((a, b) => Number(a.seq) - Number(b.seq));
  }

  async sums(): Promise<Sums> {
    const all = await Promise.all([...this.#units].map((unit) => this.#stored(unit)));
    const counted = all.flatMap(({ rows }) => rows.filter(({ is_counted }) => is_counted));
    const [last] = [...this.#units].slice(-1);
    return {
      readings: counted.reduce((sum, { impressions }) => sum + impressions, 0),
      place: last === undefined ? 0 : (await this.#stored(last)).place_impressions,
    };
  }

  /** What an operator's page would show of a unit's last ninety days. */
  async past(unit: string, untilMs: number): Promise<UnitHistory> {
    const { host, port } = this.#stack;
    const query = `unit=${unit}&until=${isoTimeMs(untilMs)}`;
    const answer = await again(() => fetch(`http://${host}:${port}/past?${query}`));
    if (!answer.ok) throw new Error(`a unit's past could not be asked: ${answer.status}`);
    return v.parse(UnitHistory, await answer.json());
  }

  async #stored(unit: string): Promise<Stored> {
    const { host, port } = this.#stack;
    const answer = await again(() =>
      fetch(`http://${host}:${port}/stored?unit=${unit}&place=${PLACE}`),
    );
    if (!answer.ok) throw new Error(`what is stored could not be asked: ${answer.status}`);
    return (await answer.json()) as Stored;
  }

  #ask(sent: RawRequest, soak: Record<string, string>): Promise<BackendAnswer> {
    const { host, port } = this.#stack;
    const headers = { ...Object.fromEntries(sent.headers), ...soak, connection: 'keep-alive' };
    const to = { host, port, agent: this.#agent, method: sent.method, path: sent.target, headers };
    return new Promise((resolve, reject) => {
      const asked = request(to, (answer) => {
        let body = '';
        answer.setEncoding('utf8');
        answer.on('data', (text: string) => {
          body += text;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
      });
      asked.on('error', (error: NodeJS.ErrnoException) => {
        // The server may close an idle connection just as it is used again. Asking once more is
        // what a network does that repeats a request: the Worker must bear it.
        const stale = asked.reusedSocket && error.code === 'ECONNRESET';
        if (stale) resolve(this.#ask(sent, soak));
        else reject(error);
      });
      asked.end(sent.body);
    });
  }
}

/** Reads once more where the first try met a connection that had gone stale in the meantime. */
function again<T>(read: () => Promise<T>): Promise<T> {
  return read().catch(() => read());
}
