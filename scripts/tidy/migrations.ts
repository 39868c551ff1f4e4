/** Migrations are numbered: D1's without gaps, Supabase's by a time stamp. Knows no SQL. */
import type { Finding, Rule, Source } from './source.ts';

const D1 = 'worker/d1/migrations/';
const SUPABASE = 'worker/supabase/migrations/';

function check(files: readonly Source[]): Finding[] {
  return [
    ...checkFolder(files, D1, /^(\d{4})_[a-z0-9_]+\.sql$/, 'NNNN_name.sql', true),
    ...checkFolder(files, SUPABASE, /^(\d{14})_[a-z0-9_]+\.sql$/, 'YYYYMMDDhhmmss_name.sql', false),
  ];
}

function checkFolder(
  files: readonly Source[],
  folder: string,
  pattern: RegExp,
  form: string,
  consecutive: boolean,
): Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  const names = files.map(({ path }) => path).filter((path) => path.startsWith(folder));
  for (const path of names.sort()) {
    const at = (message: string) => ({ path, line: 0, rule: 'migrations', message });
    const number = pattern.exec(path.slice(folder.length))?.[1];
    if (!number) findings.push(at(`is not named ${form}`));
    else if (seen.has(number)) findings.push(at(`number ${number} is taken twice`));
    else if (consecutive && Number(number) !== seen.size + 1)
      findings.push(at(`number ${number} leaves a gap`));
    if (number) seen.add(number);
  }
  return findings;
}

export const migrations: Rule = { name: 'migrations', check };
