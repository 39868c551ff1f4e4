import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { FleetUnit } from '../../../shared/contracts/fleet.ts';
import { AppError } from '../../../shared/errors.ts';
import { MemoryAnswers } from '../../app/testing/shop-portal.ts';
import { change, mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './readings-page.ts';

const unit = (deviceId: string): FleetUnit =>
  ({
    device_id: deviceId,
    name: 'Door',
    location_name: 'Harbour Street Bakery',
    anomaly: { reason: 'more than a street can hold', since: '2026-01-28T12:00:00.000Z' },
  }) as FleetUnit;

class Portal {
  readonly cleared: string[] = [];
  units = [unit('JBNB0001'), unit('JBNB0002')];
  failing: AppError | null = null;

  async flagged() {
    if (this.failing) throw this.failing;
    return this.units;
  }
  async clearFlag(id: string) {
    this.cleared.push(id);
    this.units = this.units.filter(({ device_id }) => device_id !== id);
  }
  doubts = async () => ({ readings: [], next_cursor: null });
}

async function readings(portal = new Portal(), role: 'admin' | null = 'admin') {
  const went: string[] = [];
  const element = await mount('jb-readings-page', {
    judgement: portal as never,
    answers: new MemoryAnswers(),
    session: signedIn(role).session,
    go: (path: string) => void went.push(path),
  });
  await settled(element);
  return { element, portal, went };
}

test('flagged units with the reason and a way to their readings', async () => {
  const { element } = await readings();
  expect(text(element)).toContain(
    'JBNB0001 Door, Harbour Street Bakery more than a street can hold since 28 Jan 2026, 12:00 UTC',
  );
  const link = page.getByRole('link', { name: 'JBNB0001' });
  await expect.element(link).toHaveAttribute('href', '/admin/readings/JBNB0001');
});

test('a question about one unit is not handed to the next when the first is cleared', async () => {
  const { element, portal } = await readings();
  for (const row of [1, 0])
    await page.getByRole('button', { name: 'Take the flag off' }).nth(row).click();
  await page.getByRole('button', { name: 'Take it off' }).first().click();
  await settled(element);
  expect(portal.cleared).toEqual(['JBNB0001']);
  expect(text(element)).toContain('JBNB0001 is not flagged any more.');
  await page.getByRole('button', { name: 'Take it off' }).click();
  await settled(element);
  expect(portal.cleared).toEqual(['JBNB0001', 'JBNB0002']);
  expect(text(element)).toContain('No unit is flagged.');
});

test.each([
  ['42', ['/admin/readings/JBNB0042'], ''],
  ['the one by the door', [], 'That is no unit’s id.'],
])('%j typed as a unit', async (typed, paths, words) => {
  const { element, went } = await readings();
  await page.getByLabelText('Another unit').fill(typed);
  await userEvent.keyboard('{Enter}');
  await settled(element);
  expect(went).toEqual(paths);
  if (words) await expect.element(page.getByRole('alert')).toHaveTextContent(words);
});

test('one unit’s own readings, and the way back; what was said before is gone', async () => {
  const { element, portal } = await readings();
  portal.failing = new AppError('unavailable', 'The server cannot be reached.');
  await change(element, { unit: 'JBNB0001' });
  expect(text(element)).toContain('Readings of JBNB0001');
  expect(element.shadowRoot?.querySelector('jb-unit-readings')?.unit).toBe('JBNB0001');
  await change(element, { unit: '' });
  await settled(element);
  await expect.element(page.getByRole('alert')).toBeVisible();
  await change(element, { unit: 'JBNB0001' });
  await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
});

test('signed out: no list, and where to sign in', async () => {
  const { element } = await readings(new Portal(), null);
  expect(text(element)).toContain('Sign in as an administrator first.');
});
