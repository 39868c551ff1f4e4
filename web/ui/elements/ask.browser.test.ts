import { expect, onTestFinished, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Question } from '../../app/question.ts';
import { focused } from '../testing/mount.ts';
import { ask } from './ask.ts';

const QUESTION: Question = {
  title: 'Free JBNB0042 for another unit?',
  facts: ['It stands in the bakery.', 'What was counted stays where it was counted.'],
  yes: 'Free it',
  no: 'Cancel',
};

/** Pressed by keyboard, so that it has the focus. */
async function pressed(question = QUESTION) {
  const button = document.createElement('button');
  let answer: Promise<boolean> = Promise.resolve(false);
  button.textContent = 'Release';
  button.addEventListener('click', () => {
    answer = ask(question);
  });
  document.body.append(button);
  onTestFinished(() => button.remove());
  button.focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(dialog()).toBeVisible();
  return { button, answer: () => answer };
}

const dialog = () => page.getByRole('dialog', { name: QUESTION.title });

test('a dialog by the name of its question, described by what a yes means', async () => {
  const { answer } = await pressed();
  await expect.element(dialog()).toHaveAccessibleDescription(QUESTION.facts.join(' '));
  await page.getByRole('button', { name: 'Free it' }).click();
  expect(await answer()).toBe(true);
  expect(document.querySelector('jb-ask')).toBeNull();
});

test.each(['{Enter}', '{Escape}'])('%s at once changes nothing', async (key) => {
  const { button, answer } = await pressed();
  expect(focused()?.textContent).toBe('Cancel');
  await userEvent.keyboard(key);
  expect(await answer()).toBe(false);
  expect(focused()).toBe(button);
});

test('what is behind it cannot be reached by keyboard', async () => {
  const { button, answer } = await pressed();
  for (let i = 0; i < 5; i += 1) {
    await userEvent.tab();
    expect(focused()).not.toBe(button);
  }
  await userEvent.keyboard('{Escape}');
  await answer();
});

test('whoever goes back has not answered', async () => {
  const { answer } = await pressed();
  window.dispatchEvent(new PopStateEvent('popstate'));
  expect(await answer()).toBe(false);
});

test('long words and many do not leave the window', async () => {
  await page.viewport(320, 400);
  onTestFinished(() => page.viewport(414, 896));
  const facts = Array.from({ length: 20 }, () => 'Blumenhandlung'.repeat(15));
  await pressed({ ...QUESTION, facts });
  const box = dialog().element().getBoundingClientRect();
  expect([box.left >= 0, box.right <= 320, box.top >= 0, box.bottom <= 400]).toEqual(
    Array(4).fill(true),
  );
  expect(dialog().element().scrollWidth).toBeLessThanOrEqual(dialog().element().clientWidth);
  await userEvent.keyboard('{Escape}');
});
