/**
 * Nothing is exported for nobody, and no file lies there that nothing leads to. Types and custom
 * elements are free: a type that a public function speaks of may be named by its users one day.
 */
import {
  blank,
  type Finding,
  isTest,
  isTypeScript,
  lineAt,
  type Rule,
  type Source,
} from './source.ts';

const VALUE = /^export (?:async )?(?:function\*?|const|let|class) ([A-Za-z_$][\w$]*)/gm;
const WORD = /[A-Za-z_$][\w$]*/g;

/** What is entered from outside: by a command, a configuration or a runtime. */
const DOORS = [
  /^[^/]+\.config\.ts$/,
  /^scripts\/[^/]+\.(ts|mjs)$/,
  /^(web\/main|web\/sw\/sw|worker\/index)\.ts$/,
  /\.d\.ts$/,
];

export const deadExports: Rule = {
  name: 'dead-export',
  check(files) {
    const code = files
      .filter(({ path }) => isTypeScript(path))
      .map(({ path, text }) => ({ path, text: blank(text) }));
    const homes = new Map<string, Set<string>>();
    // Strings and templates count: an element's template names functions, a table names files.
    for (const { path, text } of files.filter((file) => isTypeScript(file.path))) {
      for (const word of new Set(text.match(WORD))) {
        homes.set(word, (homes.get(word) ?? new Set()).add(path));
      }
    }
    const isNamedElsewhere = (name: string, path: string) =>
      [...(homes.get(name) ?? [])].some((home) => home !== path);
    return code
      .filter(({ path }) => !isTest(path) && !DOORS.some((door) => door.test(path)))
      .flatMap((source) => deadOf(source, isNamedElsewhere));
  },
};

function deadOf(
  { path, text }: Source,
  isNamedElsewhere: (name: string, path: string) => boolean,
): Finding[] {
  return [...text.matchAll(VALUE)].flatMap((match) => {
    const [, name = ''] = match;
    if (text.includes(`extends LitElement`) || isNamedElsewhere(name, path)) return [];
    const message = `nobody else names ${name}: take the export away, or the whole`;
    return [{ path, line: lineAt(text, match.index), rule: 'dead-export', message }];
  });
}

const IMPORT = /(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]|new URL\(\s*['"](\.[^'"]+\.ts)/g;

export const deadFiles: Rule = {
  name: 'dead-file',
  check(files) {
    const reached = new Set<string>();
    for (const { path, text } of files.filter((file) => isTypeScript(file.path))) {
      for (const [, from, url] of text.matchAll(IMPORT)) {
        reached.add(resolved(path, from ?? url ?? ''));
      }
    }
    // Programs that others start, documents and tables name by their path.
    const named = files.map(({ text }) => text).join('\n');
    return files
      .filter(({ path }) => isTypeScript(path) && !isTest(path))
      .filter(({ path }) => !DOORS.some((door) => door.test(path)) && !reached.has(path))
      .filter(({ path }) => !named.includes(path) && !isNamed(named, fileName(path)))
      .map(({ path }) => ({ path, line: 0, rule: 'dead-file', message: 'nothing leads here' }));
  },
};

const isNamed = (text: string, name: string) =>
  ['/', "'", '"'].some((before) => text.includes(`${before}${name}'`));
const fileName = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** `./x.ts` as said in `from`, relative to the project. */
function resolved(from: string, to: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of to.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
