/** Messages through Hologram over real D1: nothing lost, nothing twice, nobody else's unit. */
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import type { Reading } from '../../shared/contracts/reading.ts';
import { AppError } from '../../shared/errors.ts';
import { isoSecond } from '../../shared/time.ts';
import { type Adapters, adaptersOf } from '../services.ts';
import { keptReadings } from '../testing/kept.ts';
import { addUnit, count, freshWorld } from '../testing/world.ts';
import { takeMessage } from './hologram.ts';
import { eachFailure, eachInterruption } from './testing/faults.ts';

const NOW_MS = Date.UTC(2026, 0, 28, 12);
const READING = { d: 'JBNB0001', t: isoSecond(NOW_MS / 1000 - 600), ts: 1, i: 3, u: 2, seq: 4 };
type Ports = Adapters;

async function fresh(): Promise<Ports> {
  await freshWorld();
  await addUnit('JBNB0001');
  await addUnit('JBNB0002', 'u'.repeat(43));
  await env.DB.prepare("UPDATE devices SET hologram_device_id = 7 WHERE id = 'JBNB0001'").run();
  return adaptersOf(env);
}
const parse = (value: unknown): Reading => {
  if (typeof (value as Reading).i === 'number') return value as Reading;
  throw new AppError('invalid', 'i: is missing');
};
const message = (data: string | Record<string, unknown>, received = '2026-01-28T12:00:00') => ({
  ...{ hologram_device_id: 7, received, data },
});
const take =
  (data: string | Record<string, unknown>, received?: string, nowMs = NOW_MS) =>
  (ports: Ports) =>
    takeMessage(ports, message(data, received), parse, nowMs);
const kept = async () => [(await keptReadings()).length, await count('hologram_messages')];

const TEXT = JSON.stringify(READING);
test.each([
  ['an object', READING],
  ['JSON text', TEXT],
  ['JSON text behind spaces', `\n  ${TEXT}`],
  ['base64 of JSON text', btoa(TEXT)],
  ['base64 of a request', btoa(`POST /api/reading HTTP/1.1\r\nHost: x\r\n\r\n${TEXT}\r\n`)],
])('%s is a reading', async (_name, data) => {
  const ports = await fresh();
  expect(await take(data)(ports)).toEqual({ status: 'ok', device_id: 'JBNB0001' });
  expect(await take(data)(ports)).toMatchObject({ note: 'repeat_ignored', device_id: null });
  expect(await take(data, 'later')(ports)).toMatchObject({ note: 'duplicate_ignored' });
  expect(await kept()).toEqual([1, 2]);
});

test.each<[string, string | Record<string, unknown>, string]>([
  ['nothing', '', 'data: holds no JSON object'],
  ['no base64', 'ä', 'data: is neither base64 nor JSON'],
  ['base64 of no object', btoa('hello'), 'data: holds no JSON object'],
  ['brackets the wrong way round', btoa('} {'), 'data: holds no JSON object'],
  ['half an object', '{"d": 1, }', 'data: is not valid JSON'],
  ['no reading', { d: 'JBNB0001' }, 'i: is missing'],
  ['another’s', { ...READING, d: 'JBNB0002' }, 'd: is not the unit linked to this Hologram device'],
  ['a time that is over', { ...READING, t: '2025-01-01T00:00:00Z' }, 't: is older than 30 days'],
])('%s is refused once, kept to be looked into, and then a repeat', async (_name, data, words) => {
  const ports = await fresh();
  await expect(take(data)(ports)).rejects.toMatchObject({ code: 'invalid', message: words });
  expect(await kept()).toEqual([0, 1]);
  expect(await take(data)(ports)).toMatchObject({ note: 'repeat_ignored' });
});

test('a device that is no unit, or one out of service, leaves nothing', async () => {
  const ports = await fresh();
  const stranger = { ...message(READING), hologram_device_id: 8 };
  await expect(takeMessage(ports, stranger, parse, NOW_MS)).rejects.toMatchObject({
    code: 'not_found',
  });
  await env.DB.prepare("UPDATE devices SET status = 'inactive'").run();
  await expect(take(READING)(ports)).rejects.toMatchObject({ code: 'not_found' });
  expect(await kept()).toEqual([0, 0]);
});

test('whatever fails, sent again it is there once', async () => {
  const calls = await eachFailure(fresh, take(READING), async ({ thrown }, ports) => {
    expect(thrown).toMatchObject({ message: expect.stringContaining('lost') });
    await take(READING)(ports);
    expect(await kept()).toEqual([1, 1]);
  });
  expect(calls).toEqual(['hologram.look', 'readings.ingest', 'hologram.keep']);
});

test('the same twice at once is one reading', async () => {
  await eachInterruption(fresh, take(READING), take(READING), async (_before, outcomes) => {
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(await kept()).toEqual([1, 1]);
  });
});

test('equal words of two periods are two readings, without a time too', async () => {
  const ports = await fresh();
  // A unit without a clock: seconds since its start, which a restart begins anew.
  const empty = { d: 'JBNB0001', t: 300, ts: 0, i: 0, u: 0 };
  await take(empty, '', NOW_MS)(ports);
  await take(empty, '', NOW_MS + 3_600_000)(ports);
  expect((await keptReadings()).length).toBe(2);
  await take(empty, '', NOW_MS + 3_600_000 + 5000)(ports);
  expect((await keptReadings()).length).toBe(2);
});
