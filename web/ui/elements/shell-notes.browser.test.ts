import { expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { ObservableValue } from '../../app/observable.ts';
import type { Offer } from '../sw-update.ts';
import { mount, settled, text } from '../testing/mount.ts';
import { SAVED } from '../unsaved.ts';
import './shell-notes.ts';

const press = (name: string) => page.getByRole('button', { name, exact: true }).click();

async function notes() {
  const version = new ObservableValue<Offer | null>(null);
  const world = { unsaved: [] as string[] };
  const parts = { version, unsaved: () => world.unsaved };
  const element = await mount('jb-shell-notes', { parts });
  const reload = vi.fn();
  const offer = async (why: Offer['why']) => {
    version.set({ why, reload });
    await settled(element);
  };
  return { element, world, reload, offer };
}

test('nothing to say: nothing', async () => {
  const { element } = await notes();
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
