/**
 * A soak: units live their days against the Worker, several at a time, and each is judged when its
 * days are over. Knows the parts, and neither arguments nor a terminal.
 */
import {
  type RandomScriptOptions,
  randomScript,
} from '../../firmware/virtual/script/random-script.ts';
import type { SoakBackend } from './backend.ts';
import { judge, type Ledger, type StoredRow, type UnitTruth } from './oracle.ts';
import { SoakUnit } from './unit.ts';

/** A Monday, the first hour of a day: streets follow the hour. */
export const START_MS = Date.UTC(2026, 9, 5);
const DAY_MS = 86_400_000;
/** One waits for the Worker while another computes. */
const AT_ONCE = 4;

export interface SoakOptions extends Pick<RandomScriptOptions, 'days' | 'density' | 'calmHours'> {
  units: number;
  seed: number;
  /** First number of the units' names. */
  firstUnit?: number;
  onUnit?(ledger: Ledger): void;
}

export interface LivedUnit {
  truth: UnitTruth;
  rows: StoredRow[];
  ledger: Ledger;
}

/** The result is in the order of the units. */
export async function soak(backend: SoakBackend, options: SoakOptions): Promise<LivedUnit[]> {
  const lived: LivedUnit[] = [];
  let next = 0;
  const lane = async () => {
    while (next < options.units) {
      const index = next++;
      lived[index] = await liveOne(backend, options, index);
      options.onUnit?.(lived[index].ledger);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, options.units) }, lane));
  return lived;
}

async function liveOne(
  backend: SoakBackend,
  options: SoakOptions,
  index: number,
): Promise<LivedUnit> {
  const { seed, days, firstUnit = 1 } = options;
  const name = `JBNB${String(firstUnit + index).padStart(4, '0')}`;
  const token = `soak-${name}-`.padEnd(43, 'x');
  await backend.register(name, token);
  const unitSeed = seed * 1000 + index;
  const unit = new SoakUnit({
    unit: name,
    token,
    seed: unitSeed,
    startMs: START_MS,
    script: randomScript({ ...options, seed: unitSeed }),
    backend: (nowMs) => backend.backendOf(name, nowMs),
  });
  await unit.live(days * DAY_MS);
  const truth = unit.end();
  const rows = await backend.rows(name);
  return { truth, rows, ledger: judge(truth, rows) };
}
