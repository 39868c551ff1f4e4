import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { focused } from './testing/mount.ts';
import { shell } from './testing/shell.ts';

const heading = () => page.getByRole('heading', { level: 1 });

test('by keyboard: the heading has the focus without a frame, links have one', async () => {
  const { element } = await shell();
  const frame = (of: Element | null) => of && getComputedStyle(of).outlineStyle;
  const tab = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Bench' });
  await expect.element(heading()).toBeVisible();
  for (let i = 0; i < 5 && focused() !== tab.element(); i += 1) await userEvent.tab();
  expect(frame(tab.element())).toBe('solid');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => focused()?.localName).toBe('h1');
  expect(focused()).toBe(heading().element());
  expect(heading().element().textContent).toBe('Bench');
  const around = [heading().element(), element, element.renderRoot.querySelector('main')];
  expect(around.map(frame)).toEqual(['none', 'none', 'none']);
  // from the heading one goes on into the page, not to its beginning
  await userEvent.tab();
  expect(focused()?.localName).toBe('select');
});

test('going back puts the focus where it was, going on to the heading', async () => {
  const { go } = await shell();
  const link = () => page.getByRole('link', { name: 'Connect a unit' });
  await expect.element(link()).toBeVisible();
  (link().element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => focused()?.textContent).toBe('Bench');
  history.back();
  await expect.poll(() => focused()?.textContent).toBe('Connect a unit');
  history.forward();
  await expect.poll(() => focused()?.textContent).toBe('Bench');
  go('/nowhere');
  await expect.poll(() => focused()?.textContent).toBe('There is no page here');
});

test('what had the focus is gone when one comes back: the heading has it', async () => {
  const { element, go } = await shell();
  const gone = document.createElement('button');
  gone.textContent = 'Only once';
  element.renderRoot.querySelector('main')?.append(gone);
  gone.focus();
  go('/bench');
  await expect.poll(() => focused()?.textContent).toBe('Bench');
  gone.remove();
  history.back();
  await expect.poll(() => focused()?.textContent).toBe('See how many people visit your shop');
});
