import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { pageLanguage } from '../texts/language.ts';
import { focused, settled, text } from './testing/mount.ts';
import { NOW, shell } from './testing/shell.ts';

const heading = () => page.getByRole('heading', { level: 1 });
const tabs = () =>
  page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link')
    .elements()
    .map((link) => link.textContent?.trim());

test.each([
  [null, ['My store', 'My locations', 'Bench', 'Sign in']],
  ['owner', ['My store', 'My locations', 'Account']],
  ['staff', ['My store', 'My locations', 'Account']],
  ['installer', ['My locations', 'Bench', 'Work orders', 'Account']],
  ['admin', ['My store', 'My locations', 'Bench', 'Admin', 'Account']],
] as const)('the tabs of %s', async (role, names) => {
  await shell({ role });
  expect(tabs()).toEqual(names);
});

test('another language is spoken at once, by the document too, and remembered', async () => {
  const { element } = await shell({ role: 'owner' });
  await userEvent.selectOptions(page.getByRole('combobox', { name: 'Language' }), 'Deutsch');
  await expect.poll(() => text(element)).toContain('Sehen Sie, wie viele Menschen');
  expect(text(element)).toContain('Mein Laden');
  expect(document.documentElement.lang).toBe('de');
  const another = pageLanguage(localStorage, ['en-GB']);
  await another.start();
  expect(another.current).toBe('de');
});

test('the first language of the browser that there is', async () => {
  const { element } = await shell();
  localStorage.clear();
  const fresh = pageLanguage(localStorage, ['fr-CA', 'es-MX', 'de']);
  await fresh.start();
  expect(fresh.current).toBe('es');
  await settled(element);
  expect(text(element)).toContain('Mi tienda');
});

test('a tab opens its page, marks itself, names the window and focuses the heading', async () => {
  const { element } = await shell();
  expect(document.title).toBe('JamBench');
  const tab = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Bench' });
  await tab.click();
  await settled(element);
  await expect.element(tab).toHaveAttribute('aria-current', 'page');
  expect(document.title).toBe('Bench · JamBench');
  expect(focused()).toBe(heading().element());
  history.back();
  await expect.element(heading()).toHaveTextContent('See how many people visit your shop');
});

test('the first page takes the focus from nobody', async () => {
  await shell();
  expect(focused()).toBeNull();
});

test('whoever goes on before a page is there gets the later one', async () => {
  const { element, bench, go } = await shell();
  let open = () => {};
  bench.gate = new Promise((resolve) => {
    open = resolve;
  });
  go('/bench');
  go('/nowhere');
  await settled(element);
  open();
  await settled(element);
  await expect.element(heading()).toHaveTextContent('There is no page here');
});

test('code that cannot be fetched is said, and another page still opens', async () => {
  const { element, bench, go } = await shell();
  bench.fails = true;
  go('/bench');
  await settled(element);
  await expect.element(heading()).toHaveTextContent('This page could not be loaded');
  expect(focused()).toBe(heading().element());
  go('/');
  await settled(element);
  await expect.element(heading()).toHaveTextContent('See how many people visit your shop');
  expect(focused()).toBe(heading().element());
});

test('the first Tab skips to the content', async () => {
  const { element } = await shell();
  await userEvent.tab();
  expect(focused()?.textContent).toBe('Skip to the content');
  await userEvent.keyboard('{Enter}');
  await settled(element);
  expect(focused()?.id).toBe('main');
});

test('offline, a clock that is wrong, nothing kept, what is noted: each is said', async () => {
  const { element, clock, version } = await shell();
  expect(text(element)).not.toMatch(/offline|clock|keep nothing|new version/i);
  clock.observe(NOW + 3_600_000);
  await settled(element);
  expect(text(element)).toContain('The clock of this device is 1 hour behind.');
  clock.observe(NOW - 7_200_000);
  await settled(element);
  expect(text(element)).toContain('2 hours ahead.');
  const reload = vi.fn();
  Object.assign(element, { remembers: false });
  version.set({ why: 'new', reload });
  const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  window.dispatchEvent(new Event('offline'));
  await settled(element);
  expect(text(element)).toContain('You are offline.');
  expect(text(element)).toContain('lets JamBench keep nothing');
  await page.getByRole('button', { name: 'Reload' }).click();
  expect(reload).toHaveBeenCalledOnce();
  online.mockRestore();
});
