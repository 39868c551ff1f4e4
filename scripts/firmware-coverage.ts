/**
 * `npm run coverage:firmware`: which lines of firmware/core its host tests run; fails below 90 %.
 * What is not covered, and why: docs/coverage.md.
 */
import { AppError } from '../shared/errors.ts';
import { runCli } from './cli.ts';
import { writeFigures } from './figures/write.ts';
import { shareOf } from './firmware/coverage.ts';
import { coverageProblem, coverageText, percent } from './firmware/coverage-report.ts';
import { runNativeHostTests } from './firmware/host-tests.ts';

const USAGE = `npm run coverage:firmware -- [--write]: lines of the core that its tests run
  --write  put the share into docs/coverage.md`;

runCli(USAGE, (args) => {
  const run = runNativeHostTests();
  if ('missing' in run) {
    throw new AppError('not_found', `Not here: ${run.missing.join(', ')}.`, {
      hint: 'Install these Debian packages.',
    });
  }
  if (run.status !== 0) {
    throw new AppError('invalid', `The tests fail:\n${run.stdout}${run.stderr}`, {
      hint: 'Mend what they name first.',
    });
  }
  console.log(coverageText(run.coverage));
  if (args.includes('--write')) {
    writeFigures(
      'coverage',
      `Lines of the core that the tests run: ${percent(shareOf(run.coverage))}.`,
    );
  }
  const problem = coverageProblem(run.coverage);
  if (problem) throw new AppError('invalid', problem, { hint: 'Add tests for what is listed.' });
});
