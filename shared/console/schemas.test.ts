/** Every record of the format fits, and whatever is put in its place does not. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConsoleAnswer } from './records.ts';
import { isAnswerTo, itemOf } from './schemas.ts';

const RECORDS: Record<string, unknown>[] = [
  { ev: 'boot', t: 0, app: 'jambox', version: '6.0.0', reset: 'power_on' },
  { ev: 'bringup', t: 12, step: 7, state: 'running', try: 3, said: '+CEREG: 0,2' },
  { ev: 'bringup_done', t: 13, ok: true, step: 12, address: '10.170.1.2' },
  { ev: 'led', t: 14, pattern: 'send_failed' },
  { ev: 'net', t: 15, state: 'registered', said: 'OK' },
  { ev: 'heartbeat', t: 16, ok: true, status: 200, clock_synced: true, config_version: 3 },
  {
    ev: 'reading',
    t: 17,
    ok: true,
    status: 201,
    start: 1_800_000_000,
    seq: 4,
    impressions: 9,
    device_minutes: 3,
    queue: 0,
  },
  { ev: 'command', t: 18, name: 'send_now' },
  { ev: 'config', t: 19, ok: false, version: 3, said: 'out of range' },
  { ev: 'at', t: 20, re: 5, line: '+CSQ: 20,0' },
  { ev: 'live', t: 21, impressions: 1, device_minutes: 1, rejected_static: 2, ble: 3 },
  { re: 7, ok: false, error: 'busy' },
];
const MAY_BE_LEFT_OUT = new Set(['said', 'address', 'config_version']);

/** No number, no word of a list, no truth: fits nowhere but where any text does. */
const ODD = [null, '<b>', -1, 1.5, 1e300, [], {}, { toString: 1 }, 'NaN', '', true] as const;

const kindOf = (record: unknown) => itemOf(JSON.stringify(record)).kind;

test.each(RECORDS)('$ev fits as it is, and with what newer firmware adds', (record) => {
  const kind = 'ev' in record ? 'event' : 'answer';
  expect([kindOf(record), kindOf({ ...record, newer: { a: [1] } })]).toEqual([kind, kind]);
});

test.each(RECORDS)('$ev needs what it is made of', (record) => {
  for (const name of Object.keys(record).filter((name) => !MAY_BE_LEFT_OUT.has(name))) {
    const { [name]: _gone, ...rest } = record;
    expect([name, kindOf(rest)]).toEqual([name, 'unrecognized']);
  }
});

test('no field takes what is of another kind, and what does not fit is kept as it was', () => {
  for (const record of RECORDS) {
    for (const [name, value] of Object.entries(record)) {
      const others = ODD.filter((odd) => odd === null || typeof odd !== typeof value);
      for (const odd of others) {
        const json = JSON.stringify({ ...record, [name]: odd });
        expect(itemOf(json)).toEqual({ kind: 'unrecognized', text: json });
      }
    }
  }
});

test.each([
  [{ ev: 'bringup', t: 1, step: 6, state: '<b>', try: 1 }],
  [{ ev: 'bringup', t: 1, step: 0, state: 'ok', try: 1 }],
  [{ ev: 'bringup', t: 1, step: 6, state: 'ok', try: 0 }],
  [{ ev: 'led', t: 1, pattern: 'constructor' }],
  [{ ev: 'led', t: -1, pattern: 'sent' }],
  [{ ev: 'heartbeat', t: 1, ok: true, status: 0, clock_synced: true }],
  [{ ev: 'heartbeat', t: 1, ok: false, status: 200, clock_synced: true }],
  [{ ...RECORDS[6], status: 500 }],
  [{ ...RECORDS[6], impressions: 1e9 }],
  [{ ev: 'dance', t: 1 }],
  [{ re: 7, ok: 1 }],
  [[{ re: 7, ok: true }]],
  [{ ...RECORDS[1], re: 7, ok: true, state: 'dance' }],
])('%j is none of the format', (record) => {
  expect(kindOf(record)).toBe('unrecognized');
});

test('any JSON is an item that can be shown', () => {
  const own = fc.constantFrom(...RECORDS.flatMap((r) => [...Object.entries(r)]));
  const record = fc
    .tuple(
      fc.constantFrom(...RECORDS),
      fc.array(fc.oneof(own, fc.tuple(fc.string(), fc.anything()))),
    )
    .map(([base, changes]) => ({ ...base, ...Object.fromEntries(changes) }));
  const json = fc.oneof(
    fc.json(),
    fc.string(),
    record.map((r) => safeJson(r)),
  );
  fc.assert(
    fc.property(json, (text) => {
      const item = itemOf(text);
      if (item.kind === 'unrecognized') expect(item.text).toBe(text);
      else expect(JSON.parse(JSON.stringify(item))).toEqual(item);
      if (item.kind === 'event' && item.event.ev === 'bringup') {
        expect(['running', 'ok', 'warning', 'failed']).toContain(item.event.state);
        expect(Number.isInteger(item.event.step)).toBe(true);
      }
    }),
    { numRuns: 3000 },
  );
});

/** fast-check's anything may hold what JSON cannot. */
function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

describe('answers hold what was asked', () => {
  const status = {
    re: 3,
    ok: true,
    uptime_s: 60,
    led: 'connected',
    cereg: 5,
    rssi_dbm: -85,
    online: true,
    clock_synced: true,
    time: 1_800_000_000,
    queue: 0,
    send_failures: 0,
    sent: 4,
    dropped: 0,
    refused: 0,
    config_version: 0,
    radio: 0,
  } as const satisfies ConsoleAnswer;

  const hello = {
    re: 1,
    ok: true,
    console: 1,
    app: 'jambox',
    version: '6.0.0',
    device_id: null,
    cellular_ok: false,
  } as const satisfies ConsoleAnswer;
  const at = { re: 2, ok: true, final: 'OK', ms: 12 } as const satisfies ConsoleAnswer;

  test.each([
    ['hello', hello, true],
    ['hello', { ...hello, mac: 'F4:12:FA:00:00:01', more: 1 }, true],
    ['hello', { ...hello, mac: '<b>' }, false],
    ['hello', { ...hello, device_id: 'JBNB1' }, false],
    ['hello', { ...hello, app: 'other' }, false],
    ['hello', at, false],
    ['status', hello, false],
    ['status', status, true],
    ['status', { ...status, rssi_dbm: null, cereg: -1, radio: 255, more: 1 }, true],
    ['at', at, true],
    ['at', { re: 2, ok: true }, false],
    ['reboot', { re: 2, ok: true }, true],
    ['hello', { re: 2, ok: false, error: 'busy' }, true],
  ] as const)('%s: %j → %s', (cmd, answer, fits) => {
    expect(isAnswerTo(cmd, answer)).toBe(fits);
  });

  test('a status needs all but its radio, and takes nothing of another kind', () => {
    expect(isAnswerTo('status', without(status, 'radio'))).toBe(true);
    for (const name of Object.keys(status).filter((n) => !['re', 'ok', 'radio'].includes(n))) {
      expect([name, isAnswerTo('status', without(status, name))]).toEqual([name, false]);
    }
    for (const [name, value] of Object.entries(status).slice(2)) {
      const others = ODD.filter((odd) => typeof odd !== typeof value && odd !== null);
      for (const odd of [...others, -201, 1.5, 2 ** 60]) {
        const changed = { ...status, [name]: odd };
        expect([name, odd, isAnswerTo('status', changed)]).toEqual([name, odd, false]);
      }
    }
  });

  test.each([
    ['cereg', -1, 99],
    ['rssi_dbm', -200, 100],
    ['radio', 0, 255],
    ['sent', 0, 4_294_967_295],
    ['queue', 0, 10_000_000],
  ])('a status with %s: from %i to %i', (name, least, most) => {
    const fits = (value: number) => isAnswerTo('status', { ...status, [name]: value });
    expect([least - 1, least, most, most + 1].map(fits)).toEqual([false, true, true, false]);
  });
});

function without(answer: ConsoleAnswer, field: string): ConsoleAnswer {
  const left = Object.entries(answer).filter(([name]) => name !== field);
  return Object.fromEntries(left) as ConsoleAnswer;
}
