import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { drawn, fired, focused, mount, text } from '../testing/mount.ts';
import './confirm.ts';

const button = (name: string) => page.getByRole('button', { name, exact: true });

async function ask(properties: Record<string, unknown> = {}) {
  const element = await mount('jb-confirm', {
    label: 'Dismiss',
    confirmLabel: 'Dismiss Ada',
    ...properties,
  });
  element.append('Ada cannot sign in any more.');
  return { element, events: fired(element, 'confirm') };
}

test('the first click shows what will happen, the second does it, once', async () => {
  const { element, events } = await ask();
  await button('Dismiss').click();
  expect(text(element)).toBe('Ada cannot sign in any more. Dismiss Ada Cancel');
  expect(events).toEqual([]);
  await button('Dismiss Ada').click();
  expect(events).toHaveLength(1);
  expect(text(element)).toBe('Dismiss');
});

test('Enter twice has changed nothing: the safe button has the focus', async () => {
  const { element, events } = await ask();
  await userEvent.tab();
  await userEvent.keyboard('{Enter}');
  await drawn(element);
  expect(focused()?.textContent).toBe('Cancel');
  await userEvent.keyboard('{Enter}');
  await drawn(element);
  expect(events).toEqual([]);
  expect(text(element)).toBe('Dismiss');
});

test('the focus is on the first button again, whichever way it was answered', async () => {
  const { element } = await ask();
  for (const answer of ['Cancel', 'Dismiss Ada']) {
    await button('Dismiss').click();
    await button(answer).click();
    await drawn(element);
    expect(focused()?.textContent, answer).toBe('Dismiss');
  }
});

test('a busy one neither asks nor does it', async () => {
  const { element, events } = await ask({ busy: true });
  await expect.element(button('Dismiss')).toHaveAttribute('aria-disabled', 'true');
  await button('Dismiss').click({ force: true });
  await drawn(element);
  expect(text(element)).toBe('Dismiss');
  element.busy = false;
  await drawn(element);
  await button('Dismiss').click();
  element.busy = true;
  await drawn(element);
  await button('Dismiss Ada').click({ force: true });
  expect(events).toEqual([]);
});

test('the question is a group by the name of what it asks', async () => {
  await ask();
  await button('Dismiss').click();
  await expect.element(page.getByRole('group', { name: 'Dismiss' })).toBeVisible();
});
