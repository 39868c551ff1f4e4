/**
 * Migrations are numbered: D1's without gaps, Supabase's by a time stamp. And D1's only add, so
 * that the version before runs on the schema of the next, and can be gone back to.
 */
import type { Finding, Rule, Source } from './source.ts';

interface Folder {
  path: string;
  /** Of a name; the first group is its number. */
  pattern: RegExp;
  /** The same for people. */
  form: string;
  consecutive: boolean;
}

const D1: Folder = {
  path: 'worker/d1/migrations/',
  pattern: /^(\d{4})_[a-z0-9_]+\.sql$/,
  form: 'NNNN_name.sql',
  consecutive: true,
};
const SUPABASE: Folder = {
  path: 'worker/supabase/migrations/',
  pattern: /^(\d{14})_[a-z0-9_]+\.sql$/,
  form: 'YYYYMMDDhhmmss_name.sql',
  consecutive: false,
};

function check(files: readonly Source[]): Finding[] {
  return [...checkFolder(files, D1), ...files.flatMap(checkAdds), ...checkFolder(files, SUPABASE)];
}

/** Those before were written when nothing was deployed yet. */
const ADDING_SINCE = 16;
/** What the version before would miss, or could not fill in. */
const TAKES_AWAY: readonly [RegExp, string][] = [
  [/\bDROP\s+(TABLE|COLUMN|VIEW)\b/i, 'takes away what the version before still reads'],
  [/\bRENAME\b/i, 'renames what the version before knows by its old name'],
  [/\bADD COLUMN\b(?!.*\bDEFAULT\b).*\bNOT NULL\b/i, 'adds what the version before cannot fill in'],
];

function checkAdds({ path, text }: Source): Finding[] {
  if (
    !path.startsWith(D1.path) ||
    Number(path.slice(D1.path.length, D1.path.length + 4)) < ADDING_SINCE
  )
    return [];
  return text.split('\n').flatMap((line, index) =>
    TAKES_AWAY.filter(([pattern]) => pattern.test(line.replace(/--.*/, ''))).map(([, words]) => ({
      path,
      line: index + 1,
      rule: 'migrations',
      message: `${words}; add first, take away two versions later`,
    })),
  );
}

function checkFolder(
  files: readonly Source[],
  { path: folder, pattern, form, consecutive }: Folder,
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
