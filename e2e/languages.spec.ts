/**
 * The main pages in German and Spanish, on a phone: no English is left on them, nothing is wider
 * than its place, and axe finds nothing serious. English is what the sources say, in every text
 * that is translated and in every sentence that might have been forgotten.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { sentencesOf } from '../scripts/sentences/sentences.ts';
import type { DemoRole } from '../scripts/start/secrets.ts';
import { readTexts as readSources } from '../scripts/texts/texts.ts';
import { expectAccessible } from './testing/inspect.ts';
import { openAll, overflows, readTexts } from './testing/reading-page.ts';
import { signIn, stack } from './testing/stack.ts';

const ROOT = join(import.meta.dirname, '..');

/** Words that are the same in other languages, or somebody's name. */
const SAME = new Set(['JamBench', 'Bluetooth', 'Wi-Fi', 'Apple', 'Supabase', 'DTU NB-IoT']);

/** What the page would say in English, in parts between what is filled in. */
function englishOf(language: 'de' | 'es'): Set<string> {
  const { texts, translations } = readSources(ROOT);
  const parts = (contents: readonly (string | object)[]) =>
    contents.filter((part) => typeof part === 'string').map((part) => tidy(part as string));
  const spoken = new Set(
    [...(translations.get(language)?.values() ?? [])].flatMap(({ contents }) => parts(contents)),
  );
  const forgotten = globSync('web/{ui,app}/**/*.ts', { cwd: ROOT })
    .filter((path) => !/\.test\.ts$|\/testing\//.test(path))
    .flatMap((path) => sentencesOf(path, readFileSync(join(ROOT, path), 'utf8')))
    .flatMap(({ text }) => text.split('…').map(tidy));
  const english = [...texts.flatMap(({ contents }) => parts(contents)), ...forgotten];
  return new Set(english.filter((words) => words.length > 3 && !spoken.has(words)));
}

const tidy = (text: string) =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[,.:;] | ?[,:;]$/g, '');

/** Whole texts of one word, and longer parts anywhere in a text. */
function englishIn(said: readonly string[], english: ReadonlySet<string>): string[] {
  const phrases = [...english].filter((words) => words.length > 11 && words.includes(' '));
  return said.filter(
    (text) =>
      !SAME.has(text) && (english.has(text) || phrases.some((phrase) => text.includes(phrase))),
  );
}

async function signInAs(page: Page, role: DemoRole): Promise<void> {
  const { email, password } = signIn(role);
  await page.goto('/sign-in');
  await page.locator('#email').fill(email);
  await page.locator('#password').fill(password);
  await page.locator('form button.primary').click();
  await expect(page).not.toHaveURL(/sign-in/);
}

test.describe.configure({ mode: 'serial' });

for (const [language, locale, store] of [
  ['de', 'de-DE', 'Mein Laden'],
  ['es', 'es-ES', 'Mi tienda'],
] as const) {
  const english = englishOf(language);
  let context: BrowserContext;
  let page: Page;

  test.beforeAll(async ({ browser }) => {
    const viewport = { width: 390, height: 844 };
    context = await browser.newContext({ baseURL: stack().url, locale, viewport });
    page = await context.newPage();
  });
  test.afterAll(() => context.close());

  /** The page as it is now. */
  async function expectSpoken(name: string): Promise<void> {
    const folder = test.info().project.outputDir;
    await page.screenshot({ path: `${folder}/looks/${language}-${name}.png`, fullPage: true });
    expect.soft(englishIn(await readTexts(page), english), `${name}: English`).toEqual([]);
    expect.soft(await overflows(page), `${name}: too wide`).toEqual([]);
    await expectAccessible(page, `${language} ${name}`);
  }

  test(`${language}: who is not signed in`, async () => {
    for (const [path, name] of [
      ['/', 'home'],
      ['/store', 'store-signed-out'],
      ['/sign-in', 'sign-in'],
      ['/password', 'password'],
      ['/nowhere', 'not-found'],
      ['/bench', 'bench'],
    ] as const) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      await expect(page.getByRole('link', { name: store }).first()).toBeVisible();
      await expectSpoken(name);
    }
  });

  test(`${language}: an owner`, async () => {
    await signInAs(page, 'owner');
    await page.goto('/store');
    await expect(page.getByTestId('visitors')).toBeVisible();
    await page.locator('jb-chart-hours').waitFor();
    await expectSpoken('store');
    await page.locator('details.table summary').click();
    await page.locator('.days button').first().click();
    await expect(page.getByTestId('visitors')).toBeVisible();
    await expectSpoken('store-yesterday');
    await page.locator('.days button').last().click();
    await page.locator('details.panel').first().waitFor();
    await openAll(page);
    await expectSpoken('store-week');
    await page.goto('/sign-in');
    await expect(page.locator('jb-account h1')).toBeVisible();
    await expectSpoken('account');
    for (const [path, name] of [
      ['/store/+all', 'store-all'],
      ['/locations', 'locations'],
      ['/locations/JBNB0001', 'sensor'],
      ['/staff', 'staff'],
      ['/activate/JBNB0001', 'activation'],
    ] as const) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await page.waitForLoadState('networkidle');
      await expectSpoken(name);
    }
  });

  test(`${language}: another language is one choice away, and stays`, async () => {
    await page.goto('/store');
    await page.locator('footer select').selectOption('en');
    await expect(page.getByRole('link', { name: 'My store' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('link', { name: 'My store' })).toBeVisible();
    // whoever looks for English finds it where it is
    expect(englishIn(await readTexts(page), english).length).toBeGreaterThan(5);
    await page.locator('footer select').selectOption(language);
    await expect(page.getByRole('link', { name: store })).toBeVisible();
  });

  test(`${language}: without a network it is spoken as well`, async () => {
    await page.goto('/store');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await context.setOffline(true);
    await page.goto('/bench');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectSpoken('bench-offline');
    await context.setOffline(false);
  });

  test(`${language}: an administrator`, async () => {
    await page.goto('/sign-in');
    await page.locator('jb-account button').first().click();
    await expect(page.locator('#password')).toBeVisible();
    await signInAs(page, 'admin');
    for (const [path, name] of [
      ['/admin/people', 'people'],
      ['/admin/places', 'places'],
      ['/admin/orders', 'orders'],
      ['/admin/alerts', 'alerts'],
      ['/admin/audit', 'audit'],
      ['/admin/status', 'status'],
      ['/admin/readings', 'readings'],
      ['/admin/readings/JBNB0001', 'unit-readings'],
      ['/bench', 'bench-admin'],
    ] as const) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await page.waitForLoadState('networkidle');
      await expectSpoken(name);
    }
  });

  test(`${language}: a virtual unit on the bench`, async () => {
    await page.goto('/bench?virtual&timing=0&speed=10');
    await expect(page.locator('jb-prepare-form')).toBeVisible();
    await expectSpoken('bench-unit');
    await page.locator('#id').fill(language === 'de' ? 'JBNB0971' : 'JBNB0972');
    await page.locator('jb-prepare-form button.primary').click();
    await expect(page.locator('[data-stage="bringup"]')).toHaveAttribute('data-state', 'running');
    await expectSpoken('bench-preparing');
  });
}
