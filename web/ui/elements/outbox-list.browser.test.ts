import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { AppError } from '../../../shared/errors.ts';
import type { DeliveryState } from '../../app/outbox-delivery.ts';
import type { OutboxEntry } from '../../app/ports.ts';
import { change, drawn, fired, focused, mount, text } from '../testing/mount.ts';
import './outbox-list.ts';

const button = (name: string) => page.getByRole('button', { name, exact: true });

function entry(id: number, changes: Partial<OutboxEntry> = {}): OutboxEntry {
  const request = {
    device_id: `JBNB000${id}`,
    token_sha256: 'a'.repeat(64),
    mac: 'F4:12:FA:00:00:01',
    firmware: '6.0.0',
  };
  return { id, queuedAt: Date.now() - 120_000, request, refused: null, ...changes };
}

async function list(...entries: OutboxEntry[]) {
  const state: DeliveryState = {
    entries,
    changes: [],
    delivering: false,
    stopped: null,
    delivered: [],
  };
  const element = await mount('jb-outbox-list', { state });
  const set = (changes: Partial<DeliveryState>) =>
    change(element, { state: { ...element.state, ...changes } });
  return { element, set, events: fired(element, 'deliver', 'discard', 'replace') };
}

test('nothing waits: nothing is shown', async () => {
  const { element } = await list();
  expect(text(element)).toBe('');
});

test('what waits is said with its age, and delivered by a click', async () => {
  const { element, events } = await list(entry(1));
  expect(text(element)).toContain('JBNB0001 F4:12:FA:00:00:01, prepared 2 minutes ago waiting');
  await button('Deliver now').click();
  expect(events).toEqual([['deliver', null]]);
});

test('while it is delivered the button stays, has the focus and does nothing', async () => {
  const { element, events, set } = await list(entry(1));
  await button('Deliver now').click();
  await set({ delivering: true });
  await expect.element(button('Delivering…')).toHaveAttribute('aria-disabled', 'true');
  expect(focused()).toBe(element.shadowRoot?.querySelector('button'));
  await button('Delivering…').click({ force: true });
  expect(events).toHaveLength(1);
});

test('why delivery stopped is announced', async () => {
  const { set } = await list(entry(1));
  await set({ stopped: new AppError('unauthenticated', 'Sign in first.', { hint: 'Then wait.' }) });
  await expect
    .element(page.getByRole('status'))
    .toHaveTextContent('Delivery waits: Sign in first. Then wait.');
});

test('a refused one has its reason and two ways out, and no delivery', async () => {
  const { element, events } = await list(entry(2, { refused: 'The id belongs to another unit.' }));
  expect(text(element)).toContain('Refused: The id belongs to another unit.');
  await expect.element(button('Deliver now')).not.toBeInTheDocument();
  await button('Replace the other unit').click();
  await button('Discard').click();
  expect(events).toEqual([
    ['replace', 2],
    ['discard', 2],
  ]);
});

test('one that asked to replace already can only be discarded', async () => {
  const { request } = entry(3);
  await list(entry(3, { refused: 'Not yours.', request: { ...request, replace: true } }));
  await expect.element(button('Replace the other unit')).not.toBeInTheDocument();
  await expect.element(button('Discard')).toBeVisible();
});

test('when an entry is gone the next one keeps its own buttons', async () => {
  const { element, events, set } = await list(
    entry(4, { refused: 'No.' }),
    entry(5, { refused: 'No.' }),
  );
  await set({ entries: element.state.entries.slice(1) });
  await drawn(element);
  await button('Discard').click();
  expect(events).toEqual([['discard', 5]]);
});
