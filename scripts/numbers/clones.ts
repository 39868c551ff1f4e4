/**
 * Real logic that stands more than once: runs of at least six lines of the same shape. That is the
 * line without the names of what is local to it: variables, numbers and strings are one, what is
 * called or asked for by name (`.rows`, `hash(`) is not. Lists, tables and declarations are no
 * logic, so a run must decide or call something on half of its lines.
 */
import { blank, type Source } from '../tidy/source.ts';

/** The same code, twice or more. */
export interface Clone {
  lines: number;
  places: { path: string; line: number }[];
}

const CLONE_LINES_MIN = 6;

interface Line {
  shape: string;
  path: string;
  line: number;
}

const KEYWORDS = new Set(
  `if else for while switch case return throw await new const let try catch finally break continue
  function async of in typeof static void class auto`.split(/\s+/),
);
const NAME = /(\.?)([A-Za-z_$#][\w$]*)(\s*\()?/g;
const LOGIC = /\b(if|for|while|return|throw|await|switch)\b|\w\(/;
/** Imports, closing brackets and single names say nothing. */
const SILENT = /^\s*(import\b|export \*|#include|[\W\d]*$|[\w$]+,?$)/;

/** Every run that occurs more than once, the longest first, none within a longer one. */
export function clonesIn(files: readonly Source[]): Clone[] {
  const all = files.map(linesOf);
  const starts = new Map<string, Line[][]>();
  for (const lines of all) {
    for (let at = 0; at + CLONE_LINES_MIN <= lines.length; at += 1) {
      const run = lines.slice(at, at + CLONE_LINES_MIN);
      if (run.filter(({ shape }) => LOGIC.test(shape)).length * 2 < CLONE_LINES_MIN) continue;
      const key = run.map(({ shape }) => shape).join('\n');
      const runs = starts.get(key) ?? [];
      runs.push(lines.slice(at));
      starts.set(key, runs);
    }
  }
  const clones: Clone[] = [];
  const reported = new Set<string>();
  const longest = [...starts.values()]
    .filter((runs) => runs.length > 1)
    .map((runs) => ({ runs, length: commonLength(runs) }))
    .sort((a, b) => b.length - a.length);
  for (const { runs, length } of longest) {
    const news = runs.filter(([first]) => first && !reported.has(`${first.path}:${first.line}`));
    if (news.length < runs.length) continue;
    for (const run of runs)
      for (const { path, line } of run.slice(0, length)) reported.add(`${path}:${line}`);
    const places = runs.flatMap(([first]) => (first ? [first] : []));
    clones.push({ lines: length, places: places.map(({ path, line }) => ({ path, line })) });
  }
  return clones;
}

function linesOf({ path, text }: Source): Line[] {
  return blank(text)
    .split('\n')
    .map((code, index) => ({ code, line: index + 1 }))
    .filter(({ code }) => !SILENT.test(code))
    .map(({ code, line }) => ({ shape: shapeOf(code), path, line }));
}

function shapeOf(code: string): string {
  return code
    .replace(NAME, (_, dot: string, name: string, call = '') => {
      const isKept = dot === '.' || call !== '' || KEYWORDS.has(name);
      return `${dot}${isKept ? name : 'x'}${call.trim()}`;
    })
    .replace(/\b\d[\w.]*/g, '0')
    .replace(/\s+/g, '');
}

function commonLength(runs: readonly Line[][]): number {
  const [first = [], ...others] = runs;
  let length = 0;
  while (others.every((run) => run[length]?.shape === first[length]?.shape) && first[length])
    length += 1;
  return length;
}
