/**
 * A virtual unit with the built firmware catches up after a night without a backend: with a Worker
 * that takes batches, and with one from before them. Both have all readings once; what it costs
 * differs by an order of magnitude (docs/decisions/0065). Their ids have five digits and eight:
 * identity partition, firmware and Worker take them.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend } from '../../firmware/virtual/network/backend-network.ts';
import { SoakBackend } from './backend.ts';
import { START_MS } from './soak.ts';
import { SoakUnit } from './unit.ts';

const TIMEOUT_MS = 300_000;
/** Longer than the unit's queue of 96 five-minute readings. */
const OUTAGE = { at_s: 900, for_s: 8.5 * 3600 };
const QUEUE = 96;

let backend: SoakBackend;
beforeAll(async () => {
  backend = await SoakBackend.start();
}, TIMEOUT_MS);
afterAll(() => backend?.stop());

/** Requests with readings from the end of the outage until the queue is empty, and seconds. */
async function catchUp(name: string, knowsBatches: boolean) {
  const token = `soak-${name}-`.padEnd(43, 'x');
  await backend.register(name, token);
  const sentMs: number[] = [];
  const endMs = START_MS + 1000 * (OUTAGE.at_s + OUTAGE.for_s);
  const watched = (nowMs: () => number): Backend => {
    const ask = backend.backendOf(name, nowMs);
    return async (request) => {
      const isReading = request.target.startsWith('/api/reading');
      if (isReading && nowMs() > endMs) sentMs.push(nowMs());
      const isUnknown = request.target.endsWith('/batch') && !knowsBatches;
      return isUnknown ? { status: 404, body: '{"error":"not found"}' } : await ask(request);
    };
  };
  const unit = new SoakUnit({
    ...{ unit: name, token, seed: 5, startMs: START_MS, backend: watched },
    script: { format: 1, events: [{ do: 'backend_unreachable', ...OUTAGE }] },
  });
  await unit.live(1000 * (OUTAGE.at_s + OUTAGE.for_s + 3600));
  const { dropped } = unit.end();
  const rows = await backend.rows(name);
  // What comes after a pause is the next period's, not the queue's.
  const end = sentMs.findIndex((ms, i) => ms - (sentMs[i - 1] ?? ms) > 60_000);
  const of = sentMs.slice(0, end);
  return {
    requests: of.length,
    seconds: Math.round(((of.at(-1) ?? 0) - (of[0] ?? 0)) / 1000),
    seqs: rows.map(({ seq }) => seq),
    dropped,
  };
}

test(
  '96 readings: an order of magnitude fewer requests and seconds',
  async () => {
    const now = await catchUp('JBNB99999999', true);
    const before = await catchUp('JBNB10000', false);
    console.info(
      `requests ${before.requests} → ${now.requests}, seconds ${before.seconds} → ${now.seconds}`,
    );
    for (const { seqs, dropped } of [now, before]) {
      expect(new Set(seqs).size).toBe(seqs.length);
      expect(seqs.length).toBeGreaterThan(QUEUE);
      // Lost is what the queue had no room for, and nothing else.
      expect(seqs.length + dropped).toBe(Math.max(...seqs.map(Number)));
    }
    expect(now.requests).toBeLessThanOrEqual(10);
    expect(before.requests).toBeGreaterThanOrEqual(QUEUE);
    expect(before.seconds / now.seconds).toBeGreaterThan(10);
  },
  TIMEOUT_MS,
);
