import { describe, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import type { Offer } from '../sw-update.ts';
import { mount, settled, text } from '../testing/mount.ts';
import { installOf, notesOf } from '../testing/notes.ts';
import { signedIn } from '../testing/session.ts';
import { SAVED } from '../unsaved.ts';
import type { NoteParts } from './shell-notes.ts';
import './shell-notes.ts';

const press = (name: string) => page.getByRole('button', { name, exact: true }).click();

async function notes(changes: Partial<NoteParts> = {}, tab = 'store') {
  const world = { unsaved: [] as string[] };
  const { parts, version, numbers, waiting, trouble } = notesOf({
    unsaved: () => world.unsaved,
    ...changes,
  });
  const element = await mount('jb-shell-notes', { parts, tab });
  const reload = vi.fn();
  const offer = async (why: Offer['why']) => {
    version.set({ why, reload });
    await settled(element);
  };
  return { element, world, reload, offer, numbers, waiting, trouble };
}

test('nothing to say: nothing', async () => {
  const { element } = await notes();
  expect(text(element)).toBe('');
});

test('changes that wait to be sent are counted', async () => {
  const { element, waiting } = await notes({}, 'bench');
  waiting.set(1);
  await settled(element);
  expect(text(element)).toBe('One change waits to be sent.');
  waiting.set(12);
  await settled(element);
  expect(text(element)).toBe('12 changes wait to be sent.');
  waiting.set(0);
  await settled(element);
  expect(text(element)).toBe('');
});

test('a new version, and code that is gone; Reload does it where nothing is lost', async () => {
  const { element, reload, offer } = await notes();
  await offer('new');
  expect(text(element)).toBe('A new version is ready. Reload');
  await offer('missing');
  expect(text(element)).toContain('A part of this page is gone');
  await press('Reload');
  expect(reload).toHaveBeenCalledOnce();
});

test('a reload that would lose typed text names it first', async () => {
  const { element, world, reload, offer } = await notes();
  await offer('new');
  world.unsaved = ['Note on this day', 'Takings'];
  await press('Reload');
  expect(text(element)).toContain('lost if you reload: Note on this day, Takings.');
  expect(reload).not.toHaveBeenCalled();
  await press('Reload all the same');
  expect(reload).toHaveBeenCalledOnce();
});

test('saved meanwhile, there is nothing to warn of', async () => {
  const { element, world, reload, offer } = await notes();
  await offer('new');
  world.unsaved = ['Takings'];
  await press('Reload');
  world.unsaved = [];
  document.dispatchEvent(new CustomEvent(SAVED));
  await settled(element);
  expect(text(element)).toBe('A new version is ready. Reload');
  await press('Reload');
  expect(reload).toHaveBeenCalledOnce();
});

test.each([
  ['full', 'new numbers are not kept'],
  ['gave_way', 'What waits to be sent is kept'],
  ['unkept', 'Leave this page open until it is sent'],
  ['blocked', 'Close the other tabs of JamBench'],
  ['removed', 'What waited to be sent was put back'],
] as const)('what is wrong with what is kept: %s, until it is read', async (what, words) => {
  const { element, trouble } = await notes();
  trouble.set(what);
  await settled(element);
  expect(text(element)).toContain(words);
  await press('Hide this');
  expect(text(element)).toBe('');
  // another trouble is another word
  trouble.set(what === 'full' ? 'unkept' : 'full');
  await settled(element);
  expect(text(element)).not.toBe('');
});

describe('the app', () => {
  const regular = () => {
    const install = installOf(2);
    const prompt = vi.fn(async () => ({ outcome: 'accepted' as const }));
    install.offered({ prompt });
    return { install, prompt };
  };

  test('an owner on the second visit, with numbers in front: one press installs', async () => {
    const { install, prompt } = regular();
    const { element } = await notes({ install });
    expect(text(element)).toContain('As an app, JamBench has its own icon');
    await press('Install JamBench');
    expect(prompt).toHaveBeenCalledOnce();
    install.installed();
    await settled(element);
    expect(text(element)).toBe('');
  });

  test('a no takes it away', async () => {
    const { element } = await notes({ install: regular().install });
    await press('Not now');
    await settled(element);
    expect(text(element)).toBe('');
  });

  test('never on the bench or elsewhere, before there are numbers, to others', async () => {
    for (const tab of ['bench', 'home', 'account']) {
      expect(text((await notes({ install: regular().install }, tab)).element)).toBe('');
    }
    const { session } = signedIn('installer');
    expect(text((await notes({ install: regular().install, session })).element)).toBe('');
    const { element, numbers } = await notes({ install: regular().install });
    numbers.patch({ insights: null });
    await settled(element);
    expect(text(element)).toBe('');
    expect(text((await notes({ install: installOf(1) })).element)).toBe('');
  });

  test('Safari on a Mac has no question: words say how it goes there', async () => {
    const agent = 'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15';
    const { element } = await notes({ install: installOf(3, agent) });
    expect(text(element)).toContain('“Add to Dock”');
    await expect.element(page.getByRole('button', { name: 'Not now' })).toBeVisible();
    expect(page.getByRole('button', { name: 'Install' }).elements()).toEqual([]);
  });
});
