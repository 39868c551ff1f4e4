/**
 * Sums that came in since their location's last checkpoint, as they stand in the journal: one run
 * of bytes for each location, in the order of the journal's rows. Up to where a run of the push has
 * come, and up to where the one under way will come, are places in it. Pure.
 */

/** Bytes that a location's run begins with; some four buckets. */
const BYTES_MIN = 64;

interface Run {
  bytes: Uint8Array;
  length: number;
  /** What is before it has reached Supabase. */
  pushed: number;
  /** What is before it will have, when the push that is under way is through. */
  target: number;
  /** No row before this one holds any of it. */
  first_row: number;
}

export class PendingSums {
  /** By the number of their location. */
  readonly #runs: (Run | undefined)[] = [];
  #bytes = 0;

  /** Of all runs together. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Numbers of locations that have any, ascending, from the one after `after` on. */
  *locations(after = 0): Generator<number> {
    for (let at = after + 1; at < this.#runs.length; at += 1) if (this.#runs[at]) yield at;
  }

  /**
   * @param pushedRow last row of what has reached Supabase: it matters when rows are read again
   * @param targetRow last row of what the push under way takes there
   */
  add(
    location: number,
    { bytes, from, to }: { bytes: Uint8Array; from: number; to: number },
    row: number,
    pushedRow: number,
    targetRow: number,
  ): void {
    const run = this.#runOf(location, row);
    const length = run.length + to - from;
    if (length > run.bytes.length) {
      const more = new Uint8Array(Math.max(length, Math.ceil(run.bytes.length * 1.5)));
      more.set(run.bytes.subarray(0, run.length));
      run.bytes = more;
    }
    // Some twenty bytes: quicker one by one than by a view of them.
    for (let i = from, at = run.length; i < to; i += 1, at += 1) run.bytes[at] = bytes[i] ?? 0;
    run.length = length;
    if (row <= pushedRow) run.pushed = length;
    if (row <= Math.max(pushedRow, targetRow)) run.target = length;
    this.#bytes += to - from;
  }

  /** Everything of a location; a view, valid until more is added. */
  all(location: number): Uint8Array {
    return this.#part(location, 0, Number.POSITIVE_INFINITY);
  }

  /** What has reached Supabase. */
  pushed(location: number): Uint8Array {
    return this.#part(location, 0, this.#runs[location]?.pushed ?? 0);
  }

  /** What has not, as far as the push under way takes it. */
  aimed(location: number): Uint8Array {
    const run = this.#runs[location];
    return this.#part(location, run?.pushed ?? 0, run?.target ?? 0);
  }

  /** What has not, or what came in since the push under way began. */
  waiting(location: number, isBehind: boolean): Uint8Array {
    const run = this.#runs[location];
    const from = isBehind ? run?.target : run?.pushed;
    return this.#part(location, from ?? 0, Number.POSITIVE_INFINITY);
  }

  firstRow(location: number): number {
    return this.#runs[location]?.first_row ?? Number.POSITIVE_INFINITY;
  }

  /** Row before which nothing is pending. */
  get oldestRow(): number {
    let oldest = Number.POSITIVE_INFINITY;
    for (const at of this.locations()) oldest = Math.min(oldest, this.firstRow(at));
    return oldest;
  }

  /** A push begins: everything that is here now is its. */
  aim(): void {
    for (const run of this.#runs) if (run) run.target = run.length;
  }

  /** The push is through. */
  settle(): void {
    for (const run of this.#runs) if (run) run.pushed = run.target;
  }

  /** A checkpoint has the first `length` bytes; what remains stands in rows from `row` on. */
  forget(location: number, length: number, row: number): void {
    const run = this.#runs[location];
    if (!run) return;
    this.#bytes -= length;
    if (length === run.length) this.#runs[location] = undefined;
    else {
      this.#runs[location] = {
        bytes: run.bytes.slice(length, run.length),
        length: run.length - length,
        pushed: Math.max(0, run.pushed - length),
        target: Math.max(0, run.target - length),
        first_row: row,
      };
    }
  }

  #runOf(location: number, row: number): Run {
    const known = this.#runs[location];
    if (known) return known;
    // Without gaps: an array with many is a slow one.
    while (this.#runs.length < location) this.#runs.push(undefined);
    const run = { bytes: new Uint8Array(BYTES_MIN), length: 0, pushed: 0, target: 0 };
    const begun = { ...run, first_row: row };
    this.#runs[location] = begun;
    return begun;
  }

  #part(location: number, from: number, to: number): Uint8Array {
    const run = this.#runs[location];
    return run ? run.bytes.subarray(from, Math.min(to, run.length)) : new Uint8Array();
  }
}
