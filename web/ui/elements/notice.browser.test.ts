import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { AppError } from '../../../shared/errors.ts';
import { change, mount, text } from '../testing/mount.ts';
import './notice.ts';

const ERROR = new AppError('unavailable', 'The server cannot be reached.', {
  hint: 'Check the network.',
  cause: new TypeError('Failed to fetch'),
});

test('an error is an alert: what happened, what to do, and behind a disclosure why', async () => {
  const element = await mount('jb-notice', { error: ERROR });
  await expect.element(page.getByRole('alert')).toBeVisible();
  expect(text(element)).toBe(
    'The server cannot be reached. Check the network. Details unavailable · Failed to fetch',
  );
  const details = page.getByText('unavailable · Failed to fetch');
  await expect.element(details).not.toBeVisible();
  await page.getByText('Details').click();
  await expect.element(details).toBeVisible();
});

test('words of its own go before the error’s, which then stands in the details', async () => {
  const element = await mount('jb-notice', {
    error: ERROR,
    headline: 'Not sent.',
    advice: 'Try later.',
  });
  expect(text(element)).toBe(
    'Not sent. Try later. Details unavailable · The server cannot be reached. · Failed to fetch',
  );
});

test.each([
  ['bad', 'alert'],
  ['warn', 'status'],
  ['ok', 'status'],
] as const)('a notice that is %s is an %s', async (tone, role) => {
  const element = await mount('jb-notice', { tone, headline: 'Saved.' });
  await expect.element(page.getByRole(role)).toHaveTextContent('Saved.');
  expect(element.getAttribute('tone')).toBe(tone);
  expect(element.shadowRoot?.querySelector('details')).toBeNull();
});

test('ways on go in the slot, and the next error replaces the last', async () => {
  const element = await mount('jb-notice', { error: ERROR });
  element.innerHTML = '<button>Try again</button>';
  await expect.element(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  await change(element, { error: new AppError('forbidden', 'That is not yours.') });
  expect(text(element)).toContain('That is not yours.');
  expect(text(element)).not.toContain('Check the network.');
});
