/**
 * The modem of a virtual unit, spoken to on its page: the real firmware lends it, over the console
 * of the bench. What it answers stands in words, and why a unit is not online is found.
 */
import { expect, type Page, test } from '@playwright/test';
import { signInAs, stage } from './testing/bench.ts';
import { inspect } from './testing/inspect.ts';

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

test('a modem is asked, understood, and found to be well', async ({ page }, info) => {
  test.setTimeout(180_000);
  await signInAs(page, 'installer');
  await page.goto('/bench?virtual&timing=0&speed=10&seed=31');
  await expect(page.getByTestId('mac')).toHaveText(/^02:4A:42:/i);
  await page.getByText('Other things to do with this unit').click();
  await press(page, 'Test its link only');
  await expect(stage(page, 'bringup')).toHaveAttribute('data-state', 'done', { timeout: 60_000 });
  await page.getByRole('link', { name: 'Talk to the modem' }).click();
  await press(page, 'AT+CSQ');
  const log = page.getByRole('log');
  await expect(log).toContainText('+CSQ: 18,99');
  await expect(log).toContainText('Signal: good, −77 dBm');
  await page.getByLabel('Command', { exact: true }).fill('AT+CIMI');
  await page.keyboard.press('Enter');
  await expect(log).toContainText('Number of the subscriber (IMSI)');
  await expect(log).not.toContainText(/\d{14}/);
  await press(page, 'Find out');
  await expect(page.getByText('Nothing is wrong: the unit is online')).toBeVisible({
    timeout: 60_000,
  });
  await inspect(page, info, 'modem');
  // Closed by hand, it is found as just that, and opened on a word.
  await page.getByLabel('Command', { exact: true }).fill('AT+NETCLOSE');
  await page.keyboard.press('Enter');
  await press(page, 'Send it');
  await expect(log).toContainText('The way into the internet is closed');
  await press(page, 'Look again');
  await expect(page.getByText('It is opened; that takes some seconds.')).toBeVisible();
  await inspect(page, info, 'modem-fault');
  await press(page, 'Do this, then look again');
  await expect(page.getByText('Nothing is wrong: the unit is online')).toBeVisible({
    timeout: 60_000,
  });
  await page.getByText('Run a script').click();
  await page.getByLabel('Commands, a line each').fill('AT+CSQ\nexpect +CSQ: 18\nwait 100 ms\nAT');
  await press(page, 'Run');
  await expect(page.getByText('All of it was done.')).toBeVisible();
});
