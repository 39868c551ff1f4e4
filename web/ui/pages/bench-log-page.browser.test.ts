/** The page of the log, on the browser's own store. */
import { deleteDB } from 'idb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BenchLog, type LogEntry } from '../../app/bench-log.ts';
import { IdbBenchLog } from '../../storage/bench-log.ts';
import { lazyDb, type OpenDb } from '../../storage/db.ts';
import { drawn, mount, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './bench-log-page.ts';

let open: OpenDb;
beforeEach(() => {
  open = lazyDb();
});
afterEach(async () => {
  (await open()).close();
  await deleteDB('jambench');
  history.replaceState(null, '', location.pathname);
});

const entry = (number: number, more: Partial<LogEntry> = {}): LogEntry => ({
  ...{ account: 'id-ada', page: 'tab 1', by: 'ada@example.net', action: 'prepare', number },
  ...{ mac: `F4:12:FA:00:00:0${number % 10}`, deviceId: `JBNB000${number % 10}` },
  ...{ locationId: 'b1', jambox: '6.0.0', provisioning: '6.0.0', stage: 'signal' },
  ...{ beganAt: 1_796_000_000_000 + number, endedAt: 1_796_000_031_000, result: 'done' },
  ...{ trouble: '', isQueued: false, signalDbm: -97, ...more },
});

async function page(role: 'installer' | 'owner' | null, entries: readonly LogEntry[] = []) {
  const tx = (await open()).transaction('log', 'readwrite');
  for (const one of entries) void tx.store.put(one);
  await tx.done;
  const { session } = signedIn(role);
  const log = new BenchLog({
    ...{ store: new IdbBenchLog(open), now: Date.now, page: 'tab 2' },
    person: () => session.state.value.user,
    beAlive: () => () => {},
    alive: async () => new Set<string>(),
  });
  const places = [{ id: 'b1', name: 'Bakery Hill', time_zone: 'UTC' }];
  const locations = async () => ({ answer: places, asOf: null });
  const element = await mount('jb-bench-log-page', { parts: { log, locations }, session });
  return { element, log };
}

const rows = (element: Element) => [...(element.shadowRoot?.querySelectorAll('li') ?? [])];

async function search(element: Element, sought: string): Promise<void> {
  const input = element.shadowRoot?.querySelector('input');
  if (!input) throw new Error('there is no search');
  input.value = sought;
  input.dispatchEvent(new Event('input'));
  await drawn(element);
}

test('the latest stands first, with what went wrong and what that means', async () => {
  const { element } = await page('installer', [
    entry(1),
    entry(2, { result: 'failed', stage: 'bringup', trouble: 'Step 3, read the SIM, failed.' }),
    entry(3, { result: 'running', stage: 'write-unit', endedAt: null }),
  ]);
  await vi.waitFor(() => expect(rows(element)).toHaveLength(3));
  await vi.waitFor(() => expect(text(element)).toContain('Bakery Hill'));
  const [broken, failed, done] = rows(element).map(text);
  expect(broken).toContain('JBNB0003');
  expect(broken).toContain('broken off');
  expect(broken).toContain('The page was closed at “Write identity and JamBox program”');
  expect(failed).toContain('Test the cellular link: Step 3, read the SIM, failed.');
  expect(done).toContain('JamBox 6.0.0, test firmware 6.0.0 · weak, −97 dBm · Bakery Hill · ada@');
});

test('the search leaves what fits, and the address may ask', async () => {
  history.replaceState(null, '', '?find=F4:12:FA:00:00:02');
  const { element } = await page('installer', [entry(1), entry(2), entry(3)]);
  await vi.waitFor(() => expect(rows(element)).toHaveLength(1));
  expect(text(rows(element)[0]!)).toContain('JBNB0002');
  await search(element, 'bakery');
  expect(rows(element)).toHaveLength(3);
  await search(element, 'nothing like it');
  expect(text(element)).toContain('No entry fits this.');
});

test('a hundred are drawn at once, more when asked, and what had to go is said', async () => {
  const many = Array.from({ length: 150 }, (_, i) => entry(i + 8));
  const { element } = await page('installer', many);
  await vi.waitFor(() => expect(rows(element)).toHaveLength(100));
  expect(text(element)).toContain('150 entries');
  expect(text(element)).toContain('7 older entries were removed to make room.');
  const more = [...(element.shadowRoot?.querySelectorAll('button') ?? [])].at(-1);
  more?.click();
  await drawn(element);
  expect(rows(element)).toHaveLength(150);
});

test('what is written down while the page is open appears', async () => {
  const { element, log } = await page('installer');
  await vi.waitFor(() => expect(text(element)).toContain('Nothing was done yet.'));
  const fact = { action: 'verify', mac: 'F4:12:FA:00:00:09', deviceId: '', trouble: '' } as const;
  await log.note(fact);
  await vi.waitFor(() => expect(rows(element)).toHaveLength(1));
});

test.each([
  ['owner', 'Units are prepared by installers'],
  [null, 'You are not signed in'],
] as const)('%s is told why there is no log', async (role, words) => {
  const { element } = await page(role, [entry(1), entry(2, { account: '' })]);
  expect(text(element)).toContain(words);
  expect(rows(element)).toHaveLength(0);
});
