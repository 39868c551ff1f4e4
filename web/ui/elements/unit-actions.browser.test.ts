/** What else can be done to the unit on the cable, by what is known of it. */
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { UnitStatus } from '../../../shared/contracts/portal.ts';
import { AppError } from '../../../shared/errors.ts';
import type { BenchLog, LogLine } from '../../app/bench-log.ts';
import type { VerifyReport } from '../../app/verify-unit.ts';
import { change, fired, mount, settled, text } from '../testing/mount.ts';
import './unit-actions.ts';

const MAC = 'F4:12:FA:00:00:01';
const OTHER = 'F4:12:FA:00:00:02';

const line = (more: Partial<LogLine> = {}): LogLine => ({
  ...{ account: 'id-ada', number: 1, page: 'tab', by: 'ada@example.net', action: 'prepare' },
  ...{ mac: MAC, deviceId: 'JBNB0001', locationId: null, jambox: '6.0.0', provisioning: '6.0.0' },
  ...{ beganAt: 1_796_000_000_000, endedAt: 1_796_000_031_000, result: 'done', stage: 'signal' },
  ...{ trouble: '', isQueued: false, signalDbm: -97, ...more },
});

const report = (more: Partial<VerifyReport> = {}): VerifyReport => ({
  ...{ mac: MAC, app: 'jambox', name: 'jambox', version: '6.0.0', isWhole: true, isCurrent: true },
  ...{ newest: '6.0.0', deviceId: 'JBNB0001', hasProvenLink: true, ...more },
});

const known = (device_id: string, location_id: string | null = null) =>
  [{ device_id, location_id }] as unknown as UnitStatus[];

async function actions({ lines = [] as LogLine[], units = null as UnitStatus[] | null } = {}) {
  const notes: unknown[] = [];
  const world = { found: report() as VerifyReport | AppError };
  const log = {
    ofChip: async (mac: string) => lines.filter((one) => one.mac === mac),
    note: async (fact: unknown) => notes.push(fact),
  };
  const parts = {
    log: async () => log as unknown as BenchLog,
    verify: async () => {
      if (world.found instanceof AppError) throw world.found;
      return world.found;
    },
  };
  const element = await mount('jb-unit-actions', { parts, mac: MAC, known: units });
  await settled(element);
  return { element, notes, world, acts: fired(element, 'act') };
}

const press = (name: string) => page.getByRole('button', { name }).click();

test('a unit never seen: link and look, behind a disclosure', async () => {
  const { element, acts } = await actions({ units: [] });
  expect(text(element)).not.toContain('This unit was here before');
  await page.getByText('Other things to do with this unit').click();
  await press('Test its link only');
  expect(acts).toEqual([['act', { deviceId: '', action: 'bringup' }]]);
  await expect.element(page.getByRole('button', { name: /firmware/ })).not.toBeInTheDocument();
});

test('a unit of this log: its latest entries, and every action under its id', async () => {
  const lines = [5, 4, 3, 2, 1].map((number) =>
    line({ number, result: number === 5 ? 'broken_off' : 'done' }),
  );
  const { element, acts } = await actions({ lines: [...lines, line({ mac: OTHER })] });
  expect(element.shadowRoot?.querySelectorAll('li')).toHaveLength(3);
  expect(text(element)).toContain('Preparation: broken off');
  await press('Prepare again as JBNB0001');
  await press('Write its firmware only');
  expect(acts.map(([, detail]) => detail)).toEqual([
    { deviceId: 'JBNB0001' },
    { deviceId: '', action: 'flash' },
  ]);
  const link = element.shadowRoot?.querySelector('a');
  expect(link?.getAttribute('href')).toBe(`/bench/log?find=${MAC}`);
});

test('the backend’s word counts more than the log’s, and keeps the place', async () => {
  const { acts } = await actions({ lines: [line()], units: known('JBNB0009', 'b1') });
  await press('Prepare again as JBNB0009');
  expect(acts).toEqual([['act', { deviceId: 'JBNB0009', locationId: 'b1' }]]);
});

test('looking says what is there, and is written down', async () => {
  const { element, notes, world } = await actions({ units: known('JBNB0001') });
  await press('Look at it');
  await settled(element);
  expect(text(element)).toContain('This unit can be mounted');
  world.found = report({ app: 'provisioning' });
  await press('Look at it');
  await settled(element);
  expect(text(element)).toContain('Do not mount this unit yet');
  expect(notes).toEqual([
    { action: 'verify', mac: MAC, deviceId: 'JBNB0001', trouble: '' },
    expect.objectContaining({ trouble: expect.stringContaining('counts nobody') }),
  ]);
});

test('a cable out while looking is said; another unit shows nothing of this one', async () => {
  const { element, world } = await actions({ lines: [line()] });
  world.found = new AppError('port_lost', 'The connection to the unit is gone.');
  await press('Look at it');
  await settled(element);
  expect(text(element)).toContain('The connection to the unit is gone.');
  await change(element, { mac: OTHER });
  await settled(element);
  expect(text(element)).not.toContain('The connection to the unit is gone.');
  expect(text(element)).not.toContain('JBNB0001');
});

test('while the bench is busy nothing is begun', async () => {
  const { element, acts } = await actions({ lines: [line()] });
  await change(element, { busy: true });
  await page.getByRole('button', { name: 'Write its firmware only' }).click({ force: true });
  expect(acts).toEqual([]);
});
