/**
 * What a virtual unit with the built firmware says of its health, and what a Worker makes of it for
 * the page: how much memory is free, and why it started each time.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HEAP_BYTES } from '../../firmware/virtual/heap.ts';
import { SoakBackend } from './backend.ts';
import { START_MS } from './soak.ts';
import { SoakUnit } from './unit.ts';

const TIMEOUT_MS = 300_000;
const UNIT = 'JBNB0001';
const TOKEN = 'soak-health-'.padEnd(43, 'x');
const HOUR_MS = 3_600_000;

let backend: SoakBackend;
beforeAll(async () => {
  backend = await SoakBackend.start();
}, TIMEOUT_MS);
afterAll(() => backend?.stop());

test(
  'power cut, brownout, crash and standstill are told apart, and a leak is seen before it crashes',
  async () => {
    await backend.register(UNIT, TOKEN);
    const unit = new SoakUnit({
      ...{ unit: UNIT, token: TOKEN, seed: 7, startMs: START_MS },
      backend: (nowMs) => backend.backendOf(UNIT, nowMs),
      script: { format: 1, events: [{ do: 'power_cut', at_s: 7200, for_s: 60 }] },
    });
    await unit.live(HOUR_MS);
    unit.command({ cmd: 'fail', cause: 'brown-out' });
    await unit.live(2 * HOUR_MS);
    unit.command({ cmd: 'fail', cause: 'watchdog' });
    await unit.live(HOUR_MS);
    // Slowly, over a day, to the next heartbeat; then what is left at once.
    for (let hour = 0; hour < 25; hour += 1) {
      unit.command({ cmd: 'memory', takeKib: 2 });
      await unit.live(HOUR_MS);
    }
    unit.command({ cmd: 'memory', takeKib: 100 });
    await unit.live(HOUR_MS);
    const { restarts, heartbeats } = await backend.past(UNIT, unit.nowMs);
    unit.end();
    expect(restarts.map(({ reason }) => reason)).toEqual([
      'crash',
      'watchdog',
      'power',
      'brownout',
    ]);
    // The first start is none anew, yet it says why.
    expect(heartbeats.at(-1)?.start_reason).toBe('power');
    const free = heartbeats.map(({ free_kib }) => Number(free_kib)).reverse();
    const [before, after] = [free.at(-3), free.at(-2)];
    expect(Math.max(...free)).toBeLessThanOrEqual(HEAP_BYTES / 1024);
    expect(Number(before) - Number(after)).toBeGreaterThan(40);
    expect(free.at(-1)).toBeGreaterThan(Number(after));
    for (const { free_kib, free_min_kib } of heartbeats) {
      expect(Number(free_min_kib)).toBeLessThanOrEqual(Number(free_kib));
    }
  },
  TIMEOUT_MS,
);
