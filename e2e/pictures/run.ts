/**
 * `npm run pictures`: every page as everybody sees it who may open it or tries to, on a phone and
 * on a desk, light and dark. Tells what is wider than its window or without words, and what the
 * console complained of. Judges nothing else: somebody looks at them.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'puppeteer-core';
import { runCli } from '../../scripts/cli.ts';
import { ROOT } from '../../scripts/start/options.ts';
import { launchChromium } from '../testing/chromium.ts';
import { signIn, stack, startStackUnderTest } from '../testing/stack.ts';
import { VIEWERS, type Viewer, WAYS } from './ways.ts';

const USAGE = `npm run pictures -- [options]: every page as every role
  --out DIR     where they are put (test-results/pictures)
  --only TEXT   pages whose address has TEXT in it`;

const LOOKS = [390, 1440].flatMap((width) =>
  (['light', 'dark'] as const).map((scheme) => ({
    width,
    height: width < 700 ? 844 : 900,
    scheme,
  })),
);
/** A page that has not come to rest by then is taken as it is. */
const REST_MS = 3000;
/** Told by the browser of an answer that a page shows in its own words, or of a route by itself. */
const EXPECTED = /Failed to load resource: the server responded with a status of 40[134]/;

runCli(USAGE, async (args) => {
  const string = { type: 'string' } as const;
  const out = { ...string, default: join('test-results', 'pictures') };
  const { values } = parseArgs({ args, options: { out, only: { ...string, default: '' } } });
  const folder = join(ROOT, values.out);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const stop = process.env.JAMBENCH_E2E_URL ? async () => {} : await startStackUnderTest();
  const browser = await launchChromium();
  try {
    const ways = WAYS.filter((way) => way.includes(values.only));
    const found: string[] = [];
    for (const viewer of VIEWERS) found.push(...(await picturesOf(browser, viewer, ways, folder)));
    for (const line of found) console.log(line);
    const count = VIEWERS.length * ways.length * LOOKS.length;
    console.log(`${count} pictures in ${values.out}, ${found.length} findings`);
    return found.length === 0 ? 0 : 1;
  } finally {
    await browser.close();
    await stop();
  }
});

/** @returns what is wrong, a line each */
async function picturesOf(
  browser: Browser,
  viewer: Viewer,
  ways: readonly string[],
  folder: string,
): Promise<string[]> {
  const own = await browser.createBrowserContext();
  const found: string[] = [];
  if (viewer !== 'nobody') await signInAs(await own.newPage(), viewer);
  for (const way of ways) {
    const page = await own.newPage();
    page.on('console', (line) => {
      if (line.type() !== 'error' || EXPECTED.test(line.text())) return;
      found.push(`${viewer} ${way}: ${line.text()}`);
    });
    page.on('pageerror', (error) => found.push(`${viewer} ${way}: ${String(error)}`));
    await page.goto(stack().url + way);
    await atRest(page);
    const wordless = await page.evaluate(buttonsWithoutWords);
    if (wordless > 0) found.push(`${viewer} ${way}: ${wordless} buttons without a word`);
    for (const { width, height, scheme } of LOOKS) {
      await page.setViewport({ width, height });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await atRest(page);
      const name = `${viewer}${way.replaceAll(/[^a-z0-9]+/gi, '-')}-${width}-${scheme}`;
      await page.screenshot({
        path: join(folder, `${name}.png`) as `${string}.png`,
        fullPage: true,
      });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) found.push(`${viewer} ${way}: ${wide} px wide in a window of ${width}`);
    }
    await page.close();
  }
  await own.close();
  return found;
}

/** In the page: whose texts have not come. */
function buttonsWithoutWords(): number {
  const within = (root: Document | ShadowRoot): number =>
    [...root.querySelectorAll('*')].reduce((sum, element) => {
      const isButton = element instanceof HTMLButtonElement && element.getClientRects().length > 0;
      const words = `${element.textContent}${element.ariaLabel ?? ''}`.trim();
      const own = isButton && words === '' ? 1 : 0;
      return sum + own + (element.shadowRoot ? within(element.shadowRoot) : 0);
    }, 0);
  return within(document);
}

/** Two frames after the last answer; a picture that moves would be no two times the same. */
async function atRest(page: Page): Promise<void> {
  await page.waitForNetworkIdle({ idleTime: 250, timeout: REST_MS }).catch(() => {});
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}

async function signInAs(page: Page, role: Exclude<Viewer, 'nobody'>): Promise<void> {
  const { email, password } = signIn(role);
  await page.goto(`${stack().url}/sign-in?next=/locations`);
  await page.waitForSelector('>>> #email');
  await page.type('>>> #email', email);
  await page.type('>>> #password', password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('>>> jb-sensors-page');
}
