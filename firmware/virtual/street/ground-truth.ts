/**
 * What really happened on the street, minute by minute, for measuring how well the unit's
 * estimates meet it. It is fed by the street and knows nothing about frames.
 */

import { DWELL_CLASSES, type DwellClass } from './models.ts';

const MINUTE_MS = 60_000;
/** A hundred days; older minutes are forgotten a day at a time. */
const MINUTES_MAX = 100 * 1440;
const DAY_MINUTES = 1440;

/** What happened in one minute. */
export interface GroundTruthMinute {
  /** Virtual ms at which the minute starts. */
  startMs: number;
  /** Phones that came in this minute, by how long they are going to stay. */
  arrived: Record<DwellClass, number>;
  /** Phones there at any moment of the minute. */
  present: number;
  /** Time that people who stay, passers-by left out, spend here in this minute, summed, ms. */
  dwellMs: number;
  /** Of those, how many sent at least one probe request, and how many with a static address. */
  probed: number;
  probedStatic: number;
}

/** Everything up to now. */
export interface GroundTruth {
  minutes: readonly GroundTruthMinute[];
  /** Phones that have come so far, residents not counted. */
  visitors: number;
}

function emptyMinute(index: number): GroundTruthMinute {
  const arrived = Object.fromEntries(DWELL_CLASSES.map((stay) => [stay, 0])) as Record<
    DwellClass,
    number
  >;
  return {
    startMs: index * MINUTE_MS,
    arrived,
    present: 0,
    dwellMs: 0,
    probed: 0,
    probedStatic: 0,
  };
}

/** Index of the minute `ms` lies in. */
export const minuteOf = (ms: number): number => Math.floor(ms / MINUTE_MS);

/** Records the ground truth. */
export class GroundTruthRecorder {
  #minutes: GroundTruthMinute[] = [];
  #first = 0;
  #visitors = 0;

  arrival(stay: DwellClass, arrivesMs: number, leavesMs: number): void {
    this.#visitors += 1;
    this.#at(minuteOf(arrivesMs)).arrived[stay] += 1;
    for (let minute = minuteOf(arrivesMs); minute <= minuteOf(leavesMs); minute += 1) {
      const entry = this.#at(minute);
      entry.present += 1;
      if (stay === 'quick') continue;
      const end = Math.min(leavesMs, entry.startMs + MINUTE_MS);
      entry.dwellMs += end - Math.max(arrivesMs, entry.startMs);
    }
  }

  probe(ms: number, isStatic: boolean): void {
    const minute = this.#at(minuteOf(ms));
    minute.probed += 1;
    if (isStatic) minute.probedStatic += 1;
  }

  /** The minutes that have begun by `nowMs`. */
  until(nowMs: number): GroundTruth {
    this.#at(minuteOf(nowMs));
    const minutes = this.#minutes.slice(0, minuteOf(nowMs) - this.#first + 1);
    return { minutes, visitors: this.#visitors };
  }

  #at(index: number): GroundTruthMinute {
    while (this.#first + this.#minutes.length <= index) {
      this.#minutes.push(emptyMinute(this.#first + this.#minutes.length));
    }
    if (this.#minutes.length > MINUTES_MAX) {
      this.#minutes.splice(0, DAY_MINUTES);
      this.#first += DAY_MINUTES;
    }
    return this.#minutes[Math.max(0, index - this.#first)]!; // The loop above has made it.
  }
}
