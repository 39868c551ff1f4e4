import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { AppError } from '../../../shared/errors.ts';
import type { Judgement } from '../../app/judgement.ts';
import { change, mount, settled, text } from '../testing/mount.ts';
import type { Doubted } from './doubts.ts';
import './unit-readings.ts';

const reading = (hour: number, doubt: string): Doubted => ({
  period_start: `2026-01-28T${hour}:00:00.000Z`,
  received_at: `2026-01-28T${hour}:05:00.000Z`,
  doubt,
  counted: false,
  judged_at: null,
  impressions: 1,
  device_minutes: 1,
  visits: 1,
});

/** Answers when it is let, in whatever order. */
class Portal implements Judgement {
  readonly asked: string[] = [];
  readonly waiting = new Map<string, () => void>();
  isSlow = false;
  failing: AppError | null = null;
  changed = 1;

  async doubts(unit: string, cursor: string | null) {
    await this.#answer(`doubts ${unit} ${cursor}`);
    const readings = [reading(cursor ? 11 : 12, `doubt of ${unit}`)];
    return { readings, next_cursor: cursor ? null : '5~x' };
  }

  async judge(unit: string, stretch: { from: string; to: string; counted: boolean }) {
    await this.#answer(`judge ${unit}`);
    return { device_id: unit, ...stretch, changed: this.changed };
  }

  flagged = async () => [];
  clearFlag = async () => null;

  async #answer(what: string): Promise<void> {
    this.asked.push(what);
    if (this.isSlow) await new Promise<void>((resolve) => this.waiting.set(what, resolve));
    if (this.failing) throw this.failing;
  }
}

async function readings(portal = new Portal()) {
  const element = await mount('jb-unit-readings', { judgement: portal, unit: 'JBNB0001' });
  return { element, portal };
}

test('a unit’s readings in doubt, and older ones by a click', async () => {
  const { element, portal } = await readings();
  await settled(element);
  expect(text(element)).toContain('doubt of JBNB0001');
  await page.getByRole('button', { name: 'Show older' }).click();
  await settled(element);
  expect(portal.asked).toEqual(['doubts JBNB0001 null', 'doubts JBNB0001 5~x']);
  expect(element.shadowRoot?.querySelector('jb-doubts')?.readings).toHaveLength(2);
  await expect.element(page.getByRole('button', { name: 'Show older' })).not.toBeInTheDocument();
});

test('another unit meanwhile: its own readings, whoever answers last', async () => {
  const portal = new Portal();
  portal.isSlow = true;
  const { element } = await readings(portal);
  await change(element, { unit: 'JBNB0002' });
  portal.waiting.get('doubts JBNB0002 null')?.();
  await settled(element);
  portal.waiting.get('doubts JBNB0001 null')?.();
  await settled(element);
  expect(portal.asked).toEqual(['doubts JBNB0001 null', 'doubts JBNB0002 null']);
  expect(text(element)).toContain('doubt of JBNB0002');
  expect(text(element)).not.toContain('doubt of JBNB0001');
  expect(element.busy).toBe(false);
});

test('what was judged is said and the list asked anew', async () => {
  const { element, portal } = await readings();
  await settled(element);
  portal.changed = 3;
  await page.getByRole('button', { name: 'Count it' }).click();
  await page.getByRole('group').getByRole('button', { name: 'Count it' }).click();
  await settled(element);
  await expect.element(page.getByRole('status')).toHaveTextContent('3 readings put into the sums.');
  expect(portal.asked.slice(1)).toEqual(['judge JBNB0001', 'doubts JBNB0001 null']);
});

test('a failure is said, and the next attempt clears it', async () => {
  const portal = new Portal();
  portal.failing = new AppError('unavailable', 'The server cannot be reached.');
  const { element } = await readings(portal);
  await settled(element);
  await expect.element(page.getByRole('alert')).toHaveTextContent('The server cannot be reached.');
  portal.failing = null;
  await change(element, { unit: 'JBNB0003' });
  await settled(element);
  await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
  expect(text(element)).toContain('doubt of JBNB0003');
});
