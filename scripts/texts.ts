/**
 * `npm run texts`: takes the texts of the page out of its sources, so that web/texts/*.xlf have a
 * place for each; says which are not translated yet. Translations that stay are kept.
 */
import { join } from 'node:path';
import { runCli } from './cli.ts';
import { problemsOf, readTexts, writeTexts } from './texts/texts.ts';

const ROOT = join(import.meta.dirname, '..');

runCli('npm run texts: brings web/texts/*.xlf up to date with the texts of the page', async () => {
  const found = readTexts(ROOT);
  if (found.broken.length === 0) await writeTexts(ROOT, found);
  const problems = problemsOf(ROOT, found);
  for (const problem of problems) console.log(problem);
  console.log(`${found.texts.length} texts; ${problems.length} to mend.`);
  return problems.length === 0 ? 0 : 1;
});
