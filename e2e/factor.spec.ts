/**
 * The second factor in the page, with the real Worker. The embedded Supabase has none, so a
 * stand-in answers in its place (e2e/testing/factor-service.ts), with tokens that the Worker
 * believes.
 */
import { expect, type Page, test } from '@playwright/test';
import { demoToken } from '../scripts/start/people.ts';
import { demoEmail } from '../scripts/start/secrets.ts';
import { CODE, FactorService } from './testing/factor-service.ts';
import { inspect } from './testing/inspect.ts';
import { stack } from './testing/stack.ts';
import { hs256 } from './testing/token.ts';

const PASSWORD = 'the first password';

/** Everything that the page asks the sign-in service is answered by the stand-in. */
async function withFactors(page: Page): Promise<FactorService> {
  const { supabase, secrets } = stack();
  const token = await demoToken(supabase, secrets, 'installer');
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  const sign = (unsigned: string) => hs256(unsigned, secrets.jwtSecret);
  const service = new FactorService({ id: sub, email: demoEmail('installer') }, sign);
  await page.route('**/supabase/auth/v1/**', async (route) => {
    const request = route.request();
    const answer = await service.fetch(request.url(), {
      method: request.method(),
      headers: await request.allHeaders(),
      body: request.postData(),
    });
    const body = await answer.text();
    await route.fulfill({ status: answer.status, contentType: 'application/json', body });
  });
  return service;
}

async function signIn(page: Page): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(demoEmail('installer'));
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

test('a second factor is set up, asked for, and turned off', async ({ browser }, info) => {
  const context = await browser.newContext({ baseURL: stack().url, locale: 'en-GB' });
  const page = await context.newPage();
  const service = await withFactors(page);
  await signIn(page);
  await expect(page).toHaveURL(/bench/);
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Set it up' }).click();
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
  await inspect(page, info, 'second-factor');
  await page.getByLabel('Code of your authenticator app').fill('000000');
  await page.getByRole('button', { name: 'Turn it on' }).click();
  await expect(page.getByRole('alert')).toContainText('This code is not right');
  await page.getByLabel('Code of your authenticator app').fill('123 456');
  await page.getByRole('button', { name: 'Turn it on' }).click();
  await expect(page.getByText('On: signing in takes a code')).toBeVisible();

  // the password alone opens nothing, at the Worker either
  const { access_token } = service.begin() as { access_token: string };
  const me = `${stack().url}/api/v1/me`;
  const headers = { Authorization: `Bearer ${access_token}` };
  expect((await context.request.get(me, { headers })).status()).toBe(401);

  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'One more step' })).toBeVisible();
  expect(await page.evaluate(() => localStorage.getItem('jambench-auth'))).toBeNull();
  await inspect(page, info, 'code');
  await page.getByLabel('Code of your authenticator app').fill(CODE);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/bench/);

  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Turn it off' }).click();
  await page.getByRole('button', { name: 'Turn it off' }).click();
  await expect(page.getByRole('button', { name: 'Set it up' })).toBeVisible();
  expect((await context.request.get(me, { headers })).status()).toBe(200);
  await context.close();
});
