/**
 * The soak's judge: from what really happened to a unit and from what the backend holds of it,
 * says where every five-minute period has gone. Pure; knows no board and no database.
 *
 * A period is a slot of five minutes of civil time. It must be stored when the unit had power and
 * a set clock from before its begin until after its end; before and after by MARGIN_S, by which a
 * unit's clock may be off the truth (answers that dribble in, a backend clock that was wrong). The
 * slots at the edges may be there or not: power was cut while they ran, or the clock was not set.
 *
 * Readings have numbers without gaps. A period that is not there is "dropped" only when a number
 * is missing at its place, when 96 later readings existed before any of them was delivered, and
 * when the unit has counted it. Everything else is unexplained.
 */
import { isoTime } from '../../shared/time.ts';
export const PERIOD_S = 300;
/** Readings that a unit keeps; ReadingQueue::kCapacity. */
const RING = 96;
/** Half a period. */
export const MARGIN_S = 150;

/** A row of the backend. `dated`: it begins when the unit's own clock said so. */
export interface StoredRow {
  seq: number;
  start_s: number;
  dated: boolean;
  received_s: number;
}

/** One life of the program, from a start to the next or to the end of power. */
export interface Boot {
  onMs: number;
  offMs: number;
  /** First answered heartbeat, by the unit's console; null: the clock was never set. */
  syncedMs: number | null;
  /** The power went within a write to flash: the reading being stored may be lost. */
  cutInWrite: boolean;
}

/** What happened, in true epoch ms. */
export interface UnitTruth {
  unit: string;
  boots: Boot[];
  /** The button closed a period early. */
  pressesMs: number[];
  /** Heartbeats that set the clock. */
  syncsMs: number[];
  /** Numbers the unit believes to have delivered. */
  confirmed: ReadonlySet<number>;
  /** Readings dropped because the ring was full, by the unit's own count. */
  dropped: number;
}

export interface Ledger {
  unit: string;
  /** Slots that must be accounted for. */
  periods: number;
  stored_once: number;
  stored_twice: number;
  dropped_counted: number;
  /** Slots at the edges of powered and synced time of which nothing is stored. */
  cut_by_power: number;
  unexplained: number;
  /** A sentence for each thing that is double or unexplained. */
  complaints: string[];
}

export function judge(truth: UnitTruth, rows: readonly StoredRow[]): Ledger {
  return new Judgement(truth, rows).ledger();
}

class Judgement {
  readonly #truth: UnitTruth;
  readonly #rows: readonly StoredRow[];
  readonly #bySeq = new Map<number, StoredRow>();
  /** Slot → rows that begin in it, dated ones only. */
  readonly #bySlot = new Map<number, StoredRow[]>();
  readonly #ledger: Ledger;

  constructor(truth: UnitTruth, rows: readonly StoredRow[]) {
    this.#truth = truth;
    this.#rows = [...rows].sort((a, b) => a.seq - b.seq);
    this.#ledger = {
      unit: truth.unit,
      periods: 0,
      stored_once: 0,
      stored_twice: 0,
      dropped_counted: 0,
      cut_by_power: 0,
      unexplained: 0,
      complaints: [],
    };
  }

  ledger(): Ledger {
    this.#sortIn();
    this.#checkConfirmed();
    const dropped = this.#droppedNumbers();
    this.#checkSlots(dropped);
    this.#checkStrays();
    return this.#ledger;
  }

  #complain(kind: 'unexplained' | 'stored_twice', sentence: string): void {
    this.#ledger[kind] += 1;
    this.#ledger.complaints.push(`${this.#truth.unit}: ${sentence}`);
  }

  /** Finds doubles on the way. */
  #sortIn(): void {
    for (const row of this.#rows) {
      if (this.#bySeq.has(row.seq)) {
        this.#complain('stored_twice', `reading ${row.seq} of ${iso(row.start_s)} is stored twice`);
        continue;
      }
      this.#bySeq.set(row.seq, row);
      if (!row.dated) continue;
      const slot = Math.floor(row.start_s / PERIOD_S);
      const there = this.#bySlot.get(slot);
      if (there) there.push(row);
      else this.#bySlot.set(slot, [row]);
    }
  }

  #checkConfirmed(): void {
    for (const seq of this.#truth.confirmed) {
      if (this.#bySeq.has(seq)) continue;
      this.#complain('unexplained', `reading ${seq} was acknowledged and is not stored`);
    }
  }

  /** Numbers that are missing for a good reason; complains of the others. */
  #droppedNumbers(): ReadonlySet<number> {
    const { boots, dropped: counted, confirmed } = this.#truth;
    const last = this.#rows.at(-1)?.seq ?? 0;
    const full = new Set<number>();
    const early: number[] = [];
    for (let seq = 1; seq < last; seq++) {
      if (this.#bySeq.has(seq)) continue;
      if (this.#ringWasFull(seq)) full.add(seq);
      else early.push(seq);
    }
    const torn = boots.filter(({ cutInWrite }) => cutInWrite).length;
    for (const seq of early.slice(torn)) {
      this.#complain('unexplained', `reading ${seq} is missing and the ring was not full`);
    }
    // One that was stored, its answer lost, may be dropped later: counted without being missing.
    const unsure = this.#rows.filter(({ seq }) => !confirmed.has(seq)).length;
    // A number that a cut within its write has cost may lie within an outage as well.
    const tornInOutage = Math.max(0, torn - early.length);
    // So may one that was on its way when the ring had to make room for another.
    const onTheirWay = this.#rows.filter(
      ({ seq }) => confirmed.has(seq) && this.#ringWasFull(seq),
    ).length;
    if (full.size > counted + tornInOutage || counted > full.size + unsure + onTheirWay) {
      const words = `${full.size} readings found no room, the unit has counted ${counted}`;
      this.#complain('unexplained', words);
    }
    return full;
  }

  /** True when neither `seq` nor the 96 after it were delivered before the last of them began. */
  #ringWasFull(seq: number): boolean {
    let newest: StoredRow | undefined;
    const last = this.#rows.at(-1)?.seq ?? 0;
    for (let n = seq + RING; n <= last && !newest; n++) newest = this.#bySeq.get(n);
    if (!newest) return false;
    for (let n = seq; n < seq + RING; n++) {
      const row = this.#bySeq.get(n);
      if (row && row.received_s < newest.start_s - MARGIN_S) return false;
    }
    return true;
  }

  #checkSlots(dropped: ReadonlySet<number>): void {
    // Slots that miss a row use up the missing numbers at their place, oldest first.
    const free = [...dropped].sort((a, b) => a - b);
    for (const boot of this.#truth.boots) {
      if (boot.syncedMs === null) continue;
      const fromS = boot.syncedMs / 1000;
      const toS = boot.offMs / 1000;
      for (let slot = Math.floor(fromS / PERIOD_S); slot * PERIOD_S < toS; slot++) {
        const startS = slot * PERIOD_S;
        const sure = startS >= fromS + MARGIN_S && startS + PERIOD_S <= toS - MARGIN_S;
        if (sure) this.#checkSlot(slot, free);
        else if (!this.#bySlot.has(slot)) this.#ledger.cut_by_power += 1;
      }
    }
  }

  #checkSlot(slot: number, free: number[]): void {
    const ledger = this.#ledger;
    ledger.periods += 1;
    const startS = slot * PERIOD_S;
    const rows = this.#bySlot.get(slot) ?? [];
    if (rows.some((row) => row.start_s === startS)) {
      ledger.stored_once += 1;
      return;
    }
    const [before, after] = this.#around(startS);
    const place = free.findIndex((seq) => seq > before && seq < after);
    if (place >= 0) {
      free.splice(place, 1);
      ledger.dropped_counted += 1;
    } else if (rows.length > 0 && this.#nearStep(startS)) {
      // The clock was put forward over the slot's begin: what is stored began a little later.
      ledger.stored_once += 1;
    } else {
      this.#complain('unexplained', `nothing is stored of ${iso(startS)}`);
    }
  }

  /** The numbers of the dated readings next to `startS`. */
  #around(startS: number): [number, number] {
    let before = 0;
    let after = Number.POSITIVE_INFINITY;
    for (const { seq, start_s, dated } of this.#rows) {
      if (!dated) continue;
      if (start_s < startS) before = Math.max(before, seq);
      else after = Math.min(after, seq);
    }
    return [before, after];
  }

  /** Every dated reading begins on a boundary, or where something made a period begin. */
  #checkStrays(): void {
    const { pressesMs } = this.#truth;
    for (const row of this.#rows) {
      if (!row.dated || row.start_s % PERIOD_S === 0) continue;
      const pressed = pressesMs.some((ms) => Math.abs(ms / 1000 - row.start_s) <= MARGIN_S);
      if (pressed || this.#nearStep(row.start_s) || this.#beforeSync(row.start_s)) continue;
      const words = `reading ${row.seq} begins at ${iso(row.start_s)}, where no period begins`;
      this.#complain('unexplained', words);
    }
  }

  /**
   * Until the clock is set, periods begin with the start of the unit and are dated afterwards; over
   * power cuts in between as late as they can have been, which may be when there was no power.
   */
  #beforeSync(startS: number): boolean {
    let fromS: number | null = null;
    for (const { onMs, syncedMs } of this.#truth.boots) {
      fromS ??= onMs / 1000 - MARGIN_S;
      if (syncedMs === null) continue;
      if (startS >= fromS && startS <= syncedMs / 1000 + MARGIN_S) return true;
      fromS = null;
    }
    return fromS !== null && startS >= fromS;
  }

  #nearStep(startS: number): boolean {
    return this.#truth.syncsMs.some((ms) => Math.abs(ms / 1000 - startS) <= PERIOD_S + MARGIN_S);
  }
}

function iso(seconds: number): string {
  return isoTime(seconds).slice(0, 19);
}
