/** Records at the limits of docs/formats/console.md, and every word of its lists. */
import { describe, expect, test } from 'vitest';
import type { AppName, LedPattern, StepState } from './records.ts';
import { isAnswerTo, itemOf } from './schemas.ts';

const kindOf = (record: object) => itemOf(JSON.stringify(record)).kind;
const SAFE = Number.MAX_SAFE_INTEGER;
const U32 = 4_294_967_295;

const EVENTS = {
  boot: { app: 'jambox', version: '6.0.0', reset: 'power_on' },
  bringup: { step: 7, state: 'running', try: 3, said: '+CEREG: 0,2' },
  bringup_done: { ok: true, step: 12, address: '10.170.1.2' },
  led: { pattern: 'sent' },
  net: { state: 'registered', said: 'OK' },
  heartbeat: { ok: false, status: 0, clock_synced: true, config_version: 3 },
  reading: { ok: false, status: 0, start: 0, seq: 4, impressions: 9, device_minutes: 3, queue: 0 },
  command: { name: 'send_now' },
  config: { ok: false, version: 3, said: 'out of range' },
  at: { re: 5, line: '+CSQ: 20,0' },
  live: { impressions: 1, device_minutes: 1, rejected_static: 2, ble: 3 },
} as const;
type EventName = keyof typeof EVENTS;
const event = (ev: EventName, fields: object = {}) =>
  kindOf({ ev, t: 1, ...EVENTS[ev], ...fields });

const counts = (ev: EventName, ...names: string[]) =>
  names.map((name) => [ev, name, 0, 10_000_000] as const);

test.each([
  ...(Object.keys(EVENTS) as EventName[]).map((ev) => [ev, 't', 0, SAFE] as const),
  ['bringup', 'step', 1, 99],
  ['bringup', 'try', 1, 9999],
  ['bringup_done', 'step', 0, 99],
  ['heartbeat', 'config_version', 0, U32],
  ['reading', 'start', 0, SAFE],
  ['reading', 'seq', 0, U32],
  ['config', 'version', 0, U32],
  ['at', 're', 0, U32],
  ...counts('reading', 'impressions', 'device_minutes', 'queue'),
  ...counts('live', 'impressions', 'device_minutes', 'rejected_static', 'ble'),
] as const)('%s: %s is whole, from %i to %i', (ev, name, least, most) => {
  const kinds = [least, most, least - 1, most + 1, least + 0.5].map((n) =>
    event(ev, { [name]: n }),
  );
  expect(kinds).toEqual(['event', 'event', 'unrecognized', 'unrecognized', 'unrecognized']);
});

test.each([
  ['boot', 'version', 64],
  ['boot', 'reset', 64],
  ['bringup', 'said', 1024],
  ['bringup_done', 'address', 64],
  ['net', 'said', 1024],
  ['command', 'name', 64],
  ['config', 'said', 1024],
  ['at', 'line', 1024],
] as const)('%s: %s has at most %i characters', (ev, name, most) => {
  const of = (length: number) => event(ev, { [name]: 'x'.repeat(length) });
  expect([of(0), of(most), of(most + 1)]).toEqual(['event', 'event', 'unrecognized']);
});

describe('every word of a list, and none beside', () => {
  // By type: a word that is added there is asked for here.
  const leds: Record<LedPattern, true> = {
    booting: true,
    searching: true,
    failed: true,
    connected: true,
    sending: true,
    sent: true,
    send_failed: true,
    updating: true,
    button: true,
    here: true,
  };
  const steps: Record<StepState, true> = { running: true, ok: true, warning: true, failed: true };
  const apps: Record<AppName, true> = { provisioning: true, jambox: true };
  const nets = { searching: true, registered: true, online: true, offline: true };

  test.each([
    ['led', 'pattern', leds],
    ['bringup', 'state', steps],
    ['boot', 'app', apps],
    ['net', 'state', nets],
  ] as const)('%s: %s', (ev, name, words) => {
    for (const word of Object.keys(words)) {
      expect([word, event(ev, { [name]: word })]).toEqual([word, 'event']);
      for (const odd of [word.toUpperCase(), ` ${word}`, `${word}s`]) {
        expect([odd, event(ev, { [name]: odd })]).toEqual([odd, 'unrecognized']);
      }
    }
  });
});

/** A post that got through says so with a status of 200 to 299, and only then. */
test.each(['heartbeat', 'reading'] as const)('%s: its word and its status agree', (ev) => {
  for (const [status, got] of [
    [0, false],
    [199, false],
    [200, true],
    [201, true],
    [299, true],
    [300, false],
    [599, false],
  ] as const) {
    expect([status, event(ev, { status, ok: got })]).toEqual([status, 'event']);
    expect([status, event(ev, { status, ok: !got })]).toEqual([status, 'unrecognized']);
  }
  for (const status of [-1, 600, 200.5])
    expect(event(ev, { status, ok: false })).toBe('unrecognized');
});

describe('answers', () => {
  test.each([
    [{ re: 0, ok: true }, 'answer'],
    [{ re: U32, ok: true }, 'answer'],
    [{ re: U32 + 1, ok: true }, 'unrecognized'],
    [{ re: -1, ok: true }, 'unrecognized'],
    [{ re: 0, ok: false, error: 'x'.repeat(1024) }, 'answer'],
    [{ re: 0, ok: false, error: 'x'.repeat(1025) }, 'unrecognized'],
    [{ re: 0, ok: false }, 'unrecognized'],
    [{ re: 0, ok: true, ev: 'boot' }, 'unrecognized'],
    [{ re: 0, ok: true, ev: null }, 'unrecognized'],
  ])('%# is %s', (answer, kind) => expect(kindOf(answer)).toBe(kind));

  test('one that failed has its error and nothing else; one that did not, all that it says', () => {
    const failed = { re: 1, ok: false, error: 'busy' };
    expect(itemOf(JSON.stringify({ ...failed, more: 1 }))).toEqual({
      kind: 'answer',
      answer: failed,
    });
    const done = { re: 1, ok: true, more: { a: [1] } };
    expect(itemOf(JSON.stringify(done))).toEqual({ kind: 'answer', answer: done });
  });

  const hello = { console: 1, app: 'jambox', version: '6.0.0', device_id: null, cellular_ok: true };
  const at = { final: 'OK', ms: 12 };

  test.each([
    ['hello', { ...hello, console: 1000 }, true],
    ['hello', { ...hello, console: 1001 }, false],
    ['hello', { ...hello, console: 0 }, false],
    ['hello', { ...hello, device_id: 'JBNB0042', mac: 'f4:12:fa:00:00:01' }, true],
    ['hello', { ...hello, mac: 'F4-12-FA-00-00-01' }, false],
    ['hello', { ...hello, mac: 'F4:12:FA:00:00:01:02' }, false],
    ['hello', { ...hello, version: 'x'.repeat(65) }, false],
    ['hello', { ...hello, cellular_ok: 1 }, false],
    ['at', { ...at, ms: U32 }, true],
    ['at', { ...at, ms: U32 + 1 }, false],
    ['at', { ...at, final: 'x'.repeat(1025) }, false],
    ['at-data', at, true],
    ['at-data', { ms: 1 }, false],
    ['send', {}, true],
    ['wipe', { more: 1 }, true],
    ['live', {}, true],
    ['provision', {}, true],
  ] as const)('to %s: %j holds what was asked: %s', (cmd, fields, holds) => {
    expect(isAnswerTo(cmd, { re: 1, ok: true, ...fields })).toBe(holds);
    expect(isAnswerTo(cmd, { re: 1, ok: false, error: 'busy' })).toBe(true);
  });
});
