/**
 * What must not stand in a committed file: floating to-dos, paths of one machine, registry hosts,
 * secrets; and what must: a first comment that says what the file is for.
 */
import { type Finding, isCode, isTest, type Rule, type Source } from './source.ts';

interface Ban {
  rule: string;
  pattern: RegExp;
  message: string;
  /** A line that matches this as well is fine. */
  unless?: RegExp;
}

const BANS: readonly Ban[] = [
  {
    rule: 'todo',
    pattern: /\b(TODO|FIXME|XXX|HACK)\b/,
    unless: /docs\/decisions\//,
    message: 'a to-do names its record in docs/decisions/, or is done',
  },
  {
    rule: 'machine-path',
    pattern: /(?<![\w.$}])\/(work|tmp|root|Users|home\/[a-z]\w*)\/[\w.]/,
    message: 'a path of one machine',
  },
  {
    rule: 'registry',
    pattern: /registry\.(npmjs|yarnpkg|npmmirror)|\bartifactory\b|\bverdaccio\b|"resolved": "http/,
    message: 'names a package registry; which one is the machine’s business',
  },
  {
    rule: 'secret',
    pattern: /\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.|sb_secret_[\w-]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY/,
    message: 'looks like a secret',
  },
  {
    rule: 'secret',
    // keys of AWS, GitHub, Resend
    pattern: /\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{30,}|\bre_[A-Za-z0-9]{20,}/,
    message: 'looks like a secret',
  },
];

/** The rules' own words and their tests. */
const EXEMPT = 'scripts/tidy/';
/** Data that others wrote; not prose of ours. */
const DATA = /(^shared\/vectors\/|\.(png|ico|gz|bin|wasm)$)/;

function checkFile(file: Source): Finding[] {
  if (DATA.test(file.path)) return [];
  const findings: Finding[] = [];
  if (!opensWithPurpose(file))
    findings.push({
      path: file.path,
      line: 1,
      rule: 'first-comment',
      message: 'opens with no comment that says what the file is for',
    });
  if (file.path.startsWith(EXEMPT)) return findings;
  file.text.split('\n').forEach((line, index) => {
    for (const { rule, pattern, unless, message } of BANS)
      if (pattern.test(line) && !unless?.test(line))
        findings.push({ path: file.path, line: index + 1, rule, message });
  });
  return findings;
}

function opensWithPurpose({ path, text }: Source): boolean {
  if (!isCode(path) || isTest(path)) return true;
  return /^(#!.*\n)?(\/\*|\/\/)/.test(text);
}

export const words: Rule = { name: 'words', check: (files) => files.flatMap(checkFile) };
