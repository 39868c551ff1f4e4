/** A life with the built firmware, without a Worker: what it costs, and that it can be repeated. */

import { expect, test } from 'vitest';
import { randomScript } from '../../firmware/virtual/script/random-script.ts';
import { isoTimeMs } from '../../shared/time.ts';
import { START_MS } from './soak.ts';
import { SoakUnit } from './unit.ts';

const TIMEOUT_MS = 120_000;

/** Under a minute on an idle machine; this one may be busy, and a first day is the slowest. */
const MONTH_MAX_S = 180;

test('a month is a matter of a minute, not of hours', { timeout: TIMEOUT_MS }, async () => {
  const days = 1;
  const before = process.cpuUsage();
  const { asked } = await lifeOf(days);
  const { user, system } = process.cpuUsage(before);
  expect(((user + system) / 1e6) * (30 / days)).toBeLessThan(MONTH_MAX_S);
  expect(asked.length).toBeGreaterThan(100);
});

test('the same seed gives the same life', { timeout: TIMEOUT_MS }, async () => {
  expect(await lifeOf(0.25)).toEqual(await lifeOf(0.25));
});

test('a broken receiver is reported until it listens again', { timeout: TIMEOUT_MS }, async () => {
  const broken = { do: 'radio_broken', at_s: 600, for_s: 3600, what: 'wifi' } as const;
  const { asked, truth } = await lifeOf(2 / 24, { format: 1, events: [broken] });
  const beats = asked.filter((line) => line.includes('/api/heartbeat'));
  const radios = beats.map((line) => JSON.parse(line.slice(line.indexOf('{'))).radio ?? 0);
  // well at first, broken from then on through each restart for it, well at the end
  expect(radios.join('')).toMatch(/^01+0+$/);
  // 4, 8 and 16 minutes after it was found broken, and no more within the hour
  expect(truth.boots.length).toBe(4);
  expect(asked.some((line) => line.includes('/api/reading'))).toBe(true);
});

/** What a unit asks of a backend that has only the time for it, and what happened to it. */
async function lifeOf(days: number, script = randomScript({ seed: 3, days: 30, density: 8 })) {
  const asked: string[] = [];
  const unit = new SoakUnit({
    unit: 'JBNB0001',
    token: 'soak-token'.padEnd(43, 'x'),
    seed: 3,
    startMs: START_MS,
    script,
    backend: (nowMs) => async (request) => {
      asked.push(`${nowMs()} ${request.target} ${new TextDecoder().decode(request.body)}`);
      const server_time = isoTimeMs(nowMs());
      return { status: 200, body: JSON.stringify({ status: 'ok', server_time }) };
    },
  });
  await unit.live(days * 86_400_000);
  return { asked, truth: unit.end() };
}
