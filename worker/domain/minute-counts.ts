/**
 * How often each unit of a shard asked within a minute that begins with the first time: in memory,
 * six bytes a unit. Forgetting costs no more than one minute's count. Pure.
 */
import { REQUESTS_A_MINUTE } from './anomaly.ts';

const MINUTE_S = 60;
const COUNT_MAX = 0xffff;
/** How many units it makes room for at once. */
const STEP = 1024;

export class MinuteCounts {
  #started = new Uint32Array(0);
  #counts = new Uint16Array(0);

  /** Counts one request, or as many as it counts for; says how many of its minute there are. */
  count(unit: number, nowS: number, requests = 1): number {
    if (unit >= this.#counts.length) this.#grow(unit + STEP);
    const age = nowS - Number(this.#started[unit]);
    // A clock that went back begins anew, too.
    if (this.#counts[unit] === 0 || age < 0 || age >= MINUTE_S) {
      this.#started[unit] = nowS;
      this.#counts[unit] = 0;
    }
    const count = Math.min(Number(this.#counts[unit]) + requests, COUNT_MAX);
    this.#counts[unit] = count;
    return count;
  }

  /** Counts one request; says whether it is more than a unit may send. */
  floods(unit: number, nowS: number, requests?: number): boolean {
    return this.count(unit, nowS, requests) > REQUESTS_A_MINUTE;
  }

  #grow(units: number): void {
    const started = new Uint32Array(units);
    const counts = new Uint16Array(units);
    started.set(this.#started);
    counts.set(this.#counts);
    this.#started = started;
    this.#counts = counts;
  }
}
