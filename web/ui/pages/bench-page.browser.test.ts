import { expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { AppError } from '../../../shared/errors.ts';
import { ObservableValue } from '../../app/observable.ts';
import { freshPrepareState, type PrepareState } from '../../app/prepare-state.ts';
import type { SeriesState, SeriesUnit } from '../../app/series.ts';
import { NO_UNIT, type UnitState } from '../../app/unit-state.ts';
import type { BenchParts } from '../controllers/bench.ts';
import { drawn, focused, mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './bench-page.ts';

const MAC = 'F4:12:FA:00:00:01';
const CHIP = {
  name: 'ESP32-S3',
  revision: 'v0.2',
  mac: MAC,
  flashBytes: 0x800000,
  target: 'esp32s3' as const,
};
const CONNECTED: Partial<UnitState> = { phase: 'connected', kind: 'usb', chip: CHIP };

function seriesState(phase: SeriesState['phase'], units: SeriesUnit[] = []): SeriesState {
  const count = { done: units.length, failed: 0, cancelled: 0 };
  const doneIds = units.map(({ deviceId }) => deviceId);
  return { phase, units, count, doneIds, lanes: [], canTake: phase === 'unit', error: null };
}

async function bench({
  supported = true,
  role = 'installer' as 'installer' | 'owner' | null,
} = {}) {
  const calls: unknown[] = [];
  const world = { failing: null as AppError | null, pending: null as Promise<void> | null };
  const note =
    (name: string) =>
    async (...args: unknown[]) => {
      calls.push([name, ...args]);
      if (world.pending) await world.pending;
      if (world.failing) throw world.failing;
    };
  const unit = new ObservableValue<UnitState>(NO_UNIT);
  const prepare = new ObservableValue<PrepareState>(freshPrepareState());
  const series = new ObservableValue<SeriesState>(seriesState('off'));
  const delivery = { entries: [], delivering: false, stopped: null, delivered: [] };
  const parts = {
    unit: {
      state: unit,
      connect: note('connect'),
      identify: note('identify'),
      watch: note('watch'),
      request: note('request'),
      disconnect: async () => unit.set(NO_UNIT),
    },
    prepare: {
      state: prepare,
      start: note('start'),
      retry: note('retry'),
      cancel: () => calls.push(['cancel']),
    },
    series: {
      state: series,
      begin: (options: unknown) => calls.push(['begin', options]),
      take: note('take'),
      end: () => calls.push(['end']),
    },
    nextId: async () => 'JBNB0007',
    ports: { supported, known: async () => [], choose: async () => ({ kind: 'usb' }) },
    delivery: { state: new ObservableValue(delivery), reload: async () => {} },
    session: signedIn(role).session,
    settings: async () => ({ environment: 'production' }),
    locations: async () => ({ answer: [], asOf: null }),
    unitStatus: async () => null,
    chipUnits: async () => [],
    log: async () => ({ ofChip: async () => [] }),
    ready: () => new Promise(() => {}),
  };
  const element = await mount('jb-bench-page', { parts: parts as unknown as BenchParts });
  await settled(element);
  const set = async (changes: Partial<UnitState>, flow: Partial<PrepareState> = {}) => {
    unit.patch(changes);
    prepare.patch(flow);
    await settled(element);
  };
  return { element, calls, world, set, series };
}

const button = (name: string) => page.getByRole('button', { name, exact: true });

test('with nothing connected: what to do, and why a unit cannot be reached here', async () => {
  const { element } = await bench();
  await expect.element(button('Connect a unit')).toBeEnabled();
  expect(text(element)).not.toContain('cannot reach USB serial ports');
  element.remove();
  const without = await bench({ supported: false });
  await expect.element(button('Connect a unit')).toBeDisabled();
  const words = () => text(without.element);
  await vi.waitFor(() => expect(words()).toContain('This browser cannot reach USB serial ports'));
  // Debian's Chromium without a window calls itself by another name.
  expect(words()).toContain('On Linux open this page in Chrome, Edge, Opera, or Firefox (151');
  expect(words()).toContain('A virtual unit works here, too.');
});

test('a port that could not be opened is said, and tried again', async () => {
  const { element, calls, world } = await bench();
  world.failing = new AppError('port_busy', 'Another program has the port.');
  await button('Connect a unit').click();
  await settled(element);
  await expect.element(page.getByTestId('connect-error')).toBeVisible();
  world.failing = null;
  await button('Try again').click();
  await settled(element);
  await expect.element(page.getByTestId('connect-error')).not.toBeInTheDocument();
  expect(calls.filter((call) => (call as unknown[])[0] === 'connect')).toHaveLength(2);
});

test('a connected chip can be let go, or prepared under the id on its label', async () => {
  const { element, calls, set } = await bench();
  await button('Connect a unit').click();
  await set(CONNECTED);
  await button('Disconnect').click();
  await settled(element);
  await expect.element(button('Connect a unit')).toBeVisible();
  await set(CONNECTED);
  await page.getByLabelText('Device id').fill('42');
  await button('Prepare unit').click();
  expect(calls).toContainEqual(['start', { deviceId: 'JBNB0042', proveAgain: false }]);
});

test('signed out it says that nobody can tell whether an id is free', async () => {
  const { set } = await bench({ role: null });
  await set(CONNECTED);
  const link = page.getByRole('link', { name: 'Sign in' });
  await expect.element(link).toHaveAttribute('href', '/sign-in?next=/bench');
});

test('an owner is told before anything is written that units are prepared by others', async () => {
  const { element, set } = await bench({ role: 'owner' });
  expect(text(element)).toContain('Units are prepared by installers');
  await set(CONNECTED);
  await expect.element(button('Prepare unit')).not.toBeInTheDocument();
  expect(text(element)).toContain('Units are prepared by installers');
});

test('while a unit is prepared it can be cancelled, and not be taken away', async () => {
  const { element, calls, set } = await bench();
  await set(CONNECTED, { result: 'running', mac: MAC, deviceId: 'JBNB0042' });
  await expect.element(page.getByLabelText('Device id')).not.toBeInTheDocument();
  await expect.element(button('Disconnect')).toHaveAttribute('aria-disabled', 'true');
  await button('Disconnect').click({ force: true });
  await settled(element);
  await button('Cancel').click();
  expect(calls).toContainEqual(['cancel']);
  await expect.element(button('Connect a unit')).not.toBeInTheDocument();
});

test('after a failure the id can be changed: the form is there and has the focus', async () => {
  const { element, set } = await bench();
  const error = new AppError('conflict', 'Taken.');
  await set(CONNECTED, { result: 'failed', mac: MAC, deviceId: 'JBNB0042', error });
  await button('Change the id').click();
  await drawn(element);
  expect(focused()?.id).toBe('id');
  await expect.element(page.getByLabelText('Device id')).toHaveValue('JBNB0042');
});

test('how one chip’s preparation ended is not shown beside another chip', async () => {
  const { element, set } = await bench();
  await set(CONNECTED, { result: 'done', mac: MAC, deviceId: 'JBNB0042', isSeen: true });
  await expect.element(page.getByTestId('done')).toBeVisible();
  await set({ chip: { ...CHIP, mac: 'F4:12:FA:00:00:02' } });
  await expect.element(page.getByTestId('done')).not.toBeInTheDocument();
  await expect.element(page.getByLabelText('Device id')).toHaveValue('');
  expect(text(element)).not.toContain('JBNB0042');
});

test('a unit that is gone is reconnected by one click', async () => {
  const { calls, set } = await bench();
  await set({ ...CONNECTED, phase: 'lost' });
  await button('Reconnect').click();
  expect(calls).toContainEqual(['identify']);
});

test('a unit that runs is found in a pile by its light', async () => {
  const { set, calls } = await bench();
  await set(CONNECTED);
  await expect.element(button('Blink')).not.toBeInTheDocument();
  const hello = { console: 1, app: 'jambox', version: '6.0.0', device_id: null } as const;
  await set({ ...CONNECTED, phase: 'running', hello: { ...hello, cellular_ok: true } });
  await button('Blink').click();
  expect(calls).toContainEqual(['request', { cmd: 'blink' }]);
});

test('the next free id is taken for this chip, and for no other', async () => {
  const { element, set } = await bench();
  await set(CONNECTED);
  await button('Take the next free id').click();
  await settled(element);
  await expect.element(page.getByLabelText('Device id')).toHaveValue('JBNB0007');
});

test('a series is begun with the place, says what to do next, and can be ended', async () => {
  const { element, calls, set, series } = await bench();
  await set(CONNECTED);
  await page.getByLabelText('Device id').fill('42');
  await page.getByRole('checkbox', { name: /^Go on with every unit/ }).click();
  await button('Prepare unit').click();
  expect(calls).toContainEqual(['begin', {}]);
  expect(calls).toContainEqual(['start', { deviceId: 'JBNB0042', proveAgain: false }]);
  const unit = { deviceId: 'JBNB0042', mac: MAC, isQueued: false, at: 0, elapsedMs: 18_000 };
  series.set(seriesState('unit', [{ ...unit, result: 'done' }]));
  await set({ phase: 'lost' }, { result: 'done', mac: MAC, deviceId: 'JBNB0042' });
  const now = page.getByTestId('series-now');
  await expect.element(now).toHaveTextContent('JBNB0042 is done. Unplug it and plug in the next');
  expect(text(element)).not.toContain('The unit is gone');
  await button('Choose the unit').click();
  await settled(element);
  expect(calls).toContainEqual(['take', { kind: 'usb' }]);
  await button('End the series').click();
  expect(calls).toContainEqual(['end']);
});

test('a unit that is not done is said as that', async () => {
  const { set, series } = await bench();
  const unit = { deviceId: 'JBNB0042', mac: MAC, isQueued: false, at: 0, elapsedMs: 18_000 };
  series.set(seriesState('unit', [{ ...unit, result: 'failed' }]));
  await set({});
  await expect.element(page.getByTestId('series-now')).toHaveTextContent('JBNB0042 is not done.');
  await expect.element(page.getByRole('list', { name: 'Units of this series' })).toBeVisible();
});

const heading = () => focused()?.textContent?.trim();

test('the focus goes along: connected, preparing, stopped, and back to the beginning', async () => {
  const { element, set } = await bench();
  await button('Connect a unit').click();
  await set(CONNECTED);
  expect(heading()).toBe('Prepare unit');
  await page.getByLabelText('Device id').fill('42');
  await button('Prepare unit').click();
  await set({}, { result: 'running', mac: MAC, deviceId: 'JBNB0042' });
  expect(heading()).toBe('Checking');
  await button('Cancel').click();
  const error = new AppError('cancelled', 'Stopped.');
  await set({}, { result: 'cancelled', error });
  expect(heading()).toBe('Stopped preparing');
  await set({}, { result: 'done', error: null });
  expect(heading()).toBe('Prepared');
  await button('Next unit').click();
  await settled(element);
  await drawn(element);
  expect(heading()).toBe('Connect a unit');
});

test('a unit that does not answer is left by one click, and not heard later', async () => {
  const { element, world, set } = await bench();
  let fail: (error: AppError) => void = () => {};
  world.pending = new Promise((_, reject) => {
    fail = reject;
  });
  await button('Connect a unit').click();
  await set({ phase: 'connecting', kind: 'usb' });
  expect(heading()).toBe('Reading which unit this is…');
  await expect.element(page.getByTestId('connecting')).toHaveTextContent('use another cable');
  expect(element.shadowRoot?.querySelector('jb-console-view')).toBeNull();
  await button('Cancel').click();
  await settled(element);
  expect(heading()).toBe('Connect a unit');
  fail(new AppError('no_sync', 'No answer.'));
  await settled(element);
  await expect.element(page.getByTestId('connect-error')).not.toBeInTheDocument();
});

test('a unit that never said who it is leaves words, a picture and a way on', async () => {
  const { element, world, set } = await bench();
  world.failing = new AppError('no_sync', 'No answer.');
  await button('Connect a unit').click();
  await set({ phase: 'none', kind: 'usb' });
  await settled(element);
  await expect.element(page.getByTestId('touch')).toHaveAttribute('data-touch', 'cable');
  expect(heading()).toBe('Try again');
  await expect.element(button('Choose another port')).toBeVisible();
  expect(text(element)).not.toContain('Technical details');
});

test('the console is drawn only while somebody looks at the technical details', async () => {
  const { element, set } = await bench();
  await set(CONNECTED);
  expect(element.shadowRoot?.querySelector('jb-console-view')).toBeNull();
  await page.getByText('Technical details').click();
  await settled(element);
  await expect.element(page.getByRole('log')).toBeVisible();
});

test('no word of an engineer stands where an installer looks', async () => {
  const { element, set } = await bench();
  const words = () => text(element);
  const engineers = /backend|provisioning|phase \d|heartbeat|device-minutes|\(201\)/i;
  expect(words()).not.toMatch(engineers);
  await set(CONNECTED);
  expect(words()).not.toMatch(engineers);
  await set({}, { result: 'running', mac: MAC, deviceId: 'JBNB0042' });
  expect(words()).toContain('JBNB0042 Checking');
  expect(words()).not.toMatch(engineers);
  await set({}, { result: 'done', isSeen: true });
  expect(words()).not.toMatch(engineers);
});
