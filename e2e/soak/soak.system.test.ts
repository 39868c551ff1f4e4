/**
 * A small soak on every run, and proof that it can fail: the same judge must complain of a Worker
 * that stores a repeat, and of a row that has gone.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SoakBackend } from './backend.ts';
import { ledgerText, sumOf } from './ledger.ts';
import { judge } from './oracle.ts';
import { type LivedUnit, soak } from './soak.ts';

/** Seconds on a machine with nothing else to do. */
const TIMEOUT_MS = 300_000;
/** Two days must see every kind of fault. */
const DENSITY = 8;

let backend: SoakBackend;
let lived: LivedUnit[];

beforeAll(async () => {
  backend = await SoakBackend.start();
  lived = await soak(backend, { units: 2, days: 2, seed: 1, density: DENSITY });
}, TIMEOUT_MS);
afterAll(() => backend?.stop());

test('every period of two units’ two days is accounted for', async () => {
  const ledgers = lived.map(({ ledger }) => ledger);
  const sum = sumOf(ledgers);
  expect(sum, ledgerText(ledgers)).toMatchObject({ stored_twice: 0, unexplained: 0 });
  expect(sum.periods).toBeGreaterThan(400);
  expect(lived.some(({ truth }) => truth.boots.length > 3)).toBe(true);
  const { readings, place } = await backend.sums();
  expect(readings).toBeGreaterThan(0);
  expect(place).toBe(readings);
});

test('a stored row that vanishes is noticed', () => {
  const { truth, rows } = lived[0]!;
  const middle = Math.floor(rows.length / 2);
  expect(judge(truth, rows.toSpliced(middle, 1)).unexplained).toBeGreaterThan(0);
});

test('a store that is not idempotent is noticed', { timeout: TIMEOUT_MS }, async () => {
  backend.isLoose = true;
  const half = { units: 1, days: 0.5, calmHours: 1, density: 2 * DENSITY };
  const [loose] = await soak(backend, { ...half, seed: 2, firstUnit: 100 });
  expect(loose?.ledger.stored_twice).toBeGreaterThan(0);
});
