/**
 * Every sentence that the page may say, read from its source: texts and spoken attributes of its
 * templates, and strings that begin like a sentence. A light scanner like scripts/tidy's, no
 * parser: what is put together at run time appears in parts, with … where something is filled in.
 */

export interface Sentence {
  /** Relative to the project. */
  path: string;
  text: string;
}

interface Literal {
  /** `html`, `css`, … in front of a template; '' for a plain template, `'` for a string. */
  tag: string;
  text: string;
}

/** Attributes that people read or hear. */
const SPOKEN = /(?:aria-label|title|headline|advice|placeholder|summary|label|alt)="([^"]*)"/g;
/** Elements within a sentence; all others end it. */
const INLINE = /<\/?(?:a|b|br|code|em|i|kbd|small|span|strong|wbr)\b[^>]*>/g;

/** All sentences of a file in order, each once. */
export function sentencesOf(path: string, source: string): Sentence[] {
  const texts = literals(source).flatMap((literal) => textsOf(literal));
  return [...new Set(texts)].map((text) => ({ path, text }));
}

function textsOf({ tag, text }: Literal): string[] {
  if (tag === 'html') return spoken(text);
  if (tag !== '' && tag !== "'" && tag !== 'str') return [];
  const words = tidy(text);
  return /^[A-Z“…][^<]*$/.test(words) && isSaid(words) ? [words] : [];
}

function spoken(template: string): string[] {
  const noted = [...template.matchAll(SPOKEN)].map(([, words = '']) => words);
  const lines = template.replace(INLINE, '').split(/<[^>]*>/);
  return [...lines, ...noted].map(tidy).filter(isSaid);
}

const tidy = (text: string) => text.replace(/\s+/g, ' ').trim();

/** Words for people: letters besides what is filled in, and no name of a constant. */
function isSaid(words: string): boolean {
  const own = words.replaceAll('…', '');
  return /[a-z]{2}/.test(own) && !/^[\w-]+\/|^[A-Z]+[a-z]+[A-Z]/.test(own);
}

/** Strings and templates of a source, those within templates after the one around them. */
function literals(source: string): Literal[] {
  const found: Literal[] = [];
  scan(source, 0, found);
  return found;
}

/** Scans code from `at` to the brace that closes it, or the end. @returns offset behind */
function scan(source: string, at: number, found: Literal[]): number {
  let depth = 0;
  let i = at;
  while (i < source.length) {
    const char = source[i] ?? '';
    const skipped = pastComment(source, i);
    if (skipped > i) i = skipped;
    else if (char === "'" || char === '"') i = string(source, i, char, found);
    else if (char === '`') i = template(source, i, found);
    else if (char === '/' && /[=(,:[!&|?{};\n]\s*$/.test(source.slice(Math.max(0, i - 40), i)))
      i = pastRegex(source, i);
    else {
      if (char === '{') depth += 1;
      if (char === '}') depth -= 1;
      i += 1;
      if (depth < 0) return i;
    }
  }
  return i;
}

function pastComment(source: string, i: number): number {
  const two = source.slice(i, i + 2);
  const end = two === '//' ? source.indexOf('\n', i) : two === '/*' ? source.indexOf('*/', i) : i;
  if (end < 0) return source.length;
  return two === '/*' ? end + 2 : end;
}

function pastRegex(source: string, start: number): number {
  let inClass = false;
  for (let i = start + 1; i < source.length && source[i] !== '\n'; i += 1) {
    if (source[i] === '\\') i += 1;
    else if (source[i] === '[') inClass = true;
    else if (source[i] === ']') inClass = false;
    else if (source[i] === '/' && !inClass) return i + 1;
  }
  return start + 1;
}

/** A string, and those that are added to it: one sentence over several lines. */
function string(source: string, start: number, quote: string, found: Literal[]): number {
  let text = '';
  let i = start + 1;
  for (; i < source.length && source[i] !== quote; i += 1) {
    if (source[i] === '\\') i += 1;
    text += source[i];
  }
  const before = source.slice(Math.max(0, start - 60), start);
  const last = found.at(-1);
  if (last?.tag === "'" && /['"]\s*\+\s*$/.test(before)) last.text += text;
  else found.push({ tag: "'", text });
  return i + 1;
}

function template(source: string, start: number, found: Literal[]): number {
  const [, tag = ''] = /(\w*)$/.exec(source.slice(Math.max(0, start - 20), start)) ?? [];
  const literal: Literal = { tag: tag === 'return' ? '' : tag, text: '' };
  found.push(literal);
  let i = start + 1;
  while (i < source.length && source[i] !== '`') {
    if (source[i] === '\\') {
      literal.text += source[i + 1] ?? '';
      i += 2;
    } else if (source.startsWith('${', i)) {
      literal.text += '…';
      i = scan(source, i + 2, found);
    } else {
      literal.text += source[i];
      i += 1;
    }
  }
  return i + 1;
}
