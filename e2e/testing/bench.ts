/**
 * The bench page as a person uses it: what the story over the virtual unit and the story over USB
 * have in common. Knows no transport.
 */
import { expect, type Locator, type Page } from '@playwright/test';
import { PLACES } from '../../scripts/seed/places.ts';
import type { DemoRole } from '../../scripts/start/secrets.ts';
import { signIn } from './stack.ts';

/** Both phases at 1× on a machine that also runs the backend. */
const PREPARE_TIMEOUT_MS = 240_000;

export async function signInAs(page: Page, role: DemoRole): Promise<void> {
  const { email, password } = signIn(role);
  await page.goto(`/sign-in?next=${role === 'owner' ? '/store' : '/bench'}`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).not.toHaveURL(/sign-in/);
}

export async function signOut(page: Page): Promise<void> {
  await page.goto('/sign-in');
  // The account's second factors are asked for; an answer that comes after the session has ended is
  // a 403, which the browser notes on its console.
  await page.waitForLoadState('networkidle');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
}

/** One of the stages of preparing, by its id in web/app/prepare-state.ts. */
export function stage(page: Page, id: string): Locator {
  return page.locator(`[data-stage="${id}"]`);
}

/** Fills the form in and starts; the unit goes to a location of the demo's owner. */
export async function startPreparing(page: Page, deviceId: string): Promise<void> {
  await page.getByLabel('Device id').fill(deviceId);
  const location = page.getByLabel('Location');
  await expect(location.getByRole('option')).not.toHaveCount(1);
  await location.selectOption({ label: PLACES[1]?.name ?? '' });
  await page.getByRole('button', { name: 'Prepare unit' }).click();
}

/** Opens what is folded on the bench: technical details, a virtual unit's controls. */
export async function unfold(page: Page, summary: 'Technical details' | 'Virtual unit') {
  const fold = page.locator('details', { has: page.locator('summary', { hasText: summary }) });
  if (!(await fold.evaluate((one) => one.hasAttribute('open'))))
    await fold.locator('summary', { hasText: summary }).first().click();
}

/** Waits for the end of the flow and fails with the page's own words unless it went well. */
export async function expectPrepared(page: Page, deviceId: string): Promise<void> {
  const done = page.getByTestId('done');
  const failure = page.getByTestId('failure');
  await expect(done.or(failure)).toBeVisible({ timeout: PREPARE_TIMEOUT_MS });
  if (await failure.isVisible()) throw new Error(`the page says: ${await failure.textContent()}`);
  // A first reading of a few seconds may hold nobody; the page says so, and how to go on.
  await expect(done).toHaveAttribute('data-how', /^(ready|empty)$/);
  await expect(done).toContainText(`${deviceId} `);
}

/** What each stage took, as the page shows it: for the report. */
export async function stageTimes(page: Page): Promise<string> {
  const rows = await page.locator('[data-stage]').all();
  const words = rows.map(async (row) => {
    const [name, time] = [row.locator('.name').first(), row.locator('.time').first()];
    return `${(await name.textContent())?.padEnd(32)}${await time.textContent()}`;
  });
  return (await Promise.all(words)).join('\n');
}
