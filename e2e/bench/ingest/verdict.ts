/**
 * What was sent beside what is stored: each reading once, as it was sent, and sums that are those
 * of the stored readings. Knows no store.
 */

/** What tells a reading among the stored ones, and what it adds to the sums. */
export interface Kept {
  unit: string;
  /** Start of its period, Unix seconds. */
  start_s: number;
  impressions: number;
}

/** What a store holds at the end. */
export interface Stored {
  readings: readonly Kept[];
  /** Impressions by `location bucket`, the bucket in Unix seconds; null = it keeps none. */
  sums: ReadonlyMap<string, number> | null;
}

export interface Verdict {
  sent: number;
  /** Acknowledged, and not there, or not as it was sent. */
  lost: number;
  /** Stored once more than sent. */
  twice: number;
  /** Buckets whose sum is not that of the readings stored in them; null = none are kept. */
  wrong_sums: number | null;
}

/**
 * @param sent every reading that was acknowledged
 * @param placeOf location of a unit
 */
export function judgeStored(
  sent: readonly Kept[],
  { readings, sums }: Stored,
  placeOf: (unit: string) => string,
): Verdict {
  const times = new Map<string, number>();
  const right = new Map<string, number>();
  for (const one of readings) {
    add(times, nameOf(one), 1);
    add(right, `${placeOf(one.unit)} ${one.start_s}`, one.impressions);
  }
  let lost = 0;
  for (const one of sent) {
    const name = nameOf(one);
    if (!times.has(name)) lost += 1;
    add(times, name, -1);
  }
  const twice = [...times.values()].filter((n) => n > 0).reduce((sum, n) => sum + n, 0);
  return { sent: sent.length, lost, twice, wrong_sums: sums && differences(right, sums) };
}

function differences(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const keys = new Set([...a.keys(), ...b.keys()]);
  return [...keys].filter((key) => a.get(key) !== b.get(key)).length;
}

const nameOf = ({ unit, start_s, impressions }: Kept) => `${unit} ${start_s} ${impressions}`;

function add(to: Map<string, number>, key: string, n: number): void {
  to.set(key, (to.get(key) ?? 0) + n);
}
