/**
 * What the bench writes down: an installer's preparation of a virtual unit in its log, without its
 * token, a page that is reloaded in the middle, what a unit seen before offers, and the handover.
 */
import { readFile } from 'node:fs/promises';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { PLACES } from '../scripts/seed/places.ts';
import { expectPrepared, signInAs, stage, startPreparing } from './testing/bench.ts';
import { stack } from './testing/stack.ts';

test.describe.configure({ mode: 'serial' });
test.setTimeout(240_000);

const UNIT = 'JBNB0061';
const BENCH = '/bench?virtual&timing=0&speed=10&seed=61';
/** A token has 43 characters of base64url, its hash 64 of hex. */
const SECRET = /[\w-]{43}/;

let page: Page;
test.beforeAll(async ({ browser }: { browser: Browser }) => {
  const context = await browser.newContext({ baseURL: stack().url, locale: 'en-GB' });
  page = await context.newPage();
  await signInAs(page, 'installer');
});
test.afterAll(() => page.context().close());

/** Everything that the page's database has in this store. */
const kept = (store: string) =>
  page.evaluate(async (name) => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('jambench');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const rows = await new Promise<unknown[]>((resolve, reject) => {
      const asking = db.transaction(name).objectStore(name).getAll();
      asking.onsuccess = () => resolve(asking.result);
      asking.onerror = () => reject(asking.error);
    });
    db.close();
    return JSON.stringify(rows);
  }, store);

const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
const entries = () => page.locator('jb-bench-log-page li');

test('a preparation stands in the log and in its file, and no token does', async () => {
  await page.goto(BENCH);
  await expect(page.getByTestId('mac')).toHaveText(/^02:4A:42:/i);
  await startPreparing(page, UNIT);
  await expectPrepared(page, UNIT);
  await expect.poll(() => kept('log')).toContain('"result":"done"');
  expect(await kept('log')).not.toMatch(SECRET);
  await page.getByRole('link', { name: 'Log of the bench' }).click();
  await expect(entries()).toHaveCount(1);
  await expect(entries()).toContainText(`${UNIT} 02:4A:42:`);
  await expect(entries()).toContainText('Preparation: done');
  await expect(entries()).toContainText(PLACES[1]?.name ?? '');
  const downloading = page.waitForEvent('download');
  await press('These entries as a CSV file');
  const csv = await readFile(await (await downloading).path(), 'utf8');
  expect(csv).toContain(`${UNIT},prepare,done,`);
  expect(csv).not.toMatch(SECRET);
});

test('reloaded in the middle, the entry is broken off, and says where', async () => {
  await page.goto(BENCH);
  await expect(page.getByTestId('mac')).toBeVisible();
  await page.getByLabel('Device id').fill(UNIT);
  await press('Prepare unit');
  await expect(stage(page, 'bringup')).toHaveAttribute('data-state', 'running');
  await expect.poll(() => kept('log')).toContain('"stage":"bringup"');
  page.on('dialog', (dialog) => void dialog.accept());
  await page.goto('/bench/log');
  await expect(entries().first()).toContainText('Preparation: broken off');
  await expect(entries().first()).toContainText('The page was closed at “Test the cellular link”');
  await page.getByLabel('Search').fill('broken off');
  await expect(entries()).toHaveCount(1);
});

test('the same unit shows that it was here, and what can be done to it', async () => {
  await page.goto(BENCH);
  const actions = page.locator('jb-unit-actions');
  await expect(actions.getByText('This unit was here before')).toBeVisible();
  await expect(actions.getByText('Preparation: broken off')).toBeVisible();
  await press('Look at it');
  await expect(page.getByTestId('found')).toContainText('There is no firmware on it.');
  await press('Test its link only');
  await expect(page.getByText('The link works')).toBeVisible({ timeout: 120_000 });
  await press('Go on');
  await page.getByRole('button', { name: `Prepare again as ${UNIT}` }).click();
  await expectPrepared(page, UNIT);
  await expect(stage(page, 'bringup')).toHaveAttribute('data-state', 'skipped');
});

test('the card is one sheet of A4', async () => {
  await page.goto('/bench/card');
  await expect(page.getByRole('heading', { name: 'Installer’s card' })).toBeVisible();
  await expect(page.getByText('Take a data cable, without a hub.')).toBeVisible();
  const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
});

test('it stands on the sheet of its location', async () => {
  await page.goto(`/handover/${PLACES[1]?.id}`);
  const row = page.getByRole('row', { name: new RegExp(UNIT) });
  await expect(row).toContainText(/dBm/);
  await page.getByRole('textbox', { name: `Where ${UNIT} hangs` }).fill('above the door');
  await page.reload();
  await expect(page.getByRole('textbox', { name: `Where ${UNIT} hangs` })).toHaveValue(
    'above the door',
  );
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByText('Taken over by')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
  await page.emulateMedia({ media: 'screen' });
});
