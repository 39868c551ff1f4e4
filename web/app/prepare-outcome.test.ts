import { expect, test } from 'vitest';
import type { UnitStatus } from '../../shared/contracts/portal.ts';
import type { DeliveryState } from './outbox-delivery.ts';
import type { OutboxEntry } from './ports.ts';
import { discardQuestion, howDone, replaceQuestion } from './prepare-outcome.ts';
import {
  freshPrepareState,
  type PrepareState,
  type StageId,
  stoppedAdvice,
} from './prepare-state.ts';
import type { Question } from './question.ts';

const HASH = 'ab'.repeat(32);
const entry = (refused: string | null, hash = HASH): OutboxEntry => ({
  id: 1,
  queuedAt: 0,
  request: { device_id: 'JBNB0042', token_sha256: hash, mac: '02:4A:42:00:00:01', firmware: '6' },
  refused,
});
const delivery = (changes: Partial<DeliveryState> = {}): DeliveryState => ({
  entries: [],
  changes: [],
  delivering: false,
  stopped: null,
  delivered: [],
  ...changes,
});
const done = (changes: Partial<PrepareState>): PrepareState => ({
  ...freshPrepareState('JBNB0042'),
  result: 'done',
  tokenSha256: HASH,
  isSeen: true,
  signalDbm: -79,
  firstReading: { impressions: 4 },
  ...changes,
});

test.each([
  ['link', done({ action: 'bringup', isSeen: false }), delivery()],
  ['firmware', done({ action: 'flash', isSeen: false }), delivery()],
  ['ready', done({}), delivery()],
  ['weak', done({ signalDbm: -111 }), delivery()],
  ['ready', done({ signalDbm: null }), delivery()],
  ['empty', done({ firstReading: { impressions: 0 } }), delivery()],
  ['unseen', done({ isSeen: false }), delivery()],
  ['waits', done({ queued: true }), delivery({ entries: [entry(null)] })],
  ['refused', done({ queued: true }), delivery({ entries: [entry('taken')] })],
  ['delivered', done({ queued: true }), delivery({ delivered: [HASH] })],
  // thrown away: nobody will ever know this token
  ['unknown', done({ queued: true }), delivery()],
  // what was delivered under this id was another token
  ['unknown', done({ queued: true }), delivery({ delivered: ['cd'.repeat(32)] })],
  ['unknown', done({ queued: true }), delivery({ entries: [entry(null, 'cd'.repeat(32))] })],
] as const)('%s', (how, prepare, state) => expect(howDone(prepare, state)).toBe(how));

test('a later reading that holds somebody mends an empty first one', () => {
  const empty = done({ firstReading: { impressions: 0 } });
  expect(howDone(empty, delivery(), [{ impressions: 0 }])).toBe('empty');
  expect(howDone(empty, delivery(), [{ impressions: 0 }, { impressions: 2 }])).toBe('ready');
});

const status: UnitStatus = {
  device_id: 'JBNB0042',
  registered: true,
  mac: '02:4A:42:00:00:99',
  status: 'active',
  location_id: 'bakery',
  registered_at: null,
  first_heartbeat_at: null,
  first_reading_at: null,
  last_seen_at: '2026-01-28T12:00:00Z',
  firmware: '6.0.0',
};

const words = ({ title, facts }: Question) => [title, ...facts].join('\n');

test('before a unit is cut off, it is named: shop, MAC, last seen', () => {
  const asked = words(replaceQuestion('JBNB0042', status, 'Corner Bakery'));
  for (const fact of ['JBNB0042', '02:4A:42:00:00:99', 'Corner Bakery', '2026', 'not accepted'])
    expect(asked).toContain(fact);
  expect(words(replaceQuestion('JBNB0042', null, null))).toContain('cannot be asked');
  const waiting = words(replaceQuestion('JBNB0042', null, null, [entry(null)]));
  expect(waiting).toContain('the registration of 02:4A:42:00:00:01 as JBNB0042 waits');
  const unseen = { ...status, last_seen_at: null };
  expect(words(replaceQuestion('JBNB0042', unseen, null))).toContain('never seen');
});

test('before a registration is thrown away, both chips are named', () => {
  const asked = words(discardQuestion(entry('taken'), status, 'Corner Bakery'));
  for (const fact of ['02:4A:42:00:00:01', '02:4A:42:00:00:99', 'prepared again'])
    expect(asked).toContain(fact);
});

const blank = { name: 'app', offset: 0, bytes: 9, toWrite: 9, reason: 'blank' } as const;

test.each<[StageId, string, Partial<PrepareState>, (typeof blank)[]]>([
  ['check-firmware', 'Nothing was written', {}, []],
  ['write-provisioning', 'This step has written nothing yet', {}, []],
  ['write-provisioning', 'may be incomplete', {}, [blank]],
  ['bringup', 'the test firmware only', {}, []],
  ['write-unit', 'may be incomplete', {}, [blank]],
  ['register', 'perhaps not registered', {}, []],
  ['start-unit', 'its registration waits here', { queued: true }, []],
  ['heartbeat', 'written and registered, but was not seen', {}, []],
])('stopped in %s, the unit is said to be “%s”', (id, words, changes, plan) => {
  const fresh = freshPrepareState('JBNB0042');
  const stages = fresh.stages.map((stage) =>
    stage.id === id ? { ...stage, state: 'failed' as const, plan } : stage,
  );
  expect(stoppedAdvice({ ...fresh, ...changes, stages })).toContain(words);
});
