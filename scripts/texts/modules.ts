/**
 * The modules that the page loads for a language: each text under its id, as @lit/localize's
 * runtime wants it, that is, with the number of the source's expression where one is filled in.
 * Knows neither files nor Vite.
 */
import type { Message } from '@lit/localize-tools/lib/messages.js';
import {
  escapeTextContentToEmbedInTemplateLiteral as escaped,
  parseStringAsTemplateLiteral,
} from '@lit/localize-tools/lib/typescript.js';
import type { Text } from './texts.ts';

/**
 * JavaScript that exports `templates`. Texts without a translation are English.
 * @param nameOf what the page calls a text
 */
export function moduleOf(
  texts: readonly Text[],
  translations: ReadonlyMap<string, Message>,
  nameOf = ({ id }: Text): string => id,
): string {
  const entries = texts.map((text) => {
    const contents = translations.get(text.id)?.contents ?? text.contents;
    return `${JSON.stringify(nameOf(text))}: ${templateOf(contents, text)},`;
  });
  return [
    `import { html } from 'lit';`,
    `import { str } from '@lit/localize';`,
    `export const templates = {`,
    ...entries,
    `};`,
  ].join('\n');
}

function templateOf(contents: Message['contents'], source: Text): string {
  const numbers = numbersOf(source);
  const parts = contents.map((part) =>
    typeof part === 'string'
      ? source.tag === 'html'
        ? escaped(part)
        : JSON.stringify(part).slice(1, -1).replace(/[`$]/g, '\\$&').replaceAll('\\"', '"')
      : numbered(part.untranslatable, numbers.get(part.index) ?? 0),
  );
  return `${source.tag ?? ''}\`${parts.join('').replace(/[ \n\t]+/g, ' ')}\``;
}

/** For each placeholder of the source the number of its first expression. */
function numbersOf({ contents }: Text): Map<number, number> {
  const numbers = new Map<number, number>();
  let next = 0;
  for (const part of contents) {
    if (typeof part === 'string') continue;
    numbers.set(part.index, next);
    next += piecesOf(part.untranslatable).length - 1;
  }
  return numbers;
}

/** `<a href=${url}>` → `<a href=${3}>`. */
function numbered(markup: string, first: number): string {
  const [head = '', ...rest] = piecesOf(markup);
  return rest.reduce((text, piece, index) => `${text}\${${first + index}}${piece}`, head);
}

/** What stands around the expressions. */
function piecesOf(markup: string): string[] {
  const template = parseStringAsTemplateLiteral(markup);
  if (!('head' in template)) return [template.text];
  return [template.head.text, ...template.templateSpans.map(({ literal }) => literal.text)];
}
