/**
 * A day on the bench: the real series and the real page over units and flows that are played. How
 * units really are prepared side by side is tested in web/app/series.test.ts.
 */
import { expect, onTestFinished, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { ObservableValue } from '../../app/observable.ts';
import type { UnitPort } from '../../app/ports.ts';
import { freshPrepareState, type PrepareState } from '../../app/prepare-state.ts';
import { Series } from '../../app/series.ts';
import type { LaneParts } from '../../app/series-lane.ts';
import {
  CONSOLE_LINES_MAX,
  type ConsoleLine,
  NO_UNIT,
  type UnitState,
} from '../../app/unit-state.ts';
import type { BenchParts } from '../controllers/bench.ts';
import { mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './bench-page.ts';

const MACS = new WeakMap<UnitPort, string>();
let lines = 0;

function line(): ConsoleLine {
  lines++;
  return { seq: lines, at: 0, kind: 'log', text: `I (${lines}) jambox: counting` };
}

/** A lane whose unit and flow do what a test says. */
function playedLane() {
  const unit = new ObservableValue<UnitState>(NO_UNIT);
  const prepare = new ObservableValue<PrepareState>(freshPrepareState());
  const asked: string[] = [];
  let port: UnitPort | null = null;
  const parts = {
    unit: {
      state: unit,
      get port() {
        return port;
      },
      async connect(at: UnitPort) {
        port = at;
        const mac = MACS.get(at) ?? '';
        const chip = { name: 'ESP32-S3', revision: 'v0.2', mac, flashBytes: 1 << 23 };
        unit.set({
          ...NO_UNIT,
          phase: 'connected',
          kind: 'usb',
          chip: { ...chip, target: 'esp32s3' },
        });
        return { mac };
      },
      async disconnect() {
        unit.set(NO_UNIT);
      },
      async request({ cmd }: { cmd: string }) {
        asked.push(cmd);
      },
    },
    prepare: {
      state: prepare,
      async start({ deviceId }: { deviceId: string }) {
        const mac = unit.value.chip?.mac ?? '';
        prepare.set({ ...freshPrepareState(deviceId), result: 'running', mac });
      },
      cancel: () => asked.push('cancel'),
      async retry() {
        asked.push('retry');
      },
    },
  } as unknown as LaneParts;
  return { parts, unit, prepare, asked };
}

async function benchWithSeries() {
  const lanes = [playedLane()];
  const [first] = lanes;
  if (!first) throw new Error('no lane');
  let arrive: (port: UnitPort) => void = () => {};
  let id = 0;
  const series = new Series({
    ...first.parts,
    time: { now: () => Date.now(), sleep: async () => {} },
    newLane: () => {
      const lane = playedLane();
      lanes.push(lane);
      return lane.parts;
    },
    onArrival(fn) {
      arrive = fn;
      return () => {};
    },
    idsOf: async () => [],
    nextId: async () => `JBNB${String(++id).padStart(4, '0')}`,
    ended: () => {},
  });
  const delivery = { entries: [], changes: [], delivering: false, stopped: null, delivered: [] };
  const element = await mount('jb-bench-page', {
    parts: {
      ...first.parts,
      series,
      ports: { supported: true, known: async () => [], choose: async () => ({ kind: 'usb' }) },
      delivery: { state: new ObservableValue(delivery), reload: async () => {} },
      session: signedIn('installer').session,
      settings: async () => ({ environment: 'production' }),
      locations: async () => ({ answer: [], asOf: null }),
      unitStatus: async () => null,
      chipUnits: async () => [],
      log: async () => ({ ofChip: async () => [] }),
    } as unknown as BenchParts,
  });
  onTestFinished(() => series.end());
  let macs = 0;
  const plug = () => {
    const port = { kind: 'usb' } as UnitPort;
    MACS.set(port, `F4:12:FA:00:00:${(++macs).toString(16).padStart(2, '0').toUpperCase()}`);
    arrive(port);
  };
  return { element, series, lanes, plug };
}

/** All elements, through all shadow roots. */
function nodes(root: ParentNode): number {
  let count = 0;
  for (const one of root.querySelectorAll('*'))
    count += 1 + (one.shadowRoot ? nodes(one.shadowRoot) : 0);
  return count;
}

test('after fifty units the page holds no more than after ten', async () => {
  vi.setConfig({ testTimeout: 60_000 });
  const { element, series, lanes, plug } = await benchWithSeries();
  const [lane] = lanes;
  if (!lane) throw new Error('no lane');
  series.begin({});
  const counts: number[] = [];
  for (let i = 0; i < 50; i++) {
    plug();
    await vi.waitFor(() => expect(lane.prepare.value.result).toBe('running'));
    const { stages, steps } = lane.prepare.value;
    const said = steps.map((step) => ({ ...step, state: 'ok' as const, said: '+CEREG: 0,5' }));
    const all = stages.map((stage) => ({ ...stage, state: 'done' as const, detail: 'Done.' }));
    lane.prepare.patch({ stages: all, steps: said });
    const more = Array.from({ length: CONSOLE_LINES_MAX / 5 }, line);
    const kept = [...lane.unit.value.lines, ...more].slice(-CONSOLE_LINES_MAX);
    lane.unit.patch({ phase: 'running', lines: kept });
    lane.prepare.patch({ result: 'done', isSeen: true });
    await settled(element);
    if (i === 0) {
      await page.getByText('Technical details').click();
      await settled(element);
    }
    counts.push(nodes(document));
    lane.unit.patch({ phase: 'lost', lines: kept });
    await settled(element);
  }
  expect(series.state.value.count.done).toBe(50);
  await expect.element(page.getByTestId('series-count')).toHaveTextContent('50 units are done.');
  expect(counts[49]).toBe(counts[9]);
  expect(counts[49]).toBeLessThan(1500);
  expect(lanes).toHaveLength(1);
});

test('two more beside the first: a card each, with its own bar and buttons', async () => {
  const { element, series, lanes, plug } = await benchWithSeries();
  series.begin({});
  for (let i = 0; i < 3; i++) plug();
  await vi.waitFor(() => expect(lanes).toHaveLength(3));
  await vi.waitFor(() => expect(document.querySelector('jb-bench-page')).not.toBeNull());
  await settled(element);
  await expect.element(page.getByTestId('series-now')).toHaveTextContent('You can plug in another');
  expect(page.getByRole('article').elements()).toHaveLength(2);
  const card = page.getByRole('article').nth(0);
  await expect.element(card).toHaveTextContent('F4:12:FA:00:00:02');
  await card.getByRole('button', { name: 'Cancel' }).click();
  expect(lanes.map(({ asked }) => asked)).toEqual([[], ['cancel'], []]);
  lanes[1]?.unit.patch({ phase: 'running', hello: { mac: '' } as never });
  lanes[1]?.prepare.patch({ result: 'done' });
  await settled(element);
  await card.getByRole('button', { name: 'Blink' }).click();
  expect(lanes[1]?.asked).toEqual(['cancel', 'blink']);
  await expect.element(page.getByTestId('series-count')).toHaveTextContent('One unit is done.');
  lanes[1]?.unit.patch({ phase: 'none', chip: null });
  plug();
  await vi.waitFor(() => expect(lanes[1]?.prepare.value.result).toBe('running'));
  expect(lanes).toHaveLength(3);
  expect(text(element)).toContain('JBNB0004');
});
