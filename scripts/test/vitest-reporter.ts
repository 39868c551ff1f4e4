/**
 * A reporter for Vitest that writes the tally of a run, with the reason of each skip, as JSON to
 * the file named in JAMBENCH_TALLY. A test that is skipped without a reason has failed. Knows
 * nothing of the stage that runs it.
 */
import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { Tally } from './tally.ts';

export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tally: Tally = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const module of modules) {
      for (const test of module.children.allTests()) add(tally, test);
      // a file that could not be loaded holds no tests, and must still count
      if (module.errors().length > 0) tally.failed++;
    }
    const file = process.env.JAMBENCH_TALLY;
    if (file) writeFileSync(file, JSON.stringify(tally));
  }
}

function add(tally: Tally, test: TestCase): void {
  const result = test.result();
  if (result.state === 'passed') tally.passed++;
  else if (result.state === 'skipped' && result.note) {
    tally.skipped.push({ name: test.fullName, reason: result.note });
  } else {
    if (result.state === 'skipped') console.log(`Skipped without a reason: ${test.fullName}`);
    tally.failed++;
  }
}
