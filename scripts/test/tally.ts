/** How tests are counted over all runners. Knows no runner. */

export interface Skip {
  name: string;
  reason: string;
}

export interface Tally {
  passed: number;
  failed: number;
  skipped: Skip[];
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: [] };

export function sum(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((total, tally) => total + tally.passed, 0),
    failed: tallies.reduce((total, tally) => total + tally.failed, 0),
    skipped: tallies.flatMap((tally) => tally.skipped),
  };
}

/** `N passed, N failed, N skipped` */
export function tallyLine(tally: Tally): string {
  return `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped.length} skipped`;
}

/** The last such line in what a program printed, or null. Its skips carry no reason. */
export function parseTallyLine(output: string): Tally | null {
  const last = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\.?\s*$/gm)].at(
    -1,
  );
  if (!last) return null;
  const skipped = Array.from({ length: Number(last[3] ?? 0) }, (_, index) => ({
    name: `firmware host test ${index + 1}`,
    reason: 'see the stage’s own output',
  }));
  return { passed: Number(last[1]), failed: Number(last[2]), skipped };
}

/** The parts of Playwright's JSON report that count. */
export interface PlaywrightSuite {
  suites?: PlaywrightSuite[];
  specs?: {
    title: string;
    tests: {
      status: 'expected' | 'unexpected' | 'flaky' | 'skipped';
      annotations: { type: string; description?: string }[];
    }[];
  }[];
}
export interface PlaywrightReport extends PlaywrightSuite {
  /** What went wrong outside of any test, such as the global set-up. */
  errors?: unknown[];
}

export function tallyPlaywright(report: PlaywrightReport): Tally {
  return sum([tallySuite(report), { ...NOTHING, failed: report.errors?.length ?? 0 }]);
}

function tallySuite(suite: PlaywrightSuite): Tally {
  const specs = (suite.specs ?? []).flatMap(({ title, tests }) =>
    tests.map(({ status, annotations }): Tally => {
      if (status !== 'skipped') {
        const ok = status === 'expected' || status === 'flaky';
        return { ...NOTHING, passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
      }
      const said = annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description;
      const reason = said ?? 'a test before it in the same story failed';
      return { ...NOTHING, skipped: [{ name: title, reason }] };
    }),
  );
  return sum([...specs, ...(suite.suites ?? []).map(tallySuite)]);
}
