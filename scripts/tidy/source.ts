/**
 * What the tidy rules look at: a committed file with its lines, and its code with comments and
 * strings blanked out. A light scanner, not a parser: it knows TypeScript's and C++'s comments,
 * strings and template literals, and nothing of their grammar.
 */

export interface Source {
  /** Relative to the project, with slashes. */
  path: string;
  text: string;
}

/** A rule that is broken, and where. */
export interface Finding {
  path: string;
  /** From 1; 0 = the file as a whole. */
  line: number;
  rule: string;
  message: string;
}

export interface Rule {
  name: string;
  check(files: readonly Source[]): Finding[];
}

export const isTypeScript = (path: string): boolean => /\.(ts|mts|mjs|js)$/.test(path);
export const isCpp = (path: string): boolean => /\.(cc|cpp|h|c)$/.test(path);
export const isCode = (path: string): boolean => isTypeScript(path) || isCpp(path);
export const isTest = (path: string): boolean => /(\.test\.ts|\.spec\.ts|_test\.cc)$/.test(path);

/** 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i !== -1 && i < offset; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

/**
 * `text` with comments, strings, templates and regular expressions as spaces; lines stay where
 * they are. Quotes remain, so that an import still shows where its path stood.
 */
export function blank(text: string): string {
  let out = '';
  let i = 0;
  while (i < text.length) {
    const end = tokenEnd(text, i, out);
    if (end === i) out += text[i++];
    else {
      out += text.slice(i, end).replace(/[^\n]/g, ' ');
      i = end;
    }
  }
  return out;
}

/** End of the comment or literal that begins at `i`, or `i` when none does. */
function tokenEnd(text: string, i: number, before: string): number {
  const two = text.slice(i, i + 2);
  if (two === '//') return orEnd(text, text.indexOf('\n', i));
  if (two === '/*') return orEnd(text, text.indexOf('*/', i + 2), 2);
  const char = text[i];
  if (char === "'" && /\d$/.test(before) && /\d/.test(text[i + 1] ?? '')) return i; // as in 1'000
  if (char === "'" || char === '"') return stringEnd(text, i, char);
  if (char === '`') return templateEnd(text, i);
  if (char === '/' && /(^|[=(,:[!&|?{};\n]|return)\s*$/.test(before.slice(-40)))
    return regexEnd(text, i);
  return i;
}

function orEnd(text: string, found: number, extra = 0): number {
  return found === -1 ? text.length : found + extra;
}

function stringEnd(text: string, start: number, quote: string): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return i + 1;
    else if (text[i] === '\n') return i;
  }
  return text.length;
}

/** A template with all that is nested in its `${…}`. */
function templateEnd(text: string, start: number): number {
  let depth = 0;
  for (let i = start + 1; i < text.length; i++) {
    const char = text[i];
    if (char === '\\') i++;
    else if (depth === 0 && char === '`') return i + 1;
    else if (depth === 0 && char === '$' && text[i + 1] === '{') {
      depth = 1;
      i++;
    } else if (depth > 0 && char === '{') depth++;
    else if (depth > 0 && char === '}') depth--;
    else if (depth > 0 && char === '`') i = templateEnd(text, i) - 1;
    else if (depth > 0 && (char === "'" || char === '"')) i = stringEnd(text, i, char) - 1;
  }
  return text.length;
}

function regexEnd(text: string, start: number): number {
  let inClass = false;
  for (let i = start + 1; i < text.length; i++) {
    const char = text[i];
    if (char === '\\') i++;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) return i + 1;
    else if (char === '\n') return start; // a division after all
  }
  return start;
}

/** `import … from`, `export … from`, `import '…'`, `import('…')`, `new URL('…', import.meta…)` */
const IMPORT_FORMS = [
  /^\s*(?:import|export)\s[^;'"`]*?from\s*'([^']+)'/gm,
  /^\s*import\s*'([^']+)'/gm,
  /\bimport\(\s*'([^']+)'/g,
  /\bnew URL\(\s*'([^']+)',\s*import\.meta\.url/g,
];

/** What a TypeScript file imports or re-exports, dynamically too. */
export function importsOf(text: string): { from: string; line: number }[] {
  const withoutComments = text
    .replace(/\/\*[\s\S]*?\*\//g, (c) => c.replace(/[^\n]/g, ' '))
    .replace(/^\s*\/\/.*$/gm, '');
  return IMPORT_FORMS.flatMap((form) =>
    [...withoutComments.matchAll(form)].map((match) => ({
      from: match[1] ?? '',
      line: lineAt(withoutComments, match.index + match[0].search(/\S/)),
    })),
  );
}

/** What a C++ file includes; `own` = with quotes, from this project. */
export function includesOf(text: string): { from: string; line: number; own: boolean }[] {
  return [...text.matchAll(/^[ \t]*#\s*include\s*([<"])([^>"]+)[>"]/gm)].map((match) => ({
    from: match[2] ?? '',
    line: lineAt(text, match.index + 1),
    own: match[1] === '"',
  }));
}
