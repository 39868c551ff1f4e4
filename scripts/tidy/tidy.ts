/**
 * `npm run tidy`: the style that a program can check, over all committed and new files. Prints
 * one line a finding and ends with exit code 1 when there is any. Knows no rule itself.
 */
import { runCli } from '../cli.ts';
import { projectFiles } from './files.ts';
import { RULES } from './rules.ts';

runCli('npm run tidy: the style that a program can check', () => {
  const files = projectFiles();
  const findings = RULES.flatMap((rule) => rule.check(files));
  for (const { path, line, rule, message } of findings)
    console.log(`${path}${line ? `:${line}` : ''} ${rule}: ${message}`);
  console.log(`tidy: ${files.length} files, ${findings.length} findings`);
  return findings.length === 0 ? 0 : 1;
});
