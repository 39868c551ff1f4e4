import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { Role } from '../../../shared/contracts/portal.ts';
import { AppError } from '../../../shared/errors.ts';
import { FleetView } from '../../app/fleet.ts';
import { SensorView } from '../../app/sensor.ts';
import { ServerClock } from '../../app/server-clock.ts';
import { detailOf, pastStandIn, SensorsStandIn } from '../../app/testing/sensors.ts';
import { MemoryAnswers } from '../../app/testing/shop-portal.ts';
import { mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './sensor-page.ts';

const NOW = '2026-11-30T12:04:00Z';

async function sensorPage(portal = new SensorsStandIn(), role: Role = 'owner') {
  const { session } = signedIn(role);
  const clock = new ServerClock(() => Date.parse(NOW));
  const own = { portal, userId: () => 'id-ada', now: () => clock.now() };
  const cache = new MemoryAnswers();
  const fleet = new FleetView({ ...own, cache });
  const sensor = new SensorView({ ...own, cache });
  const past = pastStandIn({ ...own, cache });
  const locations = async () => [
    { id: 'bakery', name: 'Bakery', time_zone: 'Europe/Berlin' },
    { id: 'books', name: 'Books', time_zone: 'Europe/Berlin' },
  ];
  const more = { locations, tiles: async () => null, go: () => {} };
  const parts = { fleet, sensor, past, session, clock, ...more };
  const element = await mount('jb-sensor-page', { parts, unit: 'JBNB0001' });
  const done = async () => {
    for (let i = 0; i < 6; i += 1) await settled(element);
  };
  await done();
  return { element, portal, sensor, done };
}

/** Slides as a hand does. */
async function slide(label: RegExp, value: number): Promise<void> {
  const input = page.getByLabelText(label).element() as HTMLInputElement;
  input.value = String(value);
  input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
}

test('what is wanted, fetched and in use, each with its age', async () => {
  const portal = new SensorsStandIn();
  portal.shown = detailOf(1, {
    twin: {
      wanted_since: '2026-11-30T12:00:00Z',
      fetched: { version: 3, at: '2026-11-30T12:02:00Z' },
      reported: { version: 2, since: '2026-11-20T12:00:00Z' },
      note: { text: 'refused <b>6</b>', at: '2026-11-30T12:03:00Z' },
    },
  });
  portal.set = { ...portal.set, report_interval_ms: 600_000 };
  const { element } = await sensorPage(portal);
  const words = text(element);
  expect(words).toContain('The sensor has fetched these settings.');
  expect(words).toContain('Wanted version 3, 4 minutes ago');
  expect(words).toContain('Fetched version 3, 2 minutes ago');
  expect(words).toContain('In use version 2, ');
  expect(words).toContain('The sensor says refused <b>6</b>, 1 minute ago');
});

test('slid and saved: only what differs, from the version that was seen', async () => {
  const { portal, element, done } = await sensorPage();
  expect(page.getByRole('button', { name: 'Save settings' }).elements()).toHaveLength(0);
  await slide(/^In Store/, -60);
  await done();
  await page.getByRole('button', { name: 'Save settings' }).click();
  await done();
  expect(portal.asked).toContain('set JBNB0001 3 {"rssi_near_threshold":-60}');
  expect(text(element)).toContain('Saved. The sensor fetches it when it next reports.');
  expect(page.getByRole('button', { name: 'Save settings' }).elements()).toHaveLength(0);
});

test('two people at one setting: both values in words, and either can stay', async () => {
  const { portal, element, done } = await sensorPage();
  await slide(/^In Store/, -60);
  await done();
  portal.set = { ...portal.set, config_version: 4, rssi_near_threshold: -70 };
  portal.shown = detailOf(1, { config_version: 4 });
  await page.getByRole('button', { name: 'Save settings' }).click();
  await done();
  const words = text(element);
  expect(words).toContain('Somebody changed these settings meanwhile. Nothing of yours was saved.');
  expect(words).toContain('In Store stronger than −70 dBm stronger than −60 dBm');
  await page.getByRole('button', { name: 'Set mine' }).click();
  await done();
  expect(portal.asked).toContain('set JBNB0001 4 {"rssi_near_threshold":-60}');
  expect(portal.set.rssi_near_threshold).toBe(-60);
  expect(text(element)).not.toContain('meanwhile');
});

test('theirs can stay, and a refresh takes nothing out of somebody’s hand', async () => {
  const { portal, element, sensor, done } = await sensorPage();
  await slide(/^In Store/, -60);
  portal.set = { ...portal.set, config_version: 4, rssi_near_threshold: -70 };
  portal.shown = detailOf(1, { config_version: 4 });
  await sensor.reload();
  await done();
  const input = page.getByLabelText(/^In Store/).element() as HTMLInputElement;
  expect(input.value).toBe('-60');
  await page.getByRole('button', { name: 'Save settings' }).click();
  await done();
  expect(portal.asked).toContain('set JBNB0001 3 {"rssi_near_threshold":-60}');
  await page.getByRole('button', { name: 'Leave them as they are' }).click();
  await done();
  expect(input.value).toBe('-70');
  expect(text(element)).not.toContain('meanwhile');
});

test('a command goes with the next report, a restart is asked about first', async () => {
  const { portal, element, done } = await sensorPage();
  await page.getByRole('button', { name: 'Send now' }).click();
  await done();
  expect(portal.asked).toContain('send JBNB0001 send_now');
  expect(text(element)).toContain('“Send now” goes with its next report.');
  await page.getByRole('button', { name: 'Restart' }).click();
  await done();
  expect(portal.asked).not.toContain('send JBNB0001 reboot');
  await page.getByRole('button', { name: 'Restart' }).last().click();
  await done();
  expect(portal.asked).toContain('send JBNB0001 reboot');
});

test('name, place, coordinates', async () => {
  const { portal, done } = await sensorPage();
  await page.getByLabelText('Name', { exact: true }).fill('  Door ');
  await page.getByRole('button', { name: 'Rename' }).click();
  await done();
  await page.getByLabelText('Place', { exact: true }).selectOptions('Books');
  await page.getByRole('button', { name: 'Move it there' }).click();
  await done();
  await page.getByLabelText('Latitude').fill('52.5');
  await page.getByLabelText('Longitude').fill('-13.4');
  await page.getByRole('button', { name: 'Set coordinates' }).click();
  await done();
  expect(portal.asked).toContain('rename JBNB0001 Door');
  expect(portal.asked).toContain('move JBNB0001 {"location_id":"books"}');
  expect(portal.asked).toContain('move JBNB0001 {"latitude":52.5,"longitude":-13.4}');
});

test.each([
  ['owner', false, false],
  ['installer', true, false],
  ['admin', true, true],
] as const)('what %s may: take it out of service, take a flag off', async (role, service, flag) => {
  const portal = new SensorsStandIn();
  portal.shown = detailOf(1, { anomaly: { reason: 'odd', since: '2026-11-30T11:00:00Z' } });
  await sensorPage(portal, role);
  const has = (name: string) => page.getByRole('button', { name }).elements().length > 0;
  expect([has('Out of service'), has('Take the flag off')]).toEqual([service, flag]);
});

test('an alert says since when, and that somebody knows', async () => {
  const portal = new SensorsStandIn();
  const alert = {
    ...{ device_id: 'JBNB0001', name: null, location_id: 'bakery', kind: 'silent' as const },
    ...{ started: 1, started_at: '2026-11-30T09:04:00Z', ended_at: null, detail: '' },
    ...{ acknowledged_at: null, acknowledged_by: null },
  };
  portal.open = [alert];
  const { element, done } = await sensorPage(portal);
  expect(text(element)).toContain('Not heard for a day, since 3 hours ago');
  portal.open = [{ ...alert, acknowledged_at: NOW, acknowledged_by: 'id-ada' }];
  await page.getByRole('button', { name: 'I know' }).click();
  await done();
  expect(portal.asked).toContain('acknowledge silent');
  expect(text(element)).toContain('Somebody knows.');
});

test('a change that fails says why, and nothing is called done', async () => {
  const { portal, element, done } = await sensorPage();
  portal.failing = new AppError('forbidden', 'You have no work order for JBNB0001 or its place.');
  await page.getByRole('button', { name: 'Send now' }).click();
  await done();
  expect(text(element)).toContain('You have no work order');
  expect(text(element)).not.toContain('goes with its next report');
});

test('staff looks and changes nothing', async () => {
  const portal = new SensorsStandIn();
  const { element } = await sensorPage(portal, 'staff');
  expect(text(element)).toContain('How it is doing');
  const buttons = page.getByRole('button').elements();
  expect(buttons.map((button) => button.textContent)).toEqual([
    ...['Refresh', 'Day', 'Week', 'Month', 'Everything', 'Earlier', 'Later'],
  ]);
  for (const slider of page.getByRole('slider').elements()) expect(slider).toBeDisabled();
});
