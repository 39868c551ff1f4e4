/** Work orders on the bench: where each is, and the way to its units without typing. */
import { afterEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import type { WorkOrder } from '../../../shared/contracts/work-order.ts';
import { AppError } from '../../../shared/errors.ts';
import type { OwnWork } from '../../app/administration.ts';
import { mount, settled, text } from '../testing/mount.ts';
import './bench-orders.ts';

afterEach(() => document.body.replaceChildren());

const order = (more: Partial<WorkOrder> = {}): WorkOrder => ({
  ...{ id: '019a0000000abcde', kind: 'install', location_id: 'bakery', device_id: null },
  ...{ note: 'Two, by the door', created_at: '2026-01-28T12:00:00Z', created_by: 'id-ada' },
  ...{ assigned_to: 'id-ines', closed_at: null, closed_by: null, outcome: null },
  ...more,
});

async function orders(given: WorkOrder[], assign = vi.fn(async () => given[0] as WorkOrder)) {
  const work = {
    orders: async () => ({ work_orders: given, next_cursor: null }),
    places: async () => [{ id: 'bakery', name: 'Harbour Street Bakery', time_zone: 'UTC' }],
    place: async () => ({ name: 'Harbour Street Bakery', address: 'Harbour Street 1' }),
    unitsAt: async () => [],
    assign,
  } as unknown as OwnWork;
  const properties = { work, me: 'id-ines', nextId: 'JBNB0007' };
  const element = await mount('jb-bench-orders', properties);
  const begun: string[] = [];
  document.body.addEventListener('begin', (e) => begun.push((e as CustomEvent<string>).detail));
  await vi.waitFor(() => expect(element.shadowRoot?.textContent).toContain('work order'));
  await settled(element);
  return { element, begun, assign };
}

const button = (name: string) => page.getByRole('button', { name, exact: true });

test('an own order: its place, its note, the next id, and a press begins it', async () => {
  const { element, begun, assign } = await orders([order()]);
  expect(text(element)).toContain('Install Harbour Street Bakery');
  expect(text(element)).toContain('Two, by the door');
  expect(text(element)).toContain('The next unit is JBNB0007.');
  await button('Prepare units for it').click();
  expect(begun).toEqual(['bakery']);
  expect(assign).not.toHaveBeenCalled();
});

test('a free one is taken first; taken by another meanwhile, nothing begins', async () => {
  const free = order({ assigned_to: null });
  const first = await orders([free]);
  await button('Take it and prepare units').click();
  await vi.waitFor(() => expect(first.begun).toEqual(['bakery']));
  expect(first.assign).toHaveBeenCalledWith(free.id, 'id-ines');
  document.body.replaceChildren();
  const refused = vi.fn(async () => {
    throw new AppError('conflict', 'Somebody else has it.');
  });
  const { element, begun } = await orders([free], refused);
  begun.length = 0;
  await button('Take it and prepare units').click();
  await vi.waitFor(() => expect(text(element)).toContain('Somebody else has it.'));
  expect(begun).toEqual([]);
});

test('a certain unit goes to the form with its id; to take one down needs no bench', async () => {
  await orders([
    order({ kind: 'replace', device_id: 'JBNB0042' }),
    order({ id: '019a0000000abcdf', kind: 'remove' }),
  ]);
  await expect
    .element(page.getByRole('link', { name: 'Prepare JBNB0042' }))
    .toHaveAttribute('href', '/bench?unit=JBNB0042&place=bakery');
  await expect
    .element(page.getByRole('link', { name: 'To the work orders' }))
    .toHaveAttribute('href', '/work');
});
