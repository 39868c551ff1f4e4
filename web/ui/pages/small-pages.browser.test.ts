import { expect, onTestFinished, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '../../../shared/errors.ts';
import { ObservableValue } from '../../app/observable.ts';
import { MemoryAnswers } from '../../app/testing/shop-portal.ts';
import { mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './admin-page.ts';
import './home-page.ts';
import './not-found-page.ts';
import './password-page.ts';

test.each([
  ['jb-home-page', ['/store', '/bench', '/bench?virtual']],
  ['jb-not-found-page', ['/']],
] as const)('%s has one heading and its ways on', async (tag, ways) => {
  await mount(tag);
  expect(page.getByRole('heading', { level: 1 }).elements()).toHaveLength(1);
  const links = page.getByRole('link').elements();
  expect(links.map((link) => link.getAttribute('href'))).toEqual(ways);
});

test.each([
  ['readings', 'Readings in doubt'],
  ['people', 'People'],
  ['anything', 'People'],
])('the administrator’s page %j is %s', async (name, heading) => {
  const { session } = signedIn('admin');
  const people = { list: async () => [] };
  const judgement = { flagged: async () => [] };
  const parts = {
    people,
    judgement,
    locations: async () => [],
    answers: new MemoryAnswers(),
    asOf: new ObservableValue<number | null>(null),
  } as never;
  const element = await mount('jb-admin-page', { parts, session, go: () => {}, page: name });
  await settled(element);
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent(heading);
});

/** The page as a link of a mail opens it. */
async function password(address: string, outcomes: (string | AppError)[] = []) {
  const before = location.href;
  history.replaceState(null, '', address);
  onTestFinished(() => history.replaceState(null, '', before));
  const calls: unknown[] = [];
  const went: string[] = [];
  const account = {
    choosePassword: async (_link: unknown, chosen: string, code: string | null) => {
      calls.push([chosen, code]);
      const outcome = outcomes.shift();
      if (outcome instanceof AppError) throw outcome;
      return outcome;
    },
  };
  const element = await mount('jb-password-page', {
    account: async () => account as never,
    go: (path: string) => void went.push(path),
  });
  const send = async (chosen: string, again = chosen) => {
    await page.getByLabelText('New password').fill(chosen);
    await page.getByLabelText('The same again').fill(again);
    await userEvent.keyboard('{Enter}');
    await settled(element);
  };
  return { element, calls, went, send };
}

const LINK = '/password?token_hash=abc&type=recovery';

test('a password without a link: where to get one', async () => {
  const { element } = await password('/password');
  expect(text(element)).toContain('This page is opened by a link in a mail.');
});

test('the link does not stay in the address', async () => {
  await password(LINK);
  expect(location.pathname + location.search + location.hash).toBe('/password');
});

test('two that differ are not sent; one that is set leads to the sign-in', async () => {
  const { element, calls, send } = await password(LINK, ['sign_in']);
  await send('a few words', 'a few worlds');
  await expect.element(page.getByRole('alert')).toBeVisible();
  expect(calls).toEqual([]);
  await send('a few words');
  expect(calls).toEqual([['a few words', null]]);
  expect(text(element)).toContain('Your password is set');
});

test('an account with a second factor is asked for its code, which goes along', async () => {
  const { calls, send } = await password(LINK, ['code_needed', 'sign_in']);
  await send('a few words');
  await page.getByLabelText('Code of your authenticator app').fill('123 456');
  await send('a few words');
  expect(calls).toEqual([
    ['a few words', null],
    ['a few words', '123456'],
  ]);
});

test('a refusal leaves the form, and the same link works again', async () => {
  const refused = new AppError('invalid', 'That password is too common.');
  const { went, send } = await password(LINK, [refused, 'signed_in']);
  await send('password');
  await expect.element(page.getByRole('alert')).toBeVisible();
  await send('a few words');
  expect(went).toEqual(['/']);
});

test('a spent link says so', async () => {
  const { element } = await password('/password#error_code=otp_expired&error=access_denied');
  expect(text(element)).toContain('This link does not work any more');
});
