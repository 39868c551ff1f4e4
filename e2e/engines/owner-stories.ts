/** What an owner does with My Store, step by step. Knows no engine. */
import { expect, test } from '@playwright/test';
import { PLACES } from '../../scripts/seed/places.ts';
import { addDays, civilDate } from '../../shared/metrics/time-zone.ts';
import { signIn } from '../testing/stack.ts';
import { kept } from './in-page.ts';
import { FAILED_REQUEST, type Scene } from './scene.ts';

const [other, place] = PLACES;
const STORE = `/store/${place?.id}`;
const today = civilDate(Date.now(), place?.time_zone ?? 'UTC');

/** Comes last: what is pressed before may move away under the finger. */
const WHOLE = 'How exact is this?';

/** Its number alone: engines are told different kinds of English. */
const inWords = (day: string) => `[^\\n]*\\b${Number(day.slice(8))}\\b`;

/** Signs in, and looks at all there is to see. */
export function ownerLooks(scene: Scene): void {
  test('an owner signs in and sees the store', async () => {
    await scene.signInAs('owner', STORE);
    await scene.person.reads(place?.name ?? '', /Visitors (today|yesterday)/, WHOLE);
  });

  test('yesterday, today, the week', async () => {
    await scene.person.press('Yesterday');
    await scene.person.reads('Visitors yesterday', 'Busiest hour', 'When do people come?');
    await scene.person.says('visitors', /^about [\d,]+$/);
    await scene.pictures('yesterday');
    await scene.person.press('Today');
    await scene.person.reads(/Visitors today|Show today/);
    await scene.person.press('Week');
    await scene.person.reads('Visitors in this week', 'On which days do people come?');
    await scene.pictures('week');
  });

  test('any day, beside any other', async () => {
    const day = addDays(today, -5);
    await scene.person.press('Yesterday');
    await scene.person.reads('Visitors yesterday');
    await scene.person.pick('Day to show', day);
    await scene.person.reads(new RegExp(`Visitors on${inWords(day)}`));
    await scene.person.choose('Compare with', 'another day');
    await scene.person.pick('The other day', addDays(day, -3));
    const against = inWords(addDays(day, -3));
    await scene.person.reads(new RegExp(`(than|As many as|against)${against}`));
  });
}

/** Adds what the shop itself knows, and takes it away as files. */
export function ownerWrites(scene: Scene): void {
  test('till numbers and a note, typed; there after a reload', async () => {
    await scene.person.press('Yesterday');
    await scene.person.reads('Visitors yesterday');
    await scene.person.fill('Number of sales', '41');
    await scene.person.fill('Note on this day', 'Market day =1+1');
    await scene.person.press('Save');
    await scene.person.says('conversion', /About \d+% of visitors bought/);
    await scene.person.reads('Saved.');
    await scene.person.reload();
    // whole, so that nothing moves away under the finger
    await scene.person.reads(WHOLE, 'What did your till count?');
    await scene.person.press('Yesterday');
    await scene.person.says('note', /^Your note: Market day =1\+1$/);
  });

  test('opening hours', async () => {
    await scene.person.press('Opening hours');
    await scene.person.press('Monday', 'checkbox');
    await scene.person.press('Save opening hours');
    await scene.person.reads('Saved.');
    await scene.person.press('Monday', 'checkbox');
    await scene.person.press('Save opening hours');
    await scene.person.reads('Saved.');
  });

  test('files: what is shown, and all that was written', async () => {
    await scene.person.press('Download as CSV');
    const csv = await scene.person.downloaded(/\.csv$/);
    expect(csv.split('\r\n')[0]).toContain('visits');
    await scene.person.press('Till files, and all you have written');
    await scene.person.press('Download all of it');
    expect(await scene.person.downloaded(/\.csv$/)).toContain('41,,Market day =1+1');
    await scene.person.press('Delete all of it');
    await scene.person.press('Delete');
    await scene.person.readsNot('Your note:');
  });
}

/** In any language, by keyboard, in any window, without a network. */
export function ownerIsAtHome(scene: Scene): void {
  test('German and Spanish', async () => {
    await scene.person.choose('Language', 'de');
    await scene.person.reads('Mein Laden', 'Besucher gestern', 'Wann kommen die Leute?');
    await scene.person.reload();
    await scene.person.reads('Mein Laden');
    await scene.person.choose('Sprache', 'es');
    await scene.person.reads('Mi tienda');
    await scene.pictures('es');
    await scene.person.choose('Idioma', 'en');
    await scene.person.reads('My store');
  });

  test('by keyboard: what was pressed keeps the focus', async () => {
    await scene.person.focus('button', 'Week');
    await scene.person.key('Enter');
    await scene.person.reads('Visitors in this week');
    expect(await scene.person.focused()).toBe('Week');
    await scene.person.focus('button', 'Yesterday');
    await scene.person.key('Tab');
    expect(await scene.person.focused()).toBe('Today');
    if (!scene.kind.arrowsChoose) return;
    await scene.person.focus('combobox', 'Location');
    await scene.person.key('ArrowDown');
    await scene.person.reads(`\n${other?.name}\n`);
    expect(await scene.person.focused()).toBe('Location');
    await scene.person.key('ArrowUp');
    await scene.person.reads(`\n${place?.name}\n`);
  });

  test('no width makes the page wider than its window', async () => {
    for (const width of [scene.kind.narrowest, 900, 390]) {
      expect([width, await scene.person.tooWideAt(width, 700)]).toEqual([width, 0]);
    }
  });

  test('without a network the page opens with what it keeps', async () => {
    await scene.person.press('Yesterday');
    await scene.person.reads('Visitors yesterday');
    const shown = await scene.person.says('visitors', /about/);
    await scene.person.keptByBrowser();
    scene.between.treat = () => 'drop';
    await scene.person.reload();
    await scene.person.reads(WHOLE);
    await scene.person.press('Yesterday');
    // the server has not said which day that is
    await scene.person.reads(/Visitors on [^\n]*/, 'not refreshed');
    await scene.person.says('visitors', new RegExp(`^${shown}$`));
    scene.between.treat = () => 'through';
    await scene.person.reload();
    await scene.person.readsNot('not refreshed');
    await scene.expectProblems(FAILED_REQUEST);
  });
}

/** Signs out; somebody else comes. */
export function ownerLeaves(scene: Scene): void {
  test('who signs out leaves nothing to the next person', async () => {
    const traces = [place?.name ?? '', other?.name ?? '', signIn('owner').email];
    expect(await scene.person.run(kept, traces)).toEqual(traces);
    await scene.person.open('/sign-in');
    await scene.person.press('Sign out');
    await scene.person.reads('Forgotten your password?');
    expect(await scene.person.run(kept, traces)).toEqual([]);
    await scene.signInAs('installer', STORE);
    await scene.person.reads('This page is for shop owners');
    await scene.person.readsNot(place?.name ?? '');
    await scene.expectProblems(FAILED_REQUEST);
  });
}
