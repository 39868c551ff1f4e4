/** Fuzz of the cable: whatever is said between the unit's records, the picture is the same. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LF, RS } from '../../shared/console/records.ts';
import { itemOf } from '../../shared/console/schemas.ts';
import { ConsoleClient } from '../unit/console.ts';
import { consoleLine, stateAfterEvent } from './console-log.ts';
import { ObservableValue } from './observable.ts';
import type { ConnectionListener, UnitConnection } from './ports.ts';
import { runBringup } from './prepare-bringup.ts';
import { freshPrepareState } from './prepare-state.ts';
import { Unit } from './unit.ts';
import { type ChipInfo, NO_UNIT } from './unit-state.ts';

const MAC = 'F4:12:FA:00:00:01';
const CHIP: ChipInfo = {
  name: 'ESP32-S3',
  revision: 'v0.2',
  mac: MAC,
  flashBytes: 8_388_608,
  target: 'esp32s3',
};
const HELLO = {
  console: 1,
  app: 'provisioning',
  version: '6.0.0',
  device_id: null,
  cellular_ok: false,
  mac: MAC,
};

/** The records of a bring-up that goes well. */
const BRINGUP = Array.from({ length: 12 }, (_, i) => [
  { t: i, ev: 'bringup', step: i + 1, state: 'running', try: 1 },
  { t: i, ev: 'bringup', step: i + 1, state: 'ok', try: 1, said: 'OK' },
]).flat();
const DONE = { t: 13, ev: 'bringup_done', ok: true, step: 12, address: '10.170.1.2' };

const record = (json: string) => Uint8Array.of(RS, ...new TextEncoder().encode(json), LF);

/** A link over which a unit says `between[i]` after the i-th record of its bring-up. */
function linkOf(listener: ConnectionListener, between: readonly string[]): UnitConnection {
  const say = (value: object) => client.push(record(JSON.stringify(value)));
  const client: ConsoleClient = new ConsoleClient(
    async (bytes) => {
      const request = JSON.parse(new TextDecoder().decode(bytes.slice(1, -1)));
      say({ re: request.id, ok: true, ...(request.cmd === 'hello' ? HELLO : {}) });
      if (request.cmd !== 'provision') return;
      for (const [i, step] of BRINGUP.entries()) {
        say(step);
        client.push(record(between[i] ?? 'x'));
      }
      say(DONE);
    },
    (item) => listener.item(item),
  );
  return {
    enterDownload: async () => CHIP,
    write: () => Promise.reject(new Error('not in this test')),
    read: async () => new Uint8Array(),
    erase: async () => {},
    runApp: async () => {},
    request: (command, timeoutMs) => client.request(command, timeoutMs),
    writeRaw: async () => {},
    close: async () => {},
  };
}

/** What the page shows after a bring-up with that noise. */
async function picture(between: readonly string[]) {
  const unit = new Unit({ now: () => 0, sleep: async () => {} });
  await unit.connect({ kind: 'usb', connect: async (listener) => linkOf(listener, between) });
  await unit.watch();
  const state = new ObservableValue(freshPrepareState('JBNB0042'));
  const details: unknown[] = [];
  const reporter = { update: (reported: unknown) => details.push(reported), warn: () => {} };
  await runBringup(unit, state, reporter as never, new AbortController().signal);
  const { unrecognized, lines, ...seen } = unit.state.value;
  return { unrecognized, lines, seen: { ...seen, steps: state.value.steps, details } };
}

/** Records like those that move the picture, with a part of them wrong. */
const wrong = fc
  .tuple(
    fc.constantFrom<Record<string, unknown>>(
      ...BRINGUP,
      DONE,
      { t: 1, ev: 'led', pattern: 'sent' },
      { t: 2, ev: 'heartbeat', ok: true, status: 200, clock_synced: true },
      { re: 1, ok: true },
    ),
    fc.constantFrom('ev', 't', 'step', 'state', 'try', 'ok', 'status', 'pattern', 're', 'said'),
    fc.oneof(fc.constantFrom('<b>', -1, null, '[object Object]'), fc.jsonValue()),
  )
  .map(([base, field, value]) => JSON.stringify({ ...base, [field]: value }));
const noise = fc
  .oneof(wrong, fc.json(), fc.string())
  .map((text) => text.replace(/\p{Cc}/gu, ' '))
  .filter((text) => itemOf(text).kind === 'unrecognized');

test('unrecognized records in a bring-up move nothing, and are counted', async () => {
  const quiet = await picture([]);
  await fc.assert(
    fc.asyncProperty(fc.array(noise, { minLength: 24, maxLength: 24 }), async (between) => {
      const { unrecognized, lines, seen } = await picture(between);
      expect(seen).toEqual(quiet.seen);
      expect(unrecognized).toBe(BRINGUP.length);
      expect(lines.filter(({ kind }) => kind === 'unrecognized')).toHaveLength(BRINGUP.length);
    }),
    { numRuns: 100 },
  );
  expect(quiet.seen.steps.every(({ state }) => state === 'ok')).toBe(true);
});

test('the record that once froze the list at step 6', async () => {
  const froze = JSON.stringify({ ...BRINGUP[10], state: '<b>' });
  const { unrecognized, lines, seen } = await picture(new Array(24).fill(froze));
  expect(seen.steps.every(({ state }) => state === 'ok')).toBe(true);
  expect(unrecognized).toBe(24);
  expect(lines.find(({ kind }) => kind === 'unrecognized')?.text).toBe(froze);
});

test('an answer that does not hold what was asked fails in words, and is shown', async () => {
  const reported: string[] = [];
  const client: ConsoleClient = new ConsoleClient(
    async () => client.push(record('{"re":1,"ok":true,"console":"<b>"}')),
    (item) => reported.push(`${item.kind} ${consoleLine(item, 1, 0).text}`),
  );
  await expect(client.request({ cmd: 'hello' })).rejects.toMatchObject({
    code: 'unit_refused',
    message: 'The unit’s answer to “hello” is none.',
  });
  expect(reported).toEqual(['unrecognized {"re":1,"ok":true,"console":"<b>"}']);
});

test('whatever an event is, what it changes can be drawn', () => {
  fc.assert(
    fc.property(fc.oneof(wrong, fc.json()), (json) => {
      const item = itemOf(json);
      const line = consoleLine(item, 1, 0);
      expect(line.text.length).toBeLessThan(1100);
      if (item.kind !== 'event') return;
      const changes = stateAfterEvent(NO_UNIT, item.event, 0);
      expect(JSON.stringify(changes)).not.toMatch(/NaN|\[object/);
    }),
    { numRuns: 2000 },
  );
});
