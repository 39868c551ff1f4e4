/** The bench's log in the browser's own store, written by a real preparation of a chip model. */
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { BenchLog, type NewLogEntry } from '../app/bench-log.ts';
import { logCsv } from '../app/bench-log-file.ts';
import { PrepareFlow } from '../app/prepare.ts';
import { systemTime } from '../app/system-time.ts';
import { TestBackend, TestOutbox } from '../app/testing/backend.ts';
import { type BenchOptions, TestBench } from '../app/testing/bench.ts';
import { bundleSource, testBundle } from '../app/testing/images.ts';
import { Unit } from '../app/unit.ts';
import { IdbBenchLog, LOG_ENTRIES_MAX } from './bench-log.ts';
import { lazyDb, type OpenDb } from './db.ts';

vi.setConfig({ testTimeout: 30_000 });

const ADA = { id: 'id-ada', email: 'ada@example.net' };
const MAC = '02:4A:42:00:00:01';

let open: OpenDb;
beforeEach(() => {
  open = lazyDb();
});
const benches: TestBench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) bench.dispose();
  (await open()).close();
  await deleteDB('jambench');
});

/** What a tab has of the log; `others`: pages that are at work beside it. */
function logOf(page: string, { person = ADA as typeof ADA | null, others = [] as string[] } = {}) {
  return new BenchLog({
    ...{ store: new IdbBenchLog(open), person: () => person, now: Date.now, page },
    beAlive: () => () => {},
    alive: async () => new Set(others),
  });
}

function setUp(options: BenchOptions = {}) {
  const backend = new TestBackend();
  const post: TestBackend['post'] = (kind, id, hash) => backend.post(kind, id, hash);
  const bench = new TestBench({ ...options, script: { post, ...options.script } });
  benches.push(bench);
  const unit = new Unit(systemTime);
  const firmware = bundleSource(testBundle());
  const outbox = new TestOutbox();
  const flow = new PrepareFlow({ unit, portal: backend, outbox, firmware, time: systemTime });
  return { bench, flow, connect: () => unit.connect(bench.unitPort()) };
}

/** Everything that is in the database, as text. */
async function everythingKept(): Promise<string> {
  const db = await open();
  const rows = await Promise.all([...db.objectStoreNames].map((name) => db.getAll(name)));
  return JSON.stringify(rows);
}

const entry = (more: Partial<NewLogEntry> = {}): NewLogEntry => ({
  ...{ account: ADA.id, page: 'tab 1', by: ADA.email, action: 'prepare', mac: MAC },
  ...{ deviceId: 'JBNB0001', locationId: null, jambox: '6.0.0', provisioning: '6.0.0' },
  ...{ beganAt: 1_796_000_000_000, endedAt: 1_796_000_030_000, result: 'done', stage: 'signal' },
  ...{ trouble: '', isQueued: false, signalDbm: -97, ...more },
});

test('a preparation is written down from first to last stage, without its token', async () => {
  const { bench, flow, connect } = setUp();
  await connect();
  const log = logOf('tab 1');
  log.follow(flow.state);
  await flow.start({ deviceId: 'JBNB0001', locationId: 'bakery' });
  await vi.waitFor(async () => expect((await log.shown()).lines[0]?.result).toBe('done'));
  const { lines } = await log.shown();
  expect(lines).toEqual([
    expect.objectContaining({
      ...{ account: ADA.id, by: ADA.email, action: 'prepare', mac: MAC, deviceId: 'JBNB0001' },
      ...{ locationId: 'bakery', result: 'done', trouble: '', isQueued: false, number: 1 },
      ...{ jambox: expect.any(String), provisioning: expect.any(String), stage: 'signal' },
    }),
  ]);
  const flash = new TextDecoder('latin1').decode(bench.flash.read(0x12000, 0x6000));
  const token = /[\w-]{43}/.exec(flash)?.[0] ?? '';
  expect(token).toHaveLength(43);
  const kept = `${await everythingKept()} ${logCsv(lines, () => 'Bakery')}`;
  expect(kept).toContain('JBNB0001');
  expect(kept).not.toContain(token);
  expect(kept).not.toContain(bench.identity().tokenSha256);
});

test('what a closed page left in the middle is broken off, with how far it came', async () => {
  const { flow, connect } = setUp({ script: { post: () => 0 } });
  await connect();
  logOf('tab 1').follow(flow.state);
  void flow.start({ deviceId: 'JBNB0001' });
  const stageOf = async (log: BenchLog) => (await log.shown()).lines[0]?.stage;
  const soon = { timeout: 15_000 };
  await vi.waitFor(async () => expect(await stageOf(logOf('tab 2'))).toBe('heartbeat'), soon);
  // The tab is still there, or its browser was killed; another one opened the database anew.
  const besides = await logOf('tab 2', { others: ['tab 1'] }).shown();
  expect(besides.lines[0]?.result).toBe('running');
  (await open()).close();
  open = lazyDb();
  const after = await logOf('tab 2').shown();
  expect(after.lines[0]).toMatchObject({ result: 'broken_off', stage: 'heartbeat', endedAt: null });
  flow.cancel();
});

test('a full disk costs the log, not the unit', async () => {
  const { put } = IDBObjectStore.prototype;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    ...row
  ) {
    if (this.name === 'log') throw new DOMException('The quota is used up.', 'QuotaExceededError');
    return put.apply(this, row);
  });
  onTestFinished(() => void vi.restoreAllMocks());
  const { flow, connect } = setUp();
  await connect();
  const log = logOf('tab 1');
  log.follow(flow.state);
  await flow.start({ deviceId: 'JBNB0001' });
  expect(flow.state.value.result).toBe('done');
  expect((await log.shown()).lines).toEqual([]);
});

test('the oldest entries give way, visibly, and numbers go on', async () => {
  const store = new IdbBenchLog(open);
  const tx = (await open()).transaction('log', 'readwrite');
  for (let number = 1; number <= LOG_ENTRIES_MAX; number += 1)
    void tx.store.put({ ...entry({ beganAt: number }), number });
  await tx.done;
  expect((await store.list(ADA.id)).dropped).toBe(0);
  for (const deviceId of ['JBNB0002', 'JBNB0003']) {
    await store.add(entry({ deviceId, beganAt: LOG_ENTRIES_MAX + 1 }));
  }
  const { entries, dropped } = await store.list(ADA.id);
  expect(entries).toHaveLength(LOG_ENTRIES_MAX);
  expect(dropped).toBe(2);
  expect(entries[0]).toMatchObject({ deviceId: 'JBNB0003', number: LOG_ENTRIES_MAX + 2 });
  expect(entries.at(-1)?.number).toBe(3);
});

test('nobody sees what somebody else did; what nobody did, everybody', async () => {
  const store = new IdbBenchLog(open);
  await store.add(entry());
  await store.add(entry({ account: 'id-eve', deviceId: 'JBNB0002' }));
  await store.add(entry({ account: '', by: '', deviceId: 'JBNB0003', beganAt: 1 }));
  const ids = async (person: typeof ADA | null) =>
    (await logOf('tab 1', { person }).shown()).lines.map(({ deviceId }) => deviceId);
  expect(await ids(ADA)).toEqual(['JBNB0001', 'JBNB0003']);
  expect(await ids(null)).toEqual(['JBNB0003']);
});

test('a row that a later version wrote stays where it is and is not shown', async () => {
  const store = new IdbBenchLog(open);
  const strange = { ...entry(), number: 7, action: 'polish' } as never;
  await (await open()).put('log', strange);
  expect((await store.list(ADA.id)).entries).toEqual([]);
  expect(await (await open()).get('log', [ADA.id, 7])).toEqual(strange);
});

test('a database of the version before gets its log; what waits in it stays', async () => {
  const before = await openDB('jambench', 2, {
    upgrade(db) {
      for (const name of ['insights', 'locations', 'answers']) db.createObjectStore(name);
      db.createObjectStore('outbox', { keyPath: 'id', autoIncrement: true });
    },
  });
  await before.add('outbox', { queuedAt: 5, refused: null, request: {} });
  before.close();
  await new IdbBenchLog(open).add(entry());
  const db = await open();
  expect(await db.getAll('outbox')).toEqual([{ id: 1, queuedAt: 5, refused: null, request: {} }]);
  expect(await db.count('log')).toBe(1);
});
