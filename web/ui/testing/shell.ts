/** The shell with pages around it, as the composition root puts it together. */

import { html } from 'lit';
import { onTestFinished, vi } from 'vitest';
import { ServerClock } from '../../app/server-clock.ts';
import { pageLanguage } from '../../texts/language.ts';
import type { Page } from '../app-shell.ts';
import '../app-shell.ts';
import '../pages/home-page.ts';
import '../pages/not-found-page.ts';
import { Router } from '../router.ts';
import { mount, settled } from './mount.ts';
import { notesOf } from './notes.ts';
import { signedIn } from './session.ts';

/** What the device's clock says. */
export const NOW = Date.parse('2026-11-20T20:00:00.000Z');

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

/** The shell on an address of its own, with a home page and a bench that can fail or be late. */
export async function shell({ role = null as Parameters<typeof signedIn>[0] } = {}) {
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
  const element = await mount('jb-app', { router, routes, session, languages });
  onTestFinished(async () => {
    await languages.choose('en');
    localStorage.clear();
    start.mock.results[0]?.value();
    history.replaceState(null, '', before);
  });
  await settled(element);
  const { parts, version } = notesOf({ clock });
  await element.note(parts);
  await settled(element);
  return { element, bench, clock, version, go: router.go };
}
