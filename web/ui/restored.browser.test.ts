import { afterEach, expect, test } from 'vitest';
import { whenRestored } from './restored.ts';

const shown = () => getComputedStyle(document.body).visibility;
const tell = (type: string, persisted: boolean) =>
  window.dispatchEvent(new PageTransitionEvent(type, { persisted }));

let looked = 0;
let seen = () => {};
whenRestored(window, () => {
  looked += 1;
  return new Promise((resolve) => {
    seen = resolve;
  });
});
afterEach(() => {
  document.documentElement.style.visibility = '';
});

test('what is kept whole is not seen again before somebody has looked', async () => {
  tell('pagehide', true);
  expect(shown()).toBe('hidden');
  tell('pageshow', true);
  expect([shown(), looked]).toEqual(['hidden', 1]);
  seen();
  await expect.poll(shown).toBe('visible');
});

test('a page that is loaded, or left for good, is let alone', () => {
  looked = 0;
  tell('pageshow', false);
  tell('pagehide', false);
  expect([shown(), looked]).toEqual(['visible', 0]);
});
