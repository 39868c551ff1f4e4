import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { Alert } from '../../../shared/contracts/alert.ts';
import { AppError } from '../../../shared/errors.ts';
import { mount, settled, text } from '../testing/mount.ts';
import { deviceOf, installOf } from '../testing/notes.ts';
import './device-card.ts';

const ALERT: Alert = {
  device_id: 'JBNB0001',
  name: 'Front door',
  location_id: 'bakery',
  kind: 'silent',
  started: 1_769_600_000,
  started_at: '2026-01-28T11:33:20Z',
  ended_at: null,
  detail: '',
  acknowledged_at: null,
  acknowledged_by: null,
};

const press = (name: string) => page.getByRole('button', { name, exact: true }).click();

async function card(device: ReturnType<typeof deviceOf>) {
  const element = await mount('jb-device-card', { parts: device.parts });
  await settled(element);
  return { element, ...device };
}

test.each([
  ['silent', 'The sensor Front door is silent'],
  ['anomaly', 'The sensor Front door reports what cannot be'],
  ['radio', 'The sensor Front door does not hear everything'],
  ['credential', 'The sensor Front door was prepared anew'],
] as const)('an open alert in words: %s', async (kind, words) => {
  const { element } = await card(deviceOf('default', async () => [{ ...ALERT, kind }]));
  await expect.poll(() => text(element)).toContain(words);
});

test('none open, and not known', async () => {
  const { element } = await card(deviceOf('default', async () => []));
  expect(text(element)).toContain('No alert is open.');
  const away = deviceOf('default', async () => {
    throw new AppError('unavailable', 'Away.');
  });
  expect(text((await card(away)).element)).toContain('Not known right now.');
});

test('telling is switched on by a press and off again, with when it works', async () => {
  const { element } = await card(deviceOf('default', async () => []));
  expect(text(element)).toContain('as long as it is open here');
  await press('Show new alerts on this device');
  await expect.poll(() => text(element)).toContain('New alerts are shown on this device.');
  expect(text(element)).toContain('When it is closed, nothing comes');
  await press('Do not show them any more');
  await expect.poll(() => text(element)).toContain('Show new alerts on this device');
});

test('a refusal says where it can be taken back', async () => {
  const device = deviceOf('default', async () => []);
  device.world.answer = 'denied';
  const { element } = await card(device);
  await press('Show new alerts on this device');
  await expect.poll(() => text(element)).toContain('Allow them in its settings');
  expect(page.getByRole('button', { name: 'Show new alerts' }).elements()).toEqual([]);
});

test('where there are no notifications: said, on an iPhone with the way to them', async () => {
  const { element } = await card(deviceOf('no', async () => []));
  expect(text(element)).toContain('cannot show notifications here');
  const iphone = installOf(1, 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)');
  const phone = await card(deviceOf('no', async () => [], iphone));
  expect(text(phone.element)).toContain('once JamBench is an app: see below');
  expect(text(phone.element)).toContain('“Add to Home Screen”');
});

test('how much is kept and whether that is promised, asked by a press', async () => {
  const { element, world } = await card(deviceOf('no', async () => []));
  expect(text(element)).toContain('without a network: 1.5 MB.');
  expect(text(element)).toContain('may remove it when the device runs out of space');
  await press('Ask the browser to keep it');
  await expect.poll(() => text(element)).toContain('did not promise to keep it');
  world.promised = true;
  const again = await card(deviceOf('no', async () => []));
  again.world.promised = true;
  await press('Ask the browser to keep it');
  await expect.poll(() => text(again.element)).toContain('has promised to keep it');
});

test('nearly full, and a browser that says nothing', async () => {
  const device = deviceOf('no', async () => []);
  device.keeping.room = 1_600_000;
  expect(text((await card(device)).element)).toContain('nearly all this browser allows, 1.5 MB');
  const silent = deviceOf('no', async () => []);
  silent.keeping.used = null;
  silent.world.promised = null;
  expect(text((await card(silent)).element)).toContain('does not say how long it keeps it');
});
