/** Changing several sensors from their list: whom it means, whom it reaches, what became of it. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Me } from '../../../shared/contracts/portal.ts';
import { AppError } from '../../../shared/errors.ts';
import { ServerClock } from '../../app/server-clock.ts';
import { FleetActionsStandIn, fleetActions, tuningOf } from '../../app/testing/fleet-actions.ts';
import { idOf, SensorsStandIn, unitOf } from '../../app/testing/sensors.ts';
import { sensorsPage } from '../../app/testing/sensors-page.ts';
import { MemoryAnswers } from '../../app/testing/shop-portal.ts';
import { mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './sensors-page.ts';

type Options = { role?: Me['role']; cache?: MemoryAnswers; many?: number };

/** Doors at a bakery, the last one at a bookshop. */
async function fleetPage(
  portal = new FleetActionsStandIn(...[1, 2, 3, 4].map((n) => tuningOf(n))),
  { role = 'owner', cache = new MemoryAnswers(), many = 4 }: Options = {},
) {
  const { session } = signedIn(role);
  const clock = new ServerClock(() => Date.parse('2026-11-30T12:04:00Z'));
  const units = new SensorsStandIn();
  units.units = Array.from({ length: many }, (_, i) =>
    unitOf(i + 1, { name: `Door ${i + 1}`, location_name: i + 1 === many ? 'Books' : 'Bakery' }),
  );
  units.pageSize = many;
  const { fleet, who } = sensorsPage(units, { now: () => clock.now() });
  who.id = session.state.value.user?.id ?? null;
  const { actions } = fleetActions(portal, cache);
  const more = { tiles: async () => null, go: () => {} };
  const parts = { fleet, actions, session, clock, ...more };
  const element = await mount('jb-sensors-page', { parts });
  for (let i = 0; i < 4; i += 1) await settled(element);
  return { element, actions, portal, cache };
}
const press = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
const tick = (name: string) => page.getByRole('checkbox', { name, exact: true }).click();
const words = (element: Element) => expect.poll(() => text(element));

test('one sensor alone, and who only looks: nothing of it is offered', async () => {
  for (const options of [{ many: 1 }, { role: 'staff' as const }]) {
    const { element } = await fleetPage(undefined, options);
    await words(element).toContain('Door 1');
    expect(page.getByRole('button', { name: 'Change several' }).elements()).toEqual([]);
    element.remove();
  }
});

test('all that is shown, but one, and it goes with the search', async () => {
  const { element } = await fleetPage();
  await press('Change several');
  await words(element).toContain('No sensor is chosen yet.');
  await tick('All 4 that are shown');
  await words(element).toContain('4 sensors are chosen.');
  await tick('Choose Door 2');
  await words(element).toContain('3 sensors are chosen.');
  await userEvent.type(page.getByLabelText('Search'), 'bakery');
  await words(element).toContain('2 sensors are chosen.');
  await userEvent.clear(page.getByLabelText('Search'));
  await words(element).toContain('3 sensors are chosen.');
});

test('single ticks stay when the search hides them; with Shift, a range', async () => {
  const { element } = await fleetPage();
  await press('Change several');
  await tick('Choose Door 4');
  await userEvent.type(page.getByLabelText('Search'), 'bakery');
  await words(element).toContain('1 sensor is chosen. Not shown of these: 1.');
  await tick('Choose Door 1');
  await page.getByRole('checkbox', { name: 'Choose Door 3' }).click({ modifiers: ['Shift'] });
  await words(element).toContain('4 sensors are chosen. Not shown of these: 1.');
});

test('ticked with the keyboard, the count is said', async () => {
  const { element } = await fleetPage();
  await press('Change several');
  const box = page.getByRole('checkbox', { name: 'Choose Door 1' });
  await expect.element(box).toBeVisible();
  (box.element() as HTMLElement).focus();
  await userEvent.keyboard(' ');
  await words(element).toContain('1 sensor is chosen.');
  const bar = element.shadowRoot?.querySelector('jb-fleet-bar')?.shadowRoot;
  expect(bar?.querySelector('[role=status]')?.textContent).toContain('1 sensor is chosen.');
});

async function settingsOfAll(portal?: FleetActionsStandIn) {
  const world = await fleetPage(portal);
  await press('Change several');
  await tick('All 4 that are shown');
  await press('Settings …');
  await words(world.element).toContain('Settings for 4 sensors');
  return world;
}

test('whom it reaches and whom not is said before, and only what is ticked is sent', async () => {
  const portal = new FleetActionsStandIn(
    ...[tuningOf(1), tuningOf(2, { changed: { report_interval_ms: 600_000 } })],
    ...[tuningOf(3, { may_change: false }), tuningOf(4, { config_version: 7 })],
  );
  const { element } = await settingsOfAll(portal);
  await words(element).toContain('now between every 5 minutes and every 10 minutes');
  expect(page.getByRole('button', { name: /^Set for/ }).elements()).toEqual([]);
  await tick('Readings');
  const slider = page.getByRole('slider', { name: 'Readings' }).element() as HTMLInputElement;
  slider.value = '600000';
  slider.dispatchEvent(new Event('input'));
  await words(element).toContain('This reaches 2 sensors at 2 places.');
  await words(element).toContain('Set like that already: 1 sensor');
  await words(element).toContain('You have no work order there: 1 sensor');
  expect(portal.calls).toEqual(['look 4']);
  await press('Set for 2 sensors');
  await words(element).toContain('Done. Each sensor fetches it when it next reports.');
  expect(portal.calls[1]).toBe('key-1: 2 from JBNB0001 1,7 {"report_interval_ms":600000}');
  await press('Close');
  await words(element).toContain('4 sensors');
});

test('what failed has its reason, is tried again with the same wish, is a file', async () => {
  const { element, portal } = await settingsOfAll();
  const saved: Blob[] = [];
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    saved.push(blob as Blob);
    return '#';
  });
  portal.outcomes.set(idOf(2), 'conflict').set(idOf(3), 'forbidden');
  await tick('Readings');
  const slider = page.getByRole('slider', { name: 'Readings' }).element() as HTMLInputElement;
  slider.value = '600000';
  slider.dispatchEvent(new Event('input'));
  await press('Set for 4 sensors');
  await words(element).toContain('Door 2 Bakery · JBNB0002: Somebody else changed it meanwhile');
  await press('Save as a file (CSV)');
  const csv = await saved[0]?.text();
  expect(csv).toContain('JBNB0003,Door 3,Bakery,6.0.0,You have no work order there');
  vi.restoreAllMocks();
  portal.outcomes.clear();
  await press('Try these again');
  await words(element).toContain('Settings for 2 sensors');
  await press('Set for 2 sensors');
  await words(element).toContain('Done. Each sensor');
  expect(portal.calls.at(-1)).toContain('2 from JBNB0002 1,1 {"report_interval_ms":600000}');
});

test('a restart asks with the count first; another command that waits may be spared', async () => {
  const waiting = tuningOf(2, { waiting: 'geolocate' });
  const portal = new FleetActionsStandIn(tuningOf(1), waiting, tuningOf(3), tuningOf(4));
  const { element } = await fleetPage(portal);
  await press('Change several');
  await tick('All 4 that are shown');
  await press('An order …');
  await page.getByRole('radio', { name: 'Restart' }).click();
  await words(element).toContain('in which another command waits');
  await page.getByRole('checkbox', { name: /Leave out those/ }).click();
  await press('Send to 3 sensors');
  await expect.element(page.getByRole('dialog', { name: 'Restart 3 sensors?' })).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  expect(portal.calls).toEqual(['look 4']);
  await press('Send to 3 sensors');
  await press('Restart');
  await words(element).toContain('Each sensor is told when it next reports, within a day.');
  expect(portal.calls[1]).toBe('key-1: 3 from JBNB0001 reboot');
});

test('stopped by a lost network it says so, and goes on after a reload', async () => {
  const all = Array.from({ length: 150 }, (_, i) => tuningOf(i + 1));
  const portal = new FleetActionsStandIn(...all);
  const cache = new MemoryAnswers();
  const first = await fleetPage(portal, { cache, many: 150 });
  await press('Change several');
  await tick('All 150 that are shown');
  await press('An order …');
  await page.getByRole('radio', { name: 'Send now' }).click();
  portal.until = async () => {
    if (portal.answers.size === 1) portal.failures.push(new AppError('unavailable', 'Away.'));
  };
  await press('Send to 150 sensors');
  await words(first.element).toContain('It stopped. Not told yet: 50 sensors.');
  first.element.remove();
  portal.until = async () => {};
  const { element } = await fleetPage(portal, { cache, many: 150 });
  await words(element).toContain('A change of several sensors stopped after 100 of 150.');
  await press('Show');
  await press('Go on');
  await words(element).toContain('150 of 150 sensors');
  expect(portal.answers.size).toBe(2);
});

test('without network the buttons say what they need', async () => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  onTestFinished(() => void vi.restoreAllMocks());
  const { element } = await fleetPage();
  await press('Change several');
  await tick('Choose Door 1');
  await words(element).toContain('Changing several sensors at once needs the network.');
  const button = page.getByRole('button', { name: 'Settings …' }).element() as HTMLElement;
  expect(button.ariaDisabled).toBe('true');
  button.click();
  await settled(element);
  expect(element.shadowRoot?.querySelector('jb-fleet-action')).toBeNull();
});

test('ten thousand: chosen, looked at, slid over and sent, a hundred at a time', async () => {
  const many = 10_000;
  const portal = new FleetActionsStandIn(
    ...Array.from({ length: many }, (_, i) =>
      tuningOf(i + 1, { changed: { dwell_long_threshold: 6 + (i % 24) } }),
    ),
  );
  // As a network does: each answer comes in a task of its own.
  portal.until = () => new Promise((resolve) => setTimeout(resolve));
  const { element } = await fleetPage(portal, { many });
  const long: number[] = [];
  const watch = new PerformanceObserver((list) => {
    long.push(...list.getEntries().map(({ duration }) => duration));
  });
  watch.observe({ type: 'longtask' });
  await press('Change several');
  await tick('All 10,000 that are shown');
  await words(element).toContain('10,000 sensors are chosen.');
  await press('Settings …');
  await expect.poll(() => text(element), { timeout: 20_000 }).toContain('Which settings?');
  await tick('Readings');
  const slider = page.getByRole('slider', { name: 'Readings' }).element() as HTMLInputElement;
  for (const value of ['600000', '660000', '720000']) {
    slider.value = value;
    slider.dispatchEvent(new Event('input'));
    await settled(element);
  }
  await words(element).toContain('This reaches 10,000 sensors at 2 places.');
  await press('Set for 10,000 sensors');
  await expect.poll(() => text(element), { timeout: 20_000 }).toContain('Done. Each sensor');
  watch.disconnect();
  console.info(
    `10,000 sensors, a whole action: long tasks of ${long.map(Math.round).join(', ')} ms`,
  );
  expect(portal.answers.size).toBe(100);
});
