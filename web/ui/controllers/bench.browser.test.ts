import { html, LitElement } from 'lit';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Location, UnitStatus } from '../../../shared/contracts/portal.ts';
import { AppError } from '../../../shared/errors.ts';
import { ObservableValue } from '../../app/observable.ts';
import type { OutboxEntry, UnitPort } from '../../app/ports.ts';
import { freshPrepareState } from '../../app/prepare-state.ts';
import type { Question } from '../../app/question.ts';
import { NO_UNIT, type UnitState } from '../../app/unit-state.ts';
import { mount, settled } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import { BenchController, type BenchParts } from './bench.ts';

const MAC = 'F4:12:FA:00:00:01';
const CHIP = { name: 'ESP32-S3', revision: 'v0.2', mac: MAC, flashBytes: 0x800000 };
const PLACE: Location = { id: 'bakery', name: 'Bakery', time_zone: 'Europe/Berlin' };
const unitOf = (deviceId: string, mac = MAC) =>
  ({ device_id: deviceId, mac, registered: true, location_id: 'bakery' }) as UnitStatus;

/** An element that does nothing but hold the controller. */
class Bench extends LitElement {
  declare parts: BenchParts;
  draws = 0;
  readonly bench = new BenchController(this, () => this.parts);
  protected override render() {
    this.draws++;
    return html``;
  }
}
customElements.define('test-bench', Bench);
declare global {
  interface HTMLElementTagNameMap {
    'test-bench': Bench;
  }
}

let answer = true;
let questions: Question[] = [];
beforeEach(() => {
  answer = true;
  questions = [];
});
const ask = async (question: Question) => {
  questions.push(question);
  return answer;
};

const port = (name: string) => ({ kind: 'usb', name }) as unknown as UnitPort;

/** Off, and notes what is begun. */
const seriesInto = (begun: unknown[]) => ({
  state: new ObservableValue({ phase: 'off', units: [], error: null }),
  begin: (options: unknown) => begun.push(options),
  end() {},
});

/** A bench whose parts note what is asked of them. */
async function start({ known = [port('known')], entries = [] as OutboxEntry[] } = {}) {
  const calls: unknown[] = [];
  const begun: unknown[] = [];
  const note =
    (name: string) =>
    async (...args: unknown[]) => {
      calls.push([name, ...args]);
      if (world.failing) throw world.failing;
    };
  const world = {
    failing: null as AppError | null,
    status: unitOf('JBNB0042') as UnitStatus | null,
    chipUnits: async (): Promise<UnitStatus[]> => [unitOf('JBNB0042')],
  };
  const unitState = new ObservableValue<UnitState>(NO_UNIT);
  const prepareState = new ObservableValue(freshPrepareState('JBNB0042'));
  const deliveryState = new ObservableValue({
    entries,
    delivering: false,
    stopped: null,
    delivered: [],
  });
  const connect = async (taken: UnitPort) => {
    await note('connect')(taken);
    unitState.patch({ phase: 'connected', chip: { ...CHIP, target: 'esp32s3' } });
  };
  const parts = {
    unit: { state: unitState, connect, identify: note('identify'), watch: note('watch') },
    prepare: { state: prepareState, start: note('start'), retry: note('retry') },
    ports: {
      supported: true,
      known: async () => known,
      choose: async () => port('chosen'),
      startVirtual: async (options: object) => {
        await note('startVirtual')(options);
        return { kind: 'virtual', setPlugged: (on: boolean) => calls.push(['plugged', on]) };
      },
    },
    series: seriesInto(begun),
    delivery: {
      state: deliveryState,
      reload: async () => {},
      discard: note('discard'),
      replace: note('replace'),
    },
    session: signedIn('installer').session,
    ask,
    settings: async () => {
      if (world.failing) throw world.failing;
      return { device_host: 'ingest.example.net', device_port: 80 };
    },
    locations: async () => ({ answer: [PLACE], asOf: null }),
    unitStatus: async () => {
      if (!world.status) throw new AppError('unavailable', 'Away.');
      return world.status;
    },
    nextId: () => note('nextId')().then(() => `JBNB000${calls.length}`),
    chipUnits: () => world.chipUnits(),
    release: note('release'),
    runCron: async () => {
      if (world.failing) throw world.failing;
      return { rows: 3 };
    },
  };
  const element = await mount('test-bench', { parts: parts as unknown as BenchParts });
  await settled(element);
  return { element, bench: element.bench, calls, begun, world, unitState, prepareState };
}

test.each([
  ['the only port that is known', 'known', [port('known')], false],
  ['the browser’s list, with two known', 'chosen', [port('a'), port('b')], false],
  ['the browser’s list, when asked for', 'chosen', [port('known')], true],
] as const)('connects to %s', async (_what, name, known, choose) => {
  const { bench, calls } = await start({ known: [...known] });
  await bench.connect(choose);
  expect(calls).toEqual([['connect', { kind: 'usb', name }]]);
});

test('busy while it works, and why it failed; the same again clears it', async () => {
  const { bench, calls, world, element } = await start();
  world.failing = new AppError('port_busy', 'Another program has the port.');
  const work = bench.connect();
  expect(bench.busy).toBe(true);
  await work;
  expect([bench.busy, bench.error?.code]).toEqual([false, 'port_busy']);
  world.failing = null;
  const { draws } = element;
  await bench.again();
  await settled(element);
  expect([bench.error, calls.length]).toEqual([null, 2]);
  expect(element.draws).toBeGreaterThan(draws);
});

test('a virtual unit starts without the server’s settings, with this page’s own host', async () => {
  const { bench, calls, world, element } = await start();
  world.failing = new AppError('unavailable', 'Away.');
  await bench.startVirtual({ seed: 7 });
  expect(calls[0]).toEqual([
    'startVirtual',
    {
      flashTiming: 1,
      seed: 7,
      deviceHost: location.hostname,
      devicePort: Number(location.port),
    },
  ]);
  world.failing = null;
  await bench.startVirtual({ speed: 10 });
  bench.setPlugged(false);
  await bench.startVirtual();
  expect(calls.filter((call) => (call as unknown[])[0] === 'startVirtual')).toHaveLength(2);
  expect(calls).toContainEqual(['plugged', true]);
  expect([bench.plugged, bench.speed]).toEqual([true, 10]);
  await settled(element);
});

test('whose chip it is, but not that of a chip that is gone by now', async () => {
  const { bench, world, unitState, element } = await start();
  let open = (_units: UnitStatus[]) => {};
  world.chipUnits = () =>
    new Promise((resolve) => {
      open = resolve;
    });
  await bench.connect();
  const late = open;
  const other = 'F4:12:FA:00:00:02';
  unitState.patch({ chip: { ...CHIP, target: 'esp32s3', mac: other } });
  late([unitOf('JBNB0042')]);
  await settled(element);
  expect(bench.chip).toBeNull();
  await bench.reconnect();
  open([unitOf('JBNB0043', other)]);
  await settled(element);
  expect(bench.chip).toMatchObject({ mac: other, units: [{ device_id: 'JBNB0043' }] });
});

const refused: OutboxEntry = {
  id: 3,
  queuedAt: 0,
  request: { device_id: 'JBNB0042', token_sha256: 'a'.repeat(64), mac: MAC, firmware: '' },
  refused: 'Another unit has this id.',
};

test.each([
  ['discardRefused', 'discard'],
  ['replaceRefused', 'replace'],
] as const)('%s asks first, names the place, and does nothing on a no', async (method, call) => {
  const { bench, calls } = await start({ entries: [refused] });
  answer = false;
  await bench[method](3);
  expect(calls).toEqual([]);
  expect(questions[0]?.title).toContain('JBNB0042');
  expect(questions[0]?.facts.join()).toContain('Bakery');
  answer = true;
  await bench[method](3);
  expect(calls).toEqual([[call, 3]]);
  await bench[method](99);
  expect(questions).toHaveLength(2);
});

test('an id is taken over only after a yes, also when nobody can say whose it is', async () => {
  const { bench, calls, world } = await start();
  world.status = null;
  answer = false;
  await bench.replaceOther();
  expect([calls, questions.length]).toEqual([[], 1]);
  answer = true;
  await bench.replaceOther();
  expect(calls).toEqual([['retry', { replace: true }]]);
});

test('a unit is erased as a whole only after a yes, and only where that helps', async () => {
  const { bench, calls, prepareState } = await start();
  prepareState.patch({ result: 'failed', error: new AppError('port_lost', 'The cable is out.') });
  await bench.eraseOther();
  expect(questions).toEqual([]);
  const { writePartitionTable } = await import('../../../shared/esp/partition-table.ts');
  const { otherLayout } = await import('../../app/other-layout.ts');
  const ours = writePartitionTable([]);
  const error = await otherLayout(new Uint8Array(ours.length), ours, async () => ours);
  prepareState.patch({ error });
  answer = false;
  await bench.eraseOther();
  expect([calls, questions.length]).toEqual([[], 1]);
  answer = true;
  await bench.eraseOther();
  expect(calls).toEqual([['retry', { eraseAll: true }]]);
});

test('an id that was left is freed after a yes, and the chip asked about again', async () => {
  const { bench, calls, world, element } = await start();
  await bench.connect();
  await settled(element);
  world.chipUnits = async () => [];
  await bench.release('JBNB0041');
  expect(calls.at(-1)).toEqual(['release', 'JBNB0041']);
  expect(bench.chip?.units).toEqual([]);
});

test('the job’s outcome, or why it failed', async () => {
  const { bench, world } = await start();
  const run = bench.sync();
  expect(bench.cron).toBe('running');
  await run;
  expect(bench.cron).toEqual({ rows: 3 });
  world.failing = new AppError('forbidden', 'Not you.');
  await bench.sync();
  expect(bench.cron).toMatchObject({ code: 'forbidden' });
});

test('a running unit’s standing is asked for and believed of this chip only', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const { bench, world, unitState, element } = await start();
    const hello = { device_id: 'JBNB0042' } as UnitState['hello'];
    unitState.patch({ phase: 'running', hello, chip: { ...CHIP, target: 'esp32s3' } });
    vi.advanceTimersByTime(5000);
    await settled(element);
    expect(bench.status?.device_id).toBe('JBNB0042');
    world.status = null;
    vi.advanceTimersByTime(5000);
    await settled(element);
    expect(bench.status?.device_id).toBe('JBNB0042');
    world.status = unitOf('JBNB0042', 'F4:12:FA:00:00:09');
    vi.advanceTimersByTime(5000);
    await settled(element);
    expect(bench.status).toBeNull();
    element.remove();
    world.status = unitOf('JBNB0042');
    vi.advanceTimersByTime(20_000);
    await settled(element);
    expect(bench.status).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

test('an id that was taken is the same until a unit has it', async () => {
  const { bench, calls } = await start();
  await bench.takeNextId();
  const first = bench.taken;
  await bench.connect();
  expect(bench.taken).toBeNull(); // it was for another chip
  await bench.takeNextId();
  expect(bench.taken).toBe(first);
  bench.name('JBNB0042');
  expect(bench.taken).toBe('JBNB0042');
  bench.prepare({ deviceId: 'JBNB0042' });
  await bench.takeNextId();
  expect(bench.taken).toBe(first);
  bench.prepare({ deviceId: first ?? '' });
  await bench.takeNextId();
  expect(bench.taken).not.toBe(first);
  expect(calls.filter((call) => (call as string[])[0] === 'nextId')).toHaveLength(2);
});

test('work for a place begins a series, and its name is known', async () => {
  const { bench, begun } = await start();
  await vi.waitFor(() => expect(bench.locations.answer).toHaveLength(1));
  bench.beginFor(PLACE.id);
  expect(begun).toEqual([{ locationId: PLACE.id }]);
  expect(bench.placeName).toBe(PLACE.name);
});
