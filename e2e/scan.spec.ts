/** A label's QR code before a camera that plays a film of ours: what is no label is refused. */
import { join } from 'node:path';
import { type Browser, chromium, expect, type Page, test } from '@playwright/test';
import { signInAs } from './testing/bench.ts';
import { CHROMIUM, CHROMIUM_ARGS } from './testing/browser.ts';
import { expectAccessible } from './testing/inspect.ts';
import { writeQrVideo } from './testing/qr-video.ts';
import { stack } from './testing/stack.ts';

const SECRET = 'AbCdEfGhIjKlMnOpQrStUv';

/** A browser whose camera sees these texts. */
async function withCamera(texts: string[], file: string, allowed = true): Promise<Browser> {
  writeQrVideo(file, texts);
  const args = [
    ...CHROMIUM_ARGS,
    '--use-fake-device-for-media-stream',
    ...(allowed ? ['--use-fake-ui-for-media-stream'] : []),
    `--use-file-for-fake-video-capture=${file}`,
  ];
  return await chromium.launch({ executablePath: CHROMIUM, args });
}

async function scan(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ baseURL: stack().url, locale: 'en-GB' });
  const page = await context.newPage();
  await signInAs(page, 'installer');
  await page.goto('/bench?virtual&timing=0&speed=10&seed=815');
  await page.getByRole('button', { name: 'Scan its label' }).click();
  return page;
}

const says = (page: Page) => page.getByTestId('scan-says');

test('foreign codes are refused in words; then the label of the unit is read', async ({
  browserName: _,
}, info) => {
  const label = `${stack().url}/activate/JBNB0815#${SECRET}`;
  const texts = ['https://evil.example/activate/JBNB0666', 'WIFI:S:shop;;', label];
  const browser = await withCamera(texts, join(info.outputPath(), 'camera.y4m'));
  try {
    const page = await scan(browser);
    await expect(says(page)).toContainText('evil.example', { timeout: 30_000 });
    await expectAccessible(page, 'the camera');
    await expect(says(page)).toContainText('no label of a JamBox');
    await expect(page.getByLabel('Device id')).toHaveValue('JBNB0815');
    await expect(page.locator('jb-scan-label')).toHaveCount(0);
    expect(new URL(page.url()).pathname).toBe('/bench');
  } finally {
    await browser.close();
  }
});

test('a camera that is not allowed: said, and the id can be typed', async ({
  browserName: _,
}, info) => {
  const browser = await withCamera(['JBNB0815'], join(info.outputPath(), 'camera.y4m'), false);
  try {
    const page = await scan(browser);
    await expect(says(page)).toContainText('may not use the camera');
    await page.getByRole('button', { name: 'Close the camera' }).click();
    await expect(page.getByLabel('Device id')).toBeFocused();
  } finally {
    await browser.close();
  }
});
