import { html } from 'lit';
import { expect, onTestFinished, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { ServerClock } from '../app/server-clock.ts';
import { pageLanguage } from '../texts/language.ts';
import type { Page } from './app-shell.ts';
import './app-shell.ts';
import './pages/home-page.ts';
import './pages/not-found-page.ts';
import { Router } from './router.ts';
import { focused, mount, settled, text } from './testing/mount.ts';
import { signedIn } from './testing/session.ts';

const NOW = Date.parse('2026-11-20T20:00:00.000Z');

const HOME: Page = {
  title: () => 'JamBench',
  tab: 'home',
  load: async () => null,
  render: () => html`<jb-home-page></jb-home-page>`,
};
const NOT_FOUND: Page = {
  title: () => 'Not found',
  tab: null,
  load: async () => null,
  render: () => html`<jb-not-found-page></jb-not-found-page>`,
};

async function shell({ role = null as 'owner' | 'installer' | 'admin' | null } = {}) {
  const before = location.href;
  history.replaceState(null, '', '/');
  const bench = { fails: false, gate: Promise.resolve() };
  const BENCH: Page = {
    title: () => 'Bench',
    tab: 'bench',
    load: async () => {
      await bench.gate;
      if (bench.fails) throw new TypeError('Failed to fetch');
    },
    render: () => html`<h1 tabindex="-1">Bench</h1>`,
  };
  const router = new Router(window);
  const start = vi.spyOn(router, 'start');
  const clock = new ServerClock(() => NOW);
  const routes = {
    list: [
      { pattern: '/', page: HOME },
      { pattern: '/bench', page: BENCH },
    ],
    notFound: NOT_FOUND,
  };
  const { session } = signedIn(role);
  const languages = pageLanguage(localStorage, ['fr-FR', 'en-GB']);
  const element = await mount('jb-app', { router, routes, session, clock, languages });
  onTestFinished(async () => {
    await languages.choose('en');
    localStorage.clear();
    start.mock.results[0]?.value();
    history.replaceState(null, '', before);
  });
  await settled(element);
  return { element, bench, clock, go: router.go };
}

const heading = () => page.getByRole('heading', { level: 1 });
const tabs = () =>
  page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link')
    .elements()
    .map((link) => link.textContent?.trim());

test.each([
  [null, ['My store', 'Bench', 'Sign in']],
  ['owner', ['My store', 'Account']],
  ['installer', ['My store', 'Bench', 'Account']],
  ['admin', ['My store', 'Bench', 'Admin', 'Account']],
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

test('offline, a clock that is wrong, nothing kept, a new version: each is said', async () => {
  const { element, clock } = await shell();
  expect(text(element)).not.toMatch(/offline|clock|keep nothing|new version/i);
  clock.observe(NOW + 3_600_000);
  await settled(element);
  expect(text(element)).toContain('The clock of this device is 1 hour behind.');
  clock.observe(NOW - 7_200_000);
  await settled(element);
  expect(text(element)).toContain('2 hours ahead.');
  const reload = vi.fn();
  Object.assign(element, { remembers: false, newVersion: reload });
  const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  window.dispatchEvent(new Event('offline'));
  await settled(element);
  expect(text(element)).toContain('You are offline.');
  expect(text(element)).toContain('lets JamBench keep nothing');
  await page.getByRole('button', { name: 'Reload' }).click();
  expect(reload).toHaveBeenCalledOnce();
  online.mockRestore();
});

test('by keyboard: the heading has the focus without a frame, links have one', async () => {
  const { element } = await shell();
  const frame = (of: Element | null) => of && getComputedStyle(of).outlineStyle;
  const tab = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Bench' });
  for (let i = 0; i < 4 && focused() !== tab.element(); i += 1) await userEvent.tab();
  expect(frame(tab.element())).toBe('solid');
  await userEvent.keyboard('{Enter}');
  await settled(element);
  expect(focused()).toBe(heading().element());
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
  await settled(element);
  gone.remove();
  history.back();
  await expect.poll(() => focused()?.textContent).toBe('See how many people visit your shop');
});
