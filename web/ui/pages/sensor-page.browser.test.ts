import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { Role } from '../../../shared/contracts/portal.ts';
import { AppError } from '../../../shared/errors.ts';
import { ServerClock } from '../../app/server-clock.ts';
import { detailOf, pastStandIn, SensorsStandIn } from '../../app/testing/sensors.ts';
import { sensorsPage } from '../../app/testing/sensors-page.ts';
import { mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './sensor-page.ts';

const NOW = '2026-11-30T12:04:00Z';

async function sensorPage(portal = new SensorsStandIn(), role: Role = 'owner') {
  const { session } = signedIn(role);
  const clock = new ServerClock(() => Date.parse(NOW));
  const now = () => clock.now();
  const { fleet, sensor, delivery, cache } = sensorsPage(portal, { now });
  const past = pastStandIn({ userId: () => 'id-ada', now, cache });
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
  return { element, portal, sensor, delivery, done };
}

const set = (version: number) =>
  `sensor_settings JBNB0001 {"change":{"rssi_near_threshold":-60},"version":${version}}`;
const command = (name: string) => `sensor_command JBNB0001 {"command":"${name}"}`;

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
  expect(portal.asked).toContain(set(3));
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
  expect(portal.asked).toContain(set(4));
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
  expect(portal.asked).toContain(set(3));
  await page.getByRole('button', { name: 'Leave them as they are' }).click();
  await done();
  expect(input.value).toBe('-70');
  expect(text(element)).not.toContain('meanwhile');
});

test('a command goes with the next report, a restart is asked about first', async () => {
  const { portal, element, done } = await sensorPage();
  await page.getByRole('button', { name: 'Send now' }).click();
  await done();
  expect(portal.asked).toContain(command('send_now'));
  expect(text(element)).toContain('“Send now” goes with its next report.');
  await page.getByRole('button', { name: 'Restart' }).click();
  await done();
  expect(portal.asked).not.toContain(command('reboot'));
  await page.getByRole('button', { name: 'Restart' }).last().click();
  await done();
  expect(portal.asked).toContain(command('reboot'));
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
  expect(portal.asked).toContain('sensor_name JBNB0001 {"name":"Door","seen":null}');
  expect(portal.asked).toContain('sensor_place JBNB0001 {"to":"books","seen":"bakery"}');
  expect(portal.shown).toMatchObject({ location_id: 'books', latitude: 52.5, longitude: -13.4 });
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
  await page.getByRole('button', { name: 'I know' }).click();
  await done();
  expect(portal.asked).toContain('sensor_alert JBNB0001 {"kind":"silent","started":1}');
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

test('without network: each change waits beside what it is about, and goes by itself', async () => {
  const { portal, element, delivery, done } = await sensorPage();
  portal.failing = new AppError('unavailable', 'The server cannot be reached.');
  await slide(/^In Store/, -60);
  await done();
  await page.getByRole('button', { name: 'Save settings' }).click();
  await done();
  await page.getByLabelText('Name', { exact: true }).fill('Door');
  await page.getByRole('button', { name: 'Rename' }).click();
  await done();
  await page.getByRole('button', { name: 'Send now' }).click();
  await done();
  const words = text(element);
  expect(words.match(/Waiting: kept on this device, and sent by itself/g)).toHaveLength(3);
  expect(words).toContain('Settings In Store: stronger than −60 dBm Waiting');
  expect(words).toContain('If it cannot be sent within an hour it is not sent at all');
  expect(words).toContain('Wanted version 3');
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('Door');
  expect(words).not.toContain('Saved.');
  portal.failing = null;
  await delivery.deliver();
  await done();
  expect(text(element)).not.toContain('Waiting');
  expect(text(element)).toContain('Wanted version 4');
});

test('a name that somebody else gave meanwhile: both, and either can stay', async () => {
  const { portal, element, done } = await sensorPage();
  portal.shown = detailOf(1, { name: '<b>Window</b>' });
  await page.getByLabelText('Name', { exact: true }).fill('Door');
  await page.getByRole('button', { name: 'Rename' }).click();
  await done();
  expect(text(element)).toContain('Somebody else has changed this meanwhile.');
  await expect.element(page.getByTestId('mine')).toHaveTextContent('Door');
  await expect.element(page.getByTestId('theirs')).toHaveTextContent('<b>Window</b>');
  await page.getByRole('button', { name: 'Take what is there' }).click();
  await done();
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('<b>Window</b>');
  expect(portal.shown.name).toBe('<b>Window</b>');
});

test('taken away meanwhile: what was wanted is told, and can be discarded', async () => {
  const { portal, element, done } = await sensorPage();
  portal.failing = new AppError('not_found', 'There is no such unit.', { isForeign: true });
  await page.getByRole('button', { name: 'Send now' }).click();
  await done();
  const words = text(element);
  expect(words).toContain('Tell it something Send now');
  expect(words).toContain('This was not taken. There is no such unit.');
  expect(words).not.toContain('What you typed');
  expect(words).not.toContain('How it is doing');
  await page.getByRole('button', { name: 'Discard it' }).click();
  await done();
  expect(text(element)).not.toContain('This was not taken.');
});
