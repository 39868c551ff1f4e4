import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { VirtualUnit } from '../../app/ports.ts';
import { change, drawn, fired, mount, text } from '../testing/mount.ts';
import './virtual-controls.ts';

const button = (name: string) => page.getByRole('button', { name, exact: true });

async function controls(properties: Record<string, unknown> = {}) {
  const calls: unknown[] = [];
  const unit: Partial<VirtualUnit> = {
    setSpeed: (speed) => void calls.push(['speed', speed]),
    press: (which) => void calls.push(['press', which]),
    setPlugged: (plugged) => void calls.push(['plugged', plugged]),
    setFault: (fault) => void calls.push(fault),
  };
  const element = await mount('jb-virtual-controls', { unit: unit as VirtualUnit, ...properties });
  element.shadowRoot?.querySelector('summary')?.click(); // folded until somebody looks
  return { element, calls, events: fired(element, 'plugged') };
}

test('the cable is pulled and plugged in, and the buttons are dead meanwhile', async () => {
  const { element, calls, events } = await controls();
  await button('Press button').click();
  await button('Pull the cable').click();
  await drawn(element);
  await expect.element(button('Press button')).toBeDisabled();
  await expect.element(button('Reset')).toBeDisabled();
  await button('Plug it in').click();
  await button('Reset').click();
  expect(calls).toEqual([
    ['press', 'top'],
    ['plugged', false],
    ['plugged', true],
    ['press', 'reset'],
  ]);
  expect(events).toEqual([
    ['plugged', false],
    ['plugged', true],
  ]);
});

test.each([
  ['SIM', 'missing', { sim: 'missing' }],
  ['SIM', 'locked by a PIN', { sim: 'pin' }],
  ['Network', 'refuses the SIM', { registration: 'denied' }],
  ['Modem', 'has no power', { modemPowered: false }],
  ['Receivers', 'Bluetooth is broken', { brokenRadio: 'ble' }],
  ['Bring-up fails at', 'step 7', { failStep: 7 }],
])('%s: %s', async (label, option, fault) => {
  const { calls } = await controls();
  await page.getByLabelText(label).selectOptions(option);
  expect(calls).toEqual([fault]);
});

test('a step that was to fail is taken back', async () => {
  const { calls } = await controls();
  await page.getByLabelText('Bring-up fails at').selectOptions('step 1');
  await page.getByLabelText('Bring-up fails at').selectOptions('no step');
  expect(calls).toEqual([{ failStep: 1 }, { failStep: null }]);
});

test('the signal by keyboard, in words; none at all is 99 to the modem', async () => {
  const { element, calls } = await controls();
  const slider = page.getByRole('slider', { name: /Signal/ });
  expect(text(element)).toContain('20 of 31, -73 dBm');
  (slider.element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowRight}{Home}');
  await drawn(element);
  expect(calls).toEqual([{ csq: 21 }, { csq: 99 }]);
  expect(text(element)).toContain('Signal none');
});

test('time: the usual speeds, the one it was started with, and a warning', async () => {
  const { element, calls } = await controls({ speed: 7 });
  const select = page.getByLabelText('Time runs');
  await expect.element(select).toHaveValue('7');
  expect(text(element)).toContain('The server refuses readings more than ten minutes early.');
  await select.selectOptions('as on the wall');
  await drawn(element);
  expect(calls).toEqual([['speed', 1]]);
  expect(text(element)).not.toContain('more than ten minutes early');
  await change(element, { speed: 10 });
  await expect.element(select).toHaveValue('10');
});
