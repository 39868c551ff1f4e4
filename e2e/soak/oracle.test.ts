/** The judge on lives made by hand: a faultless one passes, and each kind of fault is noticed. */
import { describe, expect, test } from 'vitest';
import { type Boot, judge, PERIOD_S, type StoredRow, type UnitTruth } from './oracle.ts';

const T0_S = 1_790_000_100;
const boot = (onS: number, offS: number, more: Partial<Boot> = {}): Boot => ({
  onMs: onS * 1000,
  offMs: offS * 1000,
  syncedMs: (onS + 20) * 1000,
  cutInWrite: false,
  ...more,
});

/** `periods` of a unit that is switched on at T0 and delivers each reading at its end. */
function life(periods: number) {
  const rows: StoredRow[] = Array.from({ length: periods }, (_, n) => ({
    seq: n + 1,
    start_s: T0_S + n * PERIOD_S,
    dated: true,
    received_s: T0_S + (n + 1) * PERIOD_S + 5,
  }));
  const truth: UnitTruth = {
    unit: 'JBNB0001',
    boots: [boot(T0_S, T0_S + periods * PERIOD_S)],
    pressesMs: [],
    syncsMs: [(T0_S + 20) * 1000],
    confirmed: new Set(rows.map(({ seq }) => seq)),
    dropped: 0,
  };
  return { truth, rows };
}

test('a faultless life is accounted for', () => {
  const { truth, rows } = life(200);
  const ledger = judge(truth, rows);
  expect(ledger).toMatchObject({ stored_twice: 0, unexplained: 0, dropped_counted: 0 });
  // The first begins before the clock is set, the last ends with the power.
  expect(ledger.periods).toBe(198);
  expect(ledger.stored_once).toBe(198);
});

describe('the judge complains when', () => {
  test('a row is lost', () => {
    const { truth, rows } = life(200);
    rows.splice(77, 1);
    expect(judge(truth, rows).unexplained).toBeGreaterThan(0);
    // Even if the unit never learned that it had arrived.
    const unsure = { ...truth, confirmed: new Set<number>() };
    expect(judge(unsure, rows).unexplained).toBeGreaterThan(0);
  });

  test('a row is there twice', () => {
    const { truth, rows } = life(50);
    rows.push({ ...rows[20]!, received_s: 0 });
    expect(judge(truth, rows)).toMatchObject({ stored_twice: 1 });
  });

  test('a period is missing although no number is', () => {
    const { truth, rows } = life(50);
    for (const row of rows.slice(20)) row.seq -= 1;
    rows.splice(20, 1);
    const confirmed = new Set(rows.map(({ seq }) => seq));
    expect(judge({ ...truth, confirmed }, rows)).toMatchObject({ unexplained: 1 });
  });

  test('a period begins where nothing makes one begin', () => {
    const { truth, rows } = life(50);
    const stray = { seq: 51, start_s: T0_S + 30 * PERIOD_S + 100, dated: true, received_s: 0 };
    expect(judge(truth, [...rows, stray]).unexplained).toBe(1);
    const pressesMs = [(stray.start_s + 1) * 1000];
    expect(judge({ ...truth, pressesMs }, [...rows, stray]).unexplained).toBe(0);
  });

  test('readings were dropped while there was room', () => {
    const { truth, rows } = life(200);
    rows.splice(50, 3);
    const confirmed = new Set(rows.map(({ seq }) => seq));
    expect(judge({ ...truth, confirmed, dropped: 3 }, rows).unexplained).toBeGreaterThan(0);
  });
});

describe('an outage longer than the ring', () => {
  /** Readings 51 … 160 wait until 161 is made; the first 14 of them find no room. */
  function outage() {
    const { truth, rows } = life(200);
    const back = rows[160]!.received_s;
    for (const row of rows.slice(50, 160)) row.received_s = back;
    rows.splice(50, 14);
    const confirmed = new Set(rows.map(({ seq }) => seq));
    return { truth: { ...truth, confirmed, dropped: 14 }, rows };
  }

  test('drops, and the unit has counted it', () => {
    const { truth, rows } = outage();
    expect(judge(truth, rows)).toMatchObject({ dropped_counted: 14, unexplained: 0 });
  });

  test('may count one that was on its way when room was needed, and arrived', () => {
    const { truth, rows } = outage();
    expect(judge({ ...truth, dropped: 15 }, rows)).toMatchObject({ unexplained: 0 });
    expect(judge({ ...truth, dropped: 17 }, rows)).toMatchObject({ unexplained: 1 });
  });

  test('drops more than the unit has counted', () => {
    const { truth, rows } = outage();
    expect(judge({ ...truth, dropped: 13 }, rows)).toMatchObject({ unexplained: 1 });
  });
});

describe('a power cut', () => {
  test('costs the period that it cuts, and no other', () => {
    const { truth, rows } = life(100);
    const cutS = T0_S + 50 * PERIOD_S + 140;
    const boots = [boot(T0_S, cutS), boot(cutS + 60, T0_S + 100 * PERIOD_S)];
    const [, second] = boots;
    const syncsMs = [...truth.syncsMs, second!.syncedMs!];
    const cut = rows.filter(({ seq }) => seq !== 51).map((row) => ({ ...row }));
    for (const row of cut) if (row.seq > 51) row.seq -= 1;
    const confirmed = new Set(cut.map(({ seq }) => seq));
    const ledger = judge({ ...truth, boots, syncsMs, confirmed }, cut);
    expect(ledger).toMatchObject({ unexplained: 0, stored_twice: 0 });
    expect(ledger.cut_by_power).toBeGreaterThan(0);
  });

  test('within the write of a reading may cost its number', () => {
    const { truth, rows } = life(100);
    const cutS = T0_S + 51 * PERIOD_S + 1;
    const boots = [boot(T0_S, cutS, { cutInWrite: true }), boot(cutS, T0_S + 100 * PERIOD_S)];
    const cut = rows.filter(({ seq }) => seq !== 51);
    const confirmed = new Set(cut.map(({ seq }) => seq));
    expect(judge({ ...truth, boots, confirmed }, cut)).toMatchObject({ unexplained: 0 });
    const clean = boots.map((b) => ({ ...b, cutInWrite: false }));
    expect(judge({ ...truth, boots: clean, confirmed }, cut).unexplained).toBe(1);
  });
});
