/**
 * What is on a unit, as a person sees it: prepared with the real firmware, looked into, saved,
 * wiped by a restore of what it was before, and restored.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { readNvs } from '../shared/esp/nvs.ts';
import { parsePartitionsCsv, writePartitionTable } from '../shared/esp/partition-table.ts';
import { expectPrepared, signInAs, startPreparing } from './testing/bench.ts';

const ID = 'JBNB0931';
/** 8 MB are asked about or read, and half a megabyte is written. */
const TRANSFER_MS = 60_000;

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const found = (page: Page) => page.getByTestId('found');

async function saveBackup(page: Page): Promise<Buffer> {
  await button(page, 'Save a backup…').click();
  await expect(page.getByText('can speak to the server as this unit')).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: TRANSFER_MS }),
    button(page, 'Read and save it').click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^jambox-02[0-9A-F]{10}-\d{4}-\d\d-\d\d\.bin$/);
  return readFile(await download.path());
}

function tokenIn(flash: Buffer): string {
  const { entries } = readNvs(flash.subarray(0x12000, 0x18000));
  const token = entries.find(({ key }) => key === 'token');
  return token?.type === 'string' ? token.value : '';
}

test('a unit is looked into, saved and restored; its token is in the file alone', async ({
  page,
}, testInfo) => {
  test.setTimeout(300_000);
  await signInAs(page, 'admin');
  await page.goto('/bench?virtual&timing=0&speed=60&seed=931');
  await startPreparing(page, ID);
  await expectPrepared(page, ID);
  await page.getByRole('link', { name: 'What is on a unit, backup and restore' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What is on a unit');
  await button(page, 'Read the unit').click();
  await expect(found(page)).toBeVisible({ timeout: TRANSFER_MS });
  await expect(page.getByRole('heading', { name: 'jambox-virtual' })).toContainText('starts');
  await expect(page.locator('[data-nvs="fctry"]')).toContainText(ID);
  const backup = await saveBackup(page);
  expect(backup).toHaveLength(0x800000);
  const token = tokenIn(backup);
  expect(token).toMatch(/^[\w-]{43}$/);
  await expect(page.locator('jb-inspect-page')).not.toContainText(token);
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  expect(kept).not.toContain(token);

  // one flash too short is refused; the whole one comes back, and the unit runs
  const short = testInfo.outputPath('short.bin');
  const whole = testInfo.outputPath('backup.bin');
  await writeFile(short, backup.subarray(1));
  await writeFile(whole, backup);
  const restore = async (path: string) => {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      button(page, 'Restore a backup…').click(),
    ]);
    await chooser.setFiles(path);
  };
  await restore(short);
  await expect(page.getByTestId('inspect-error')).toContainText('nothing was written');
  await restore(whole);
  await button(page, 'Write the file to the unit').click();
  await expect(page.getByText('every byte verified')).toBeVisible({ timeout: TRANSFER_MS });
  await button(page, 'Start its app again').click();
  await expect(page.getByText('The unit runs its own app again.')).toBeVisible();

  // and the file is looked into without the unit
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    button(page, 'Open a file…').click(),
  ]);
  await chooser.setFiles(whole);
  await expect(found(page)).toContainText('backup.bin');
  await expect(page.getByText('Whole: its checksum and its hash are right.').first()).toBeVisible();
  await page.screenshot({ path: testInfo.outputPath('inspect.png'), fullPage: true });
});

/** Flash as somebody else's firmware divides it, with some of his data. */
function otherFlash(): Buffer {
  const flash = Buffer.alloc(0x800000, 0xff);
  const csv = 'nvs, data, nvs, 0x9000, 0x5000\nstorage, data, spiffs, 0x110000, 0x80000';
  flash.set(writePartitionTable(parsePartitionsCsv(csv)), 0x8000);
  flash.fill('other data', 0x110000, 0x150000);
  return flash;
}

test('a unit divided in another way is refused, erased after a yes, and prepared', async ({
  page,
}, testInfo) => {
  test.setTimeout(300_000);
  const file = testInfo.outputPath('other.bin');
  await writeFile(file, otherFlash());
  await signInAs(page, 'admin');
  await page.goto('/bench?virtual&timing=0&speed=60&seed=932');
  await expect(page.getByTestId('mac')).toBeVisible();
  await page.getByRole('link', { name: 'What is on a unit, backup and restore' }).click();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    button(page, 'Restore a backup…').click(),
  ]);
  await chooser.setFiles(file);
  await button(page, 'Write the file to the unit').click();
  await expect(page.getByText('every byte verified')).toBeVisible({ timeout: TRANSFER_MS });
  await page.getByRole('link', { name: 'Bench', exact: true }).click();
  await startPreparing(page, 'JBNB0932');
  const failure = page.getByTestId('failure');
  await expect(failure).toContainText('its “nvs” is 20 KB at 0x9000 instead of 24 KB at 0x9000');
  await expect(failure).toContainText('Nothing was written.');
  await button(page, 'Erase the whole unit…').click();
  await expect(page.getByText('Data in “storage”, 512 KB.')).toBeVisible();
  await button(page, 'Leave it as it is').click();
  await expect(failure).toBeVisible();
  await button(page, 'Erase the whole unit…').click();
  await button(page, 'Erase everything and prepare').click();
  await expectPrepared(page, 'JBNB0932');
  await expect(page.locator('[data-stage="erase"]')).toContainText('it holds nothing now');
});
