/** What can be counted in the code: files, lines, functions, imports, comments. Knows no git. */
import { functionsOf } from '../tidy/sizes.ts';
import { blank, importsOf, includesOf, isCode, isTest, type Source } from '../tidy/source.ts';

export interface Part {
  files: number;
  /** Lines with code, that is, neither empty nor comment only. */
  source: number;
  test: number;
  /** Lines of comments in source files. */
  comments: number;
}

/** Median, ninetieth percentile, largest. */
export type Spread = [median: number, p90: number, max: number];

export interface Counted {
  parts: Map<string, Part>;
  files: Spread;
  functions: Spread;
  imports: Spread;
}

/** Folders of whole programs; what lies outside belongs to no part. */
const PARTS = ['web', 'worker', 'shared', 'firmware/virtual', 'firmware', 'scripts', 'e2e'];
/** What helps tests, by today's name and by those it had. */
const HELPS_TESTS = /(^|\/)(testing|test|support)\/|(^|\/)test-[^/]+$|^firmware\/host\/|^e2e\//;
/** Made or recorded, not written. */
const GIVEN = /(^|\/)(vectors|vendor)\/|\.d\.ts$/;

export const isTestCode = (path: string): boolean => isTest(path) || HELPS_TESTS.test(path);
export const isCounted = ({ path }: Source): boolean => isCode(path) && !GIVEN.test(path);

export function count(all: readonly Source[]): Counted {
  const files = all.filter(isCounted);
  const parts = new Map(PARTS.map((name) => [name, { files: 0, source: 0, test: 0, comments: 0 }]));
  for (const file of files) {
    const part = parts.get(PARTS.find((name) => file.path.startsWith(`${name}/`)) ?? '');
    if (part) add(part, file);
  }
  const source = files.filter(({ path }) => !isTestCode(path));
  return {
    parts,
    files: spread(source.map(({ text }) => text.split('\n').length - 1)),
    functions: spread(source.flatMap(({ text }) => functionsOf(text).map(({ length }) => length))),
    imports: spread(source.map(({ text }) => importsOf(text).length + ownIncludes(text))),
  };
}

const ownIncludes = (text: string) => includesOf(text).filter(({ own }) => own).length;
const isLine = (line: string) => line.trim() !== '';

function add(part: Part, { path, text }: Source): void {
  const code = blank(text).split('\n').filter(isLine).length;
  part.files += 1;
  if (isTestCode(path)) part.test += code;
  else {
    part.source += code;
    part.comments += text.split('\n').filter((line) => /^\s*(\/\/|\/\*|\*)/.test(line)).length;
  }
}

/** @param values may be empty: then all zero */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return [at(0.5), at(0.9), at(1)];
}
