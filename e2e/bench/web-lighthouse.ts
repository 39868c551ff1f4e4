/** Lighthouse on a page that may be signed in, as on a phone. Knows no page. */
import lighthouse, { type Flags, type Result } from 'lighthouse';
import type { Page } from 'puppeteer-core';
import { forgetPage, median } from './web-figures.ts';

const RUNS = 3;
const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const;

const MANNER = 'mobile with its simulated slow 4G and 4× slower CPU; first visit: nothing cached';

/** Lighthouse measures it beside; its slowing down assumes about so much. */
const USUAL_SPEED = 'a laptop with nothing else to do has 1500 and more';

export interface Score {
  category: (typeof CATEGORIES)[number];
  /** 0 … 100, the median of the runs. */
  score: number;
  /** What took points in the last run. */
  findings: string[];
  how: string;
}

const FLAGS: Flags = {
  onlyCategories: [...CATEGORIES],
  output: 'json',
  logLevel: 'error',
  formFactor: 'mobile',
  // Whoever is signed in stays so; what the browser keeps of the page goes before each run.
  disableStorageReset: true,
};

/** @throws Error when Lighthouse could not load the page */
export async function audit(page: Page, url: string): Promise<Score[]> {
  const runs: Result[] = [];
  for (let run = 0; run < RUNS; run++) {
    await forgetPage(page, new URL(url).origin);
    const { lhr } = (await lighthouse(url, FLAGS, undefined, page as never)) ?? {};
    if (!lhr || lhr.runtimeError) throw new Error(lhr?.runtimeError?.message ?? 'no result');
    runs.push(lhr);
  }
  const indices = runs.map(({ environment }) => environment.benchmarkIndex);
  const speed = `this machine’s speed index ${Math.round(median(indices))}, ${USUAL_SPEED}`;
  const how = `median of ${RUNS}; Lighthouse ${runs[0]?.lighthouseVersion}, ${MANNER}; ${speed}`;
  return CATEGORIES.map((category) => {
    const scores = runs.map(({ categories }) => 100 * (categories[category]?.score ?? 0));
    const last = runs.at(-1);
    const lost = (last?.categories[category]?.auditRefs ?? [])
      .filter(({ id, weight }) => weight > 0 && (last?.audits[id]?.score ?? 1) < 0.9)
      .map(({ id }) => `${id} ${last?.audits[id]?.displayValue ?? ''}`.trim());
    return { category, score: Math.round(median(scores)), findings: lost, how };
  });
}
