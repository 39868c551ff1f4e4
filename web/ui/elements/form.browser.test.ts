import { html, render } from 'lit';
import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '../../../shared/errors.ts';
import { adminNav, signInFirst } from './admin-nav.ts';
import { attempt, codeField, digits, field, newPasswordFields, typed } from './form.ts';

afterEach(() => render(html``, document.body));

test('a field has its label, its help and whether it is wrong', async () => {
  const options = { type: 'email', autocomplete: 'email', help: 'Ours.', wrong: true };
  render(field('email', 'E-mail', options), document.body);
  const input = page.getByLabelText('E-mail');
  await expect.element(input).toHaveAccessibleDescription('Ours.');
  await expect.element(input).toHaveAttribute('aria-invalid', 'true');
  await expect.element(input).toBeRequired();
});

test('without help nothing is named that is not there', async () => {
  render(field('email', 'E-mail', { autocomplete: 'email' }), document.body);
  const input = page.getByLabelText('E-mail').element();
  expect(input.hasAttribute('aria-describedby')).toBe(false);
  expect(input.hasAttribute('pattern')).toBe(false);
});

test.each([
  ['123456', true],
  ['123 456', true],
  ['12345', false],
  ['12345a', false],
])('the code %j fits: %s', (code, fits) => {
  render(codeField(false), document.body);
  const input = document.querySelector('input') as HTMLInputElement;
  input.value = code;
  expect(input.checkValidity()).toBe(fits);
  expect(digits(' 12 34\t56 ')).toBe('123456');
});

test('what was typed, by name, when it is sent by Enter', async () => {
  const sent: unknown[] = [];
  const send = (event: SubmitEvent) => sent.push(typed(event));
  render(html`<form @submit=${send}>${newPasswordFields(false)}</form>`, document.body);
  await page.getByLabelText('New password').fill('a few words');
  await page.getByLabelText('The same again').fill('a few words');
  (document.querySelector('form') as HTMLFormElement).requestSubmit();
  expect(sent).toEqual([{ password: 'a few words', again: 'a few words' }]);
  await userEvent.tab();
});

test('an attempt is busy while it runs, clears the last error, and says its own', async () => {
  const states: boolean[] = [];
  const element = { busy: false, error: new AppError('invalid', 'Before.') as AppError | null };
  const fine = await attempt(element, async () => void states.push(element.busy));
  expect([fine, states, element]).toEqual([true, [true], { busy: false, error: null }]);
  const failed = await attempt(element, () => Promise.reject(new TypeError('Failed to fetch')));
  expect(failed).toBe(false);
  expect(element.busy).toBe(false);
  expect(element.error?.code).toBe('unavailable');
  await attempt(
    element,
    () => Promise.reject(new Error('x')),
    () => new AppError('forbidden', 'Mine.'),
  );
  expect(element.error?.message).toBe('Mine.');
});

test('an administrator’s ways: the present page is marked, and the way in leads back', async () => {
  render(html`${adminNav('readings')} ${signInFirst('/admin/readings')}`, document.body);
  const link = (name: string) => page.getByRole('link', { name });
  await expect.element(link('Readings')).toHaveAttribute('aria-current', 'page');
  await expect.element(link('People')).not.toHaveAttribute('aria-current');
  await expect.element(link('Sign in')).toHaveAttribute('href', '/sign-in?next=/admin/readings');
});
