/**
 * Accounts from the first mail to dismissal, in the page and by the real sign-in service: nobody
 * signs up, an administrator invites, a password is forgotten, sessions end, somebody is dismissed.
 */
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { type KeptMail, keptMails, mailFolder } from '../scripts/start/mailbox.ts';
import { signInAs } from './testing/bench.ts';
import { Watch } from './testing/console-watch.ts';
import { inspect } from './testing/inspect.ts';
import { stack } from './testing/stack.ts';

const NEW = 'petra@example.net';
const FIRST = 'petra chose this';
const SECOND = 'petra chose another';

test.describe.configure({ mode: 'serial' });

let contexts: BrowserContext[];
let admin: Page;
let petra: Page;
let watch: Watch;

test.beforeAll(async ({ browser }) => {
  const open = () => browser.newContext({ baseURL: stack().url, locale: 'en-GB' });
  contexts = [await open(), await open()];
  [admin, petra] = (await Promise.all(contexts.map((context) => context.newPage()))) as [
    Page,
    Page,
  ];
  watch = new Watch(contexts[0] as BrowserContext);
});
test.afterAll(async () => {
  for (const context of contexts) await context.close();
});
test.afterEach(() => {
  expect(watch.take(), 'errors on the console').toEqual([]);
});

/** The newest mail to an address, and the link in it. */
function lastMail(to: string): KeptMail & { link: string } {
  const folder = mailFolder(process.env.JAMBENCH_E2E_DATA ?? '');
  const mail = keptMails(folder).find((kept) => kept.to === to);
  if (!mail) throw new Error(`no mail to ${to}`);
  return { ...mail, link: /^http.*$/m.exec(mail.text)?.[0] ?? '' };
}

async function choosePassword(page: Page, password: string): Promise<void> {
  await page.getByLabel('New password').fill(password);
  await page.getByLabel('The same again').fill(password);
  await page.getByRole('button', { name: 'Set the password' }).click();
}

async function signIn(page: Page, password: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(NEW);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** With its next question; where one signs in it is said why. */
async function learnsItsEnd(page: Page): Promise<void> {
  await page.goto('/work');
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await expect(page.getByText('Your session has ended')).toBeVisible();
}

test('strangers make no account, and the page offers none', async ({ request }) => {
  const { url, secrets } = stack();
  const headers = { apikey: secrets.publishableKey };
  const data = { email: 'stranger@example.net', password: 'long-enough-1', create_user: true };
  for (const path of ['signup', 'otp', '%6ftp', 'magiclink', 'admin/users', 'invite']) {
    const answer = await request.post(`${url}/supabase/auth/v1/${path}`, { headers, data });
    expect([403, 422], path).toContain(answer.status());
  }
  await petra.goto('/sign-in');
  await expect(petra.getByRole('button', { name: 'Forgotten your password?' })).toBeVisible();
  await expect(petra.getByRole('button', { name: 'Make an account' })).toHaveCount(0);
});

test('an administrator invites an installer', async ({ browserName: _ }, info) => {
  await signInAs(admin, 'admin');
  await admin.goto('/');
  await admin.getByRole('link', { name: 'Admin' }).click();
  await expect(admin.getByText('installer@example.net', { exact: true })).toBeVisible();
  await inspect(admin, info, 'people');
  await admin.getByLabel('E-mail').fill(NEW);
  await admin.getByLabel('Role').selectOption('installer');
  await admin.getByRole('button', { name: 'Send invitation' }).click();
  await expect(admin.getByText(`on its way to ${NEW}`)).toBeVisible();
  await expect(admin.locator('li', { hasText: NEW })).toBeVisible();
  expect(lastMail(NEW).subject).toBe('Your JamBench account');
});

test('who is invited chooses a password and is in', async ({ browserName: _ }, info) => {
  await petra.goto(lastMail(NEW).link);
  await expect(petra.getByRole('heading', { level: 1 })).toBeVisible();
  expect(new URL(petra.url()).search, 'the link does not stay in the address').toBe('');
  await inspect(petra, info, 'password');
  await choosePassword(petra, FIRST);
  await expect(petra.getByRole('link', { name: 'Account' })).toBeVisible();
  await petra.goto('/sign-in');
  await expect(petra.getByText(`Signed in as ${NEW}`)).toContainText('(installer)');
  // Supabase Lite, which runs here, has no second factors; who asks for one learns so
  await petra.getByRole('button', { name: 'Set it up' }).click();
  await expect(petra.getByRole('alert')).toContainText('has no second factors');
  await inspect(petra, info, 'account');
});

test('a forgotten password becomes another one; sessions of before end', async ({ browser }) => {
  const other = await (await browser.newContext({ baseURL: stack().url })).newPage();
  contexts.push(other.context());
  await other.goto('/sign-in');
  await other.getByRole('button', { name: 'Forgotten your password?' }).click();
  await other.getByLabel('E-mail').fill(NEW);
  await other.getByRole('button', { name: 'Send the link' }).click();
  await expect(other.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
  const { subject, link } = lastMail(NEW);
  expect(subject).toBe('A new password for JamBench');
  await other.goto(link);
  await choosePassword(other, SECOND);
  await expect(other.getByRole('heading', { name: 'Your password is set' })).toBeVisible();
  await learnsItsEnd(petra);
  await other.goto(link);
  await choosePassword(other, 'once more, please');
  await expect(other.getByRole('alert')).toContainText('expired or was used already');
});

test('signing out everywhere takes two clicks and ends every session', async () => {
  const [, , third] = contexts;
  const other = third?.pages()[0] as Page;
  for (const page of [other, petra]) {
    await signIn(page, SECOND);
    await expect(page.getByRole('link', { name: 'Account' })).toBeVisible();
  }
  await petra.goto('/sign-in');
  await petra.getByRole('button', { name: 'Sign out everywhere' }).click();
  await petra.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(petra.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await learnsItsEnd(other);
});

test('who is dismissed is out at once, and has no account any more', async ({ request }) => {
  await signIn(petra, SECOND);
  await expect(petra.getByRole('link', { name: 'Account' })).toBeVisible();
  const row = admin.locator('li', { hasText: NEW });
  await row.getByRole('button', { name: 'Dismiss' }).click();
  await row.getByRole('button', { name: `Dismiss ${NEW}` }).click();
  await expect(admin.getByText(`${NEW} is dismissed`)).toBeVisible();
  await expect(row).toHaveCount(0);
  const { url, secrets } = stack();
  const answer = await request.post(`${url}/supabase/auth/v1/token?grant_type=password`, {
    headers: { apikey: secrets.publishableKey },
    data: { email: NEW, password: SECOND },
  });
  expect(answer.status()).toBe(400);
});
