import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Me } from '../../../shared/contracts/portal.ts';
import { AppError } from '../../../shared/errors.ts';
import { ServerClock } from '../../app/server-clock.ts';
import { FleetActionsStandIn, fleetActions } from '../../app/testing/fleet-actions.ts';
import { SensorsStandIn, unitOf } from '../../app/testing/sensors.ts';
import { sensorsPage } from '../../app/testing/sensors-page.ts';
import { mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './sensors-page.ts';

async function fleetPage(
  portal: SensorsStandIn,
  role: Me['role'] | null = 'owner',
  { actions } = fleetActions(new FleetActionsStandIn()),
) {
  const { session } = signedIn(role);
  const clock = new ServerClock(() => Date.parse('2026-11-30T12:04:00Z'));
  const { fleet, changes, who } = sensorsPage(portal, { now: () => clock.now() });
  who.id = session.state.value.user?.id ?? null;
  const went: string[] = [];
  const more = { tiles: async () => null, go: (path: string) => void went.push(path) };
  const element = await mount('jb-sensors-page', {
    parts: { fleet, actions, session, clock, ...more },
  });
  for (let i = 0; i < 4; i += 1) await settled(element);
  return { element, fleet, changes, went };
}
const rows = () => page.getByRole('listitem').elements();

test('a sensor: name, place, state with its age, signal in words, firmware', async () => {
  const portal = new SensorsStandIn();
  portal.units = [unitOf(1, { name: 'Door', state: 'late' }), unitOf(2)];
  const { element } = await fleetPage(portal);
  await expect.poll(() => rows().length).toBe(2);
  const [first] = rows();
  expect(text(first as Element)).toBe(
    'Door Bakery · JBNB0001 Late, 4 minutes ago good, −84 dBm 6.0.0',
  );
  expect(first?.querySelector('a')?.getAttribute('href')).toBe('/locations/JBNB0001');
  expect(text(element)).toContain('2 sensors');
});

test('typing narrows the list, chips do, and their counts follow', async () => {
  const portal = new SensorsStandIn();
  portal.units = [unitOf(1, { name: 'Door' }), unitOf(2, { state: 'silent' }), unitOf(3)];
  const { element } = await fleetPage(portal);
  await userEvent.type(page.getByLabelText('Search'), 'door');
  await settled(element);
  await expect.poll(() => rows().length).toBe(1);
  expect(page.getByRole('button', { name: 'All 1' }).elements()).toHaveLength(1);
  await userEvent.clear(page.getByLabelText('Search'));
  await page.getByRole('button', { name: 'Silent 1' }).click();
  await settled(element);
  await expect.poll(() => rows().length).toBe(1);
  expect(text(element)).toContain('JBNB0002');
  await userEvent.type(page.getByLabelText('Search'), 'nowhere');
  await settled(element);
  expect(text(element)).toContain('No sensor is like that.');
});

test('what a unit or a person named hostilely is text', async () => {
  const portal = new SensorsStandIn();
  const bad = '<img src=x onerror="window.hit=1">';
  portal.units = [unitOf(1, { name: bad, location_name: bad, firmware: '<b>6</b>' })];
  const { element } = await fleetPage(portal);
  expect(text(element)).toContain(bad);
  expect(element.shadowRoot?.querySelector('img, b')).toBeNull();
  expect(window).not.toHaveProperty('hit');
});

test('none, for an owner and for others; nobody signed in', async () => {
  const { element } = await fleetPage(new SensorsStandIn());
  expect(text(element)).toContain('as soon as one of them is put at a place of yours');
  const other = await fleetPage(new SensorsStandIn(), 'admin');
  expect(text(other.element)).toContain('as soon as they are prepared on the bench');
  const portal = new SensorsStandIn();
  const nobody = await fleetPage(portal, null);
  expect(text(nobody.element)).toContain('Sign in to see your sensors');
  expect(portal.asked).toEqual([]);
});

test('a failure says what happened, and trying again may help', async () => {
  const portal = new SensorsStandIn();
  portal.failing = new AppError('unavailable', 'The server does not answer.');
  portal.units = [unitOf(1)];
  const { element } = await fleetPage(portal);
  expect(text(element)).toContain('The server does not answer.');
  portal.failing = null;
  await page.getByRole('button', { name: 'Try again' }).click();
  for (let i = 0; i < 4; i += 1) await settled(element);
  await expect.poll(() => rows().length).toBe(1);
});

test('ten thousand: few rows are drawn, and typing finds among all', async () => {
  const portal = new SensorsStandIn();
  portal.units = Array.from({ length: 10_000 }, (_, i) =>
    unitOf(i, { name: i % 100 === 0 ? `Door ${i}` : null, location_name: `Shop ${i % 700}` }),
  );
  portal.pageSize = 10_000;
  const { element } = await fleetPage(portal);
  await expect.poll(() => rows().length).toBeGreaterThan(5);
  expect(rows().length).toBeLessThan(100);
  const long: number[] = [];
  const watch = new PerformanceObserver((list) => {
    long.push(...list.getEntries().map(({ duration }) => duration));
  });
  watch.observe({ type: 'longtask' });
  await userEvent.type(page.getByLabelText('Search'), 'door 9');
  await settled(element);
  await expect.poll(() => text(element)).toContain('19 sensors');
  watch.disconnect();
  console.info(`10,000 sensors, six keys: long tasks of ${long.map(Math.round).join(', ')} ms`);
});

test('on the map: a mark leads to its sensor, who has no place is named', async () => {
  const portal = new SensorsStandIn();
  portal.units = [unitOf(1, { name: 'Door', latitude: 52.5, longitude: 13.4 }), unitOf(2)];
  const { element, went } = await fleetPage(portal);
  await page.getByRole('button', { name: 'Map', exact: true }).click();
  await expect.element(page.getByRole('region', { name: 'Map of the sensors' })).toBeVisible();
  expect(text(element)).toContain('Of one sensor nobody knows yet where it is');
  await page.getByRole('button', { name: 'Door, Bakery, Online' }).click();
  expect(went).toEqual(['/locations/JBNB0001']);
  await page.getByRole('button', { name: 'List' }).click();
  await expect.poll(() => rows().length).toBe(2);
});

test('a row says that a change waits, or was not taken; a sensor that is gone, too', async () => {
  const portal = new SensorsStandIn();
  portal.units = [unitOf(1), unitOf(2)];
  const { element, changes } = await fleetPage(portal, 'admin');
  portal.failing = new AppError('unavailable', 'No network.');
  await changes.put('JBNB0001', { what: 'sensor_name', name: 'Door', seen: null });
  await expect.poll(() => text(rows()[0] as Element)).toMatch(/^Door .*Change waiting$/);
  portal.failing = new AppError('not_found', 'There is no such unit.');
  await changes.put('JBNB0001', { what: 'sensor_status', status: 'inactive', seen: 'active' });
  await changes.put('JBNB0009', { what: 'sensor_name', name: 'Gone', seen: null });
  await expect.poll(() => text(rows()[0] as Element)).toMatch(/Change not taken$/);
  expect(text(rows()[1] as Element)).not.toContain('Change');
  expect(text(element)).toContain('Changes of sensors that are not in this list: JBNB0009');
});
