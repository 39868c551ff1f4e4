/**
 * How a page looks and whether everyone can use it: axe, and pictures in both moods on a phone and
 * a laptop. Knows no page.
 */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, type TestInfo } from '@playwright/test';

const SIZES = { phone: { width: 390, height: 844 }, laptop: { width: 1440, height: 900 } } as const;
const SCHEMES = ['light', 'dark'] as const;

/** No finding of axe that is serious or worse, in either mood; pictures go to test-results/. */
export async function inspect(page: Page, info: TestInfo, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of SCHEMES) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const path = `${info.project.outputDir}/looks/${name}-${size}-${colorScheme}.png`;
      await page.screenshot({ path, fullPage: true });
      await expectAccessible(page, `${name}, ${size}, ${colorScheme}`);
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  if (before) await page.setViewportSize(before);
}

/** No finding of axe that is serious or worse. @param where said when there is one */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  // Of what is well it says nothing: writing that down took twice as long as looking.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ resultTypes: ['violations'] })
    .analyze();
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  expect(serious, where).toEqual([]);
}
