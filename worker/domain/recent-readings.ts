/**
 * The newest readings of every unit of a shard, as far as identity and room need them, in typed
 * arrays: 44 bytes each, where objects take ten times as much. Pure.
 */
import type { Neighbour } from './room.ts';
import type { StoredReading } from './stored-reading.ts';

/** Readings of a unit at most: two hours of the usual ones. The rest lies packed. */
export const DEPTH = 24;
/** How many units it makes room for at once. */
const STEP = 1024;

const COUNTED = 1;
/** Generations are small numbers; what is beyond counts as one. */
const GENERATION_MAX = 2 ** 31 - 1;

/** What tells a reading from others of its unit, in 64 bits, as two of 32. */
export interface Mark {
  high: number;
  low: number;
}

/**
 * A variant as 64 bits: a hash as it is, a number beside 32 set bits, both mixed. As likely to meet
 * another by chance as the hash itself.
 */
export function markOf(variant: string): Mark {
  const hash = variant.slice(-16);
  const high = Number.parseInt(hash.slice(0, 8), 16) >>> 0;
  const low = Number.parseInt(hash.slice(8), 16) >>> 0;
  if (variant.length === 16) return { high, low };
  const seq = Number.parseInt(variant.slice(1), 10) >>> 0;
  if (variant.startsWith('s')) return { high: 0xffffffff, low: seq };
  return { high: (high ^ Math.imul(seq, 0x9e3779b1)) >>> 0, low: (low ^ seq) >>> 0 };
}

export class RecentReadings {
  readonly #fields = {
    mark_high: new Uint32Array(0),
    mark_low: new Uint32Array(0),
    start_s: new Uint32Array(0),
    /** By our clock less its age: where an undated one belongs, whatever it lies under. */
    counted_s: new Uint32Array(0),
    generation_counted: new Uint32Array(0),
    impressions: new Uint32Array(0),
    device_minutes: new Uint32Array(0),
    visits: new Uint32Array(0),
    ble_apple: new Uint32Array(0),
    ble_other: new Uint32Array(0),
    /** Number of the journal's row that holds it. */
    row: new Uint32Array(0),
  };
  #lengths = new Uint8Array(0);

  countOf(unit: number): number {
    return this.#lengths[unit] ?? 0;
  }

  isFull(unit: number): boolean {
    return this.countOf(unit) >= DEPTH;
  }

  /** @throws RangeError when the unit is full */
  add(unit: number, reading: StoredReading, row: number): void {
    if (this.isFull(unit)) throw new RangeError('more readings than there is room for');
    if (unit >= this.#lengths.length) this.#grow(unit + STEP);
    const at = unit * DEPTH + this.countOf(unit);
    const { high, low } = markOf(reading.variant);
    const { values } = reading;
    const generation = Math.min(reading.generation, GENERATION_MAX);
    const f = this.#fields;
    f.mark_high[at] = high;
    f.mark_low[at] = low;
    f.start_s[at] = reading.period_start_s;
    f.counted_s[at] = Math.max(0, reading.received_s - (values.age_s ?? 0));
    f.generation_counted[at] = generation * 2 + (reading.doubt === null ? COUNTED : 0);
    f.impressions[at] = values.impressions ?? 0;
    f.device_minutes[at] = values.device_minutes ?? 0;
    f.visits[at] = reading.visits ?? 0;
    f.ble_apple[at] = values.ble_apple ?? 0;
    f.ble_other[at] = values.ble_other ?? 0;
    f.row[at] = row;
    this.#lengths[unit] = this.countOf(unit) + 1;
  }

  clear(unit: number): void {
    if (unit < this.#lengths.length) this.#lengths[unit] = 0;
  }

  /** Whether one has this start and variant. */
  has(unit: number, startS: number, { high, low }: Mark): boolean {
    const f = this.#fields;
    const from = unit * DEPTH;
    for (let at = from; at < from + this.countOf(unit); at += 1) {
      if (f.mark_low[at] === low && f.mark_high[at] === high && f.start_s[at] === startS)
        return true;
    }
    return false;
  }

  /** Starts and moments of those of a generation that have this variant. */
  alike(
    unit: number,
    generation: number,
    { high, low }: Mark,
  ): { start_s: number; counted_s: number }[] {
    const f = this.#fields;
    return this.#indices(unit)
      .filter((at) => f.mark_low[at] === low && f.mark_high[at] === high)
      .filter((at) => Number(f.generation_counted[at]) >>> 1 === generation)
      .map((at) => ({ start_s: Number(f.start_s[at]), counted_s: Number(f.counted_s[at]) }));
  }

  /** Those of a generation that begin in a stretch of time. */
  within(unit: number, generation: number, fromS: number, toS: number): Neighbour[] {
    const f = this.#fields;
    const from = unit * DEPTH;
    const found: Neighbour[] = [];
    for (let at = from; at < from + this.countOf(unit); at += 1) {
      const period_start_s = Number(f.start_s[at]);
      if (period_start_s < fromS || period_start_s >= toS) continue;
      const generation_counted = Number(f.generation_counted[at]);
      if (generation_counted >>> 1 !== generation) continue;
      found.push({
        period_start_s,
        is_counted: (generation_counted & COUNTED) === COUNTED,
        impressions: Number(f.impressions[at]),
        device_minutes: Number(f.device_minutes[at]),
        visits: Number(f.visits[at]),
        ble_apple: Number(f.ble_apple[at]),
        ble_other: Number(f.ble_other[at]),
      });
    }
    return found;
  }

  /** Number of the first of the journal's rows that hold one; Infinity when none does. */
  oldestRow(unit: number): number {
    return this.countOf(unit) > 0
      ? Number(this.#fields.row[unit * DEPTH])
      : Number.POSITIVE_INFINITY;
  }

  /** Numbers of the journal's rows that hold them, each once, ascending. */
  rowsOf(unit: number): number[] {
    const rows = this.#indices(unit).map((at) => Number(this.#fields.row[at]));
    return [...new Set(rows)].sort((a, b) => a - b);
  }

  #indices(unit: number): number[] {
    return Array.from({ length: this.countOf(unit) }, (_, i) => unit * DEPTH + i);
  }

  /** Room for so many units at once, where it is known how many there are. */
  reserve(units: number): void {
    if (units > this.#lengths.length) this.#grow(units);
  }

  #grow(units: number): void {
    const fields = this.#fields as Record<string, Uint32Array>;
    for (const [name, old] of Object.entries(fields)) {
      const more = new Uint32Array(units * DEPTH);
      more.set(old);
      fields[name] = more;
    }
    const lengths = new Uint8Array(units);
    lengths.set(this.#lengths);
    this.#lengths = lengths;
  }
}
