/**
 * The soak's backend: the Worker in workerd with a fresh D1, asked over HTTP in the name of a unit
 * and at its virtual time. Knows no unit's inside and no judgement.
 */

import { Agent, request } from 'node:http';
import type { Backend, BackendAnswer } from '../../firmware/virtual/network/backend-network.ts';
import type { RawRequest } from '../../firmware/virtual/network/http-request.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { startWorker, type WorkerStack } from '../testing/worker-stack.ts';
import type { StoredRow } from './oracle.ts';

/** Beyond what units do at once. */
const SOCKETS_MAX = 32;
const PLACE = 'soak';

/** Impressions as the readings and as the rollups have them; they must agree. */
export interface Sums {
  readings: number;
  rollups: number;
}

export class SoakBackend {
  readonly #stack: WorkerStack;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX });
  /** Requests answered, of whatever status. */
  requests = 0;

  private constructor(stack: WorkerStack) {
    this.#stack = stack;
  }

  static async start(): Promise<SoakBackend> {
    const stack = await startWorker('worker/testing/soak-worker.ts');
    const sql = 'INSERT INTO locations (id, name, time_zone) VALUES (?, ?, ?)';
    await stack.db.prepare(sql).bind(PLACE, PLACE, 'UTC').run();
    return new SoakBackend(stack);
  }

  get db(): WorkerStack['db'] {
    return this.#stack.db;
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    await this.#stack.stop();
  }

  async register(unit: string, token: string): Promise<void> {
    const hash = await sha256Hex(token);
    const sql =
      'INSERT INTO devices (id, token_sha256, location_id, registered_s) VALUES (?, ?, ?, 0)';
    await this.db.prepare(sql).bind(unit, hash, PLACE).run();
  }

  /** What answers `unit`, whose time is `nowMs()`. */
  backendOf(unit: string, nowMs: () => number): Backend {
    return async (sent) => {
      this.requests += 1;
      return await this.#ask(sent, {
        'X-Soak-Unit': unit,
        'X-Soak-Now': String(Math.floor(nowMs())),
      });
    };
  }

  async rows(unit: string): Promise<StoredRow[]> {
    const sql = `SELECT seq, period_start_s AS start_s, clock_synced, received_s FROM readings
      WHERE device_id = ? ORDER BY seq`;
    type Found = Omit<StoredRow, 'dated'> & { clock_synced: number };
    const { results } = await again(() => this.db.prepare(sql).bind(unit).all<Found>());
    return results.map(({ clock_synced, ...row }) => ({ ...row, dated: clock_synced === 1 }));
  }

  async sums(): Promise<Sums> {
    const sum = async (table: string) => {
      const sql = `SELECT COALESCE(SUM(impressions), 0) AS total FROM ${table}`;
      return (await again(() => this.db.prepare(sql).first<number>('total'))) ?? 0;
    };
    return { readings: await sum('readings'), rollups: await sum('rollups') };
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
