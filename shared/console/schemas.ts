/**
 * What a unit may say in console records, as schemas: whatever comes over the cable is input. Types
 * are those of records.ts; limits are the console format's (docs/formats/console.md) where it has
 * some, else what a page can show. Unknown fields are left out: newer firmware. Knows no transport.
 */
import * as v from 'valibot';
import { Count, DeviceId } from '../contracts/common.ts';
import type {
  ConsoleAnswer,
  ConsoleEvent,
  ConsoleItem,
  ConsoleRequest,
  Hello,
  UnitStatusRecord,
} from './records.ts';

/** Longer than anything the format allows within one record. */
const TEXT_MAX = 1024;
const WORD_MAX = 64;

const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
const Text = v.pipe(v.string(), v.maxLength(TEXT_MAX));
const Word = v.pipe(v.string(), v.maxLength(WORD_MAX));
const Uint32 = whole(0, 4_294_967_295);
/** Milliseconds since boot, or seconds of any kind. */
const Time = whole(0, Number.MAX_SAFE_INTEGER);

const HttpStatus = whole(0, 599);

const App = v.picklist(['provisioning', 'jambox']);
const Led = v.picklist([
  'booting',
  'searching',
  'failed',
  'connected',
  'sending',
  'sent',
  'send_failed',
  'updating',
  'button',
  'here',
]);

const Post = { t: Time, ok: v.boolean(), status: HttpStatus };

const Event = v.union([
  v.object({ ev: v.literal('boot'), t: Time, app: App, version: Word, reset: Word }),
  v.object({
    ev: v.literal('bringup'),
    t: Time,
    step: whole(1, 99),
    state: v.picklist(['running', 'ok', 'warning', 'failed']),
    try: whole(1, 9999),
    said: v.exactOptional(Text),
  }),
  v.object({
    ev: v.literal('bringup_done'),
    t: Time,
    ok: v.boolean(),
    step: whole(0, 99),
    address: v.exactOptional(Word),
  }),
  v.object({ ev: v.literal('led'), t: Time, pattern: Led }),
  v.object({
    ev: v.literal('net'),
    t: Time,
    state: v.picklist(['searching', 'registered', 'online', 'offline']),
    said: v.exactOptional(Text),
  }),
  v.object({
    ev: v.literal('heartbeat'),
    ...Post,
    clock_synced: v.boolean(),
    config_version: v.exactOptional(Uint32),
  }),
  v.object({
    ev: v.literal('reading'),
    ...Post,
    start: Time,
    seq: Uint32,
    impressions: Count,
    device_minutes: Count,
    queue: Count,
  }),
  v.object({ ev: v.literal('command'), t: Time, name: Word }),
  v.object({
    ev: v.literal('config'),
    t: Time,
    ok: v.boolean(),
    version: Uint32,
    said: v.exactOptional(Text),
  }),
  v.object({ ev: v.literal('at'), t: Time, re: Uint32, line: Text }),
  v.object({
    ev: v.literal('live'),
    t: Time,
    impressions: Count,
    device_minutes: Count,
    rejected_static: Count,
    ble: Count,
  }),
]) satisfies v.GenericSchema<unknown, ConsoleEvent>;

const Answer = v.union([
  v.looseObject({ re: Uint32, ok: v.literal(true) }),
  v.object({ re: Uint32, ok: v.literal(false), error: Text }),
]) satisfies v.GenericSchema<unknown, ConsoleAnswer>;

/** `F4:12:FA:00:00:01`, in either case. */
const Mac = v.pipe(v.string(), v.regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i));

const HelloAnswer = v.looseObject({
  console: whole(1, 1000),
  app: App,
  version: Word,
  device_id: v.nullable(DeviceId),
  cellular_ok: v.boolean(),
  mac: v.exactOptional(Mac),
}) satisfies v.GenericSchema<unknown, Hello>;

const StatusAnswer = v.looseObject({
  uptime_s: Time,
  led: Led,
  cereg: whole(-1, 99),
  rssi_dbm: v.nullable(whole(-200, 100)),
  online: v.boolean(),
  clock_synced: v.boolean(),
  time: Time,
  queue: Count,
  send_failures: Uint32,
  sent: Uint32,
  dropped: Uint32,
  refused: Uint32,
  config_version: Uint32,
  radio: v.exactOptional(whole(0, 255)),
}) satisfies v.GenericSchema<unknown, UnitStatusRecord>;

const AtAnswer = v.looseObject({ final: Text, ms: Uint32 });

/** What an answer holds besides `re` and `ok`, where that is anything. */
const ANSWER_BODIES: Partial<Record<ConsoleRequest['cmd'], v.GenericSchema>> = {
  hello: HelloAnswer,
  status: StatusAnswer,
  at: AtAnswer,
  'at-data': AtAnswer,
};

/**
 * A record's JSON as an item. What does not fit comes out as `unrecognized`, as it was:
 * it is shown, and nothing else happens by it.
 */
export function itemOf(json: string): ConsoleItem {
  const value = parsed(json);
  const isEvent = typeof value === 'object' && value !== null && 'ev' in value;
  const answer = v.safeParse(Answer, value);
  if (answer.success && !isEvent) return { kind: 'answer', answer: answer.output };
  const event = v.safeParse(Event, value);
  if (event.success && isAtOne(event.output)) return { kind: 'event', event: event.output };
  return { kind: 'unrecognized', text: json };
}

/** A post says that it got through, and with which status: these must agree. */
function isAtOne(event: ConsoleEvent): boolean {
  if (event.ev !== 'heartbeat' && event.ev !== 'reading') return true;
  return event.ok === (event.status >= 200 && event.status < 300);
}

/** Whether an answer holds what its command asks for. */
export function isAnswerTo(cmd: ConsoleRequest['cmd'], answer: ConsoleAnswer): boolean {
  const schema = ANSWER_BODIES[cmd];
  return !answer.ok || !schema || v.is(schema, answer);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
