/**
 * The owner's and the installer's main stories, the same in every engine that people have: Chromium,
 * Firefox, and WebKit for iPhones. Real clicks, keys and files. Pictures: test-results/engines.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PLACES } from '../../scripts/seed/places.ts';
import { ROOT } from '../../scripts/start/options.ts';
import type { DemoRole } from '../../scripts/start/secrets.ts';
import { addDays, civilDate } from '../../shared/metrics/time-zone.ts';
import { FaultyProxy } from '../testing/faulty-proxy.ts';
import { signIn } from '../testing/stack.ts';
import type { Engine } from './driver.ts';
import { ENGINES } from './engines.ts';
import { kept } from './in-page.ts';
import { Visit } from './visit.ts';

const PICTURES = join(ROOT, 'test-results', 'engines');
const PREPARE_MS = 120_000;
/** It takes to the new width, and its bars grow for 120 ms. */
const CHART_MS = 300;

const [other, place] = PLACES;
const STORE = `/store/${place?.id}`;
const today = civilDate(Date.now(), place?.time_zone ?? 'UTC');

/** Its number alone: engines are told different kinds of English. */
const inWords = (day: string) => `[^\\n]*\\b${Number(day.slice(8))}\\b`;

/** What an engine itself writes when a request gets no answer, or one over 399. */
const FAILED_REQUEST = /Failed to load|NetworkError|Cross-Origin Request Blocked|access control/;

for (const [index, kind] of ENGINES.entries()) {
  const { name } = kind;
  test.describe(name, () => {
    const lacking = kind.lacking();
    test.skip(lacking !== null, lacking ?? '');
    test.describe.configure({ mode: 'serial' });

    const between = new FaultyProxy();
    let engine: Engine;
    let person: Visit;

    test.beforeAll(async () => {
      mkdirSync(PICTURES, { recursive: true });
      engine = await kind.start();
      person = new Visit(engine, await between.start());
      await person.resize(390, 844);
    });
    test.afterAll(async () => {
      between.stop();
      await engine?.close();
    });
    test.afterEach(() => expectProblems());

    /** None but such as these. */
    async function expectProblems(allowed = /^$/): Promise<void> {
      const all = await engine.takeProblems();
      expect(all.filter((line) => !allowed.test(line))).toEqual([]);
    }

    async function signInAs(role: DemoRole, next: string): Promise<void> {
      const { email, password } = signIn(role);
      await person.open(`/sign-in?next=${next}`);
      await person.fill('E-mail', email);
      await person.fill('Password', password);
      await person.press('Sign in');
    }

    async function pictures(of: string): Promise<void> {
      for (const [width, height] of [
        [1440, 900],
        [390, 844],
      ] as const) {
        await person.resize(width, height);
        await new Promise((drawn) => setTimeout(drawn, CHART_MS));
        const file = join(PICTURES, `${name}-${of}-${width}.png`);
        writeFileSync(file, await person.picture());
      }
    }

    test('an owner signs in and sees the store', async () => {
      await signInAs('owner', STORE);
      await person.reads(place?.name ?? '', /Visitors (today|yesterday)/, 'as of');
    });

    test('yesterday, today, the week', async () => {
      await person.press('Yesterday');
      await person.reads('Visitors yesterday', 'Busiest hour', 'When do people come?');
      await person.says('visitors', /^about [\d,]+$/);
      await pictures('yesterday');
      await person.press('Today');
      await person.reads(/Visitors today|Show today/);
      await person.press('Week');
      await person.reads('Visitors in this week', 'On which days do people come?');
      await pictures('week');
    });

    test('any day, beside any other', async () => {
      const day = addDays(today, -5);
      await person.press('Yesterday');
      await person.reads('Visitors yesterday');
      await person.pick('Day to show', day);
      await person.reads(new RegExp(`Visitors on${inWords(day)}`));
      await person.choose('Compare with', 'another day');
      await person.pick('The other day', addDays(day, -3));
      const against = inWords(addDays(day, -3));
      await person.reads(new RegExp(`(than|As many as|against)${against}`));
    });

    test('till numbers and a note, typed; there after a reload', async () => {
      await person.press('Yesterday');
      await person.reads('Visitors yesterday');
      await person.fill('Number of sales', '41');
      await person.fill('Note on this day', 'Market day =1+1');
      await person.press('Save');
      await person.says('conversion', /About \d+% of visitors bought/);
      await person.reload();
      await person.press('Yesterday');
      await person.says('note', /^Your note: Market day =1\+1$/);
    });

    test('opening hours', async () => {
      await person.press('Opening hours');
      await person.press('Monday', 'checkbox');
      await person.press('Save opening hours');
      await person.reads('Saved.');
      await person.press('Monday', 'checkbox');
      await person.press('Save opening hours');
      await person.reads('Saved.');
    });

    test('files: what is shown, and all that was written', async () => {
      await person.press('Download as CSV');
      const csv = await person.downloaded(/\.csv$/);
      expect(csv.split('\r\n')[0]).toContain('visits');
      await person.press('Till files, and all you have written');
      await person.press('Download all of it');
      expect(await person.downloaded(/\.csv$/)).toContain('41,,Market day =1+1');
      await person.press('Delete all of it');
      await person.press('Delete');
      await person.readsNot('Your note:');
    });

    test('German and Spanish', async () => {
      await person.choose('Language', 'de');
      await person.reads('Mein Laden', 'Besucher gestern', 'Wann kommen die Leute?');
      await person.reload();
      await person.reads('Mein Laden');
      await person.choose('Sprache', 'es');
      await person.reads('Mi tienda');
      await pictures('es');
      await person.choose('Idioma', 'en');
      await person.reads('My store');
    });

    test('by keyboard: what was pressed keeps the focus', async () => {
      await person.focus('button', 'Week');
      await person.key('Enter');
      await person.reads('Visitors in this week');
      expect(await person.focused()).toBe('Week');
      await person.focus('button', 'Yesterday');
      await person.key('Tab');
      expect(await person.focused()).toBe('Today');
      if (!kind.arrowsChoose) return;
      await person.focus('combobox', 'Location');
      await person.key('ArrowDown');
      await person.reads(`\n${other?.name}\n`);
      expect(await person.focused()).toBe('Location');
      await person.key('ArrowUp');
      await person.reads(`\n${place?.name}\n`);
    });

    test('no width makes the page wider than its window', async () => {
      for (const width of [kind.narrowest, 900, 390]) {
        expect([width, await person.tooWideAt(width, 700)]).toEqual([width, 0]);
      }
      await person.resize(390, 844);
    });

    test('without a network the page opens with what it keeps', async () => {
      await person.press('Yesterday');
      await person.reads('Visitors yesterday');
      const shown = await person.says('visitors', /about/);
      await person.keptByBrowser();
      between.treat = () => 'drop';
      await person.reload();
      await person.press('Yesterday');
      // the server has not said which day that is
      await person.reads(/Visitors on [^\n]*/, 'not refreshed');
      expect(await person.says('visitors', /about/)).toBe(shown);
      between.treat = () => 'through';
      await person.reload();
      await person.readsNot('not refreshed');
      await expectProblems(FAILED_REQUEST);
    });

    test('who signs out leaves nothing to the next person', async () => {
      const traces = [place?.name ?? '', other?.name ?? '', signIn('owner').email];
      expect(await person.run(kept, traces)).toEqual(traces);
      await person.open('/sign-in');
      await person.press('Sign out');
      await person.reads('Forgotten your password?');
      expect(await person.run(kept, traces)).toEqual([]);
      await signInAs('installer', STORE);
      await person.reads('This page is for shop owners');
      await person.readsNot(place?.name ?? '');
      await expectProblems(FAILED_REQUEST);
    });

    test('the bench says what this browser can, and prepares a virtual unit', async () => {
      test.setTimeout(PREPARE_MS);
      await person.open('/bench');
      await person.reads('Make a JamBox ready');
      expect(await person.isDisabled('button', 'Connect a unit')).toBe(!kind.hasSerial);
      if (kind.hasSerial) await person.readsNot('This browser cannot');
      else {
        const others = 'Open this page in Chrome, Edge, Opera or Firefox (151 or later)';
        await person.reads('This browser cannot reach USB serial ports', others);
      }
      await pictures('bench');
      const unit = `JBNB096${index}`;
      await person.open('/bench?virtual&timing=0&speed=10');
      // as a person in a hurry types it
      await person.fill('Device id', `jbnb ${unit.slice(4)}`);
      await person.press('Prepare unit');
      // a first reading of a few seconds may hold nobody
      await person.reads(new RegExp(`${unit} (is ready|reports, but has counted nobody yet)`));
      await pictures('bench-prepared');
    });
  });
}
