/**
 * The page's texts as @lit/localize sees them: what the sources say in English (every `msg(…)`) and
 * what web/texts/<language>.xlf says for it. Reads both, writes the files anew in the order of the
 * sources. Knows neither Vite nor the page.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { XliffFormatter } from '@lit/localize-tools/lib/formatters/xliff.js';
import type { Message, Placeholder, ProgramMessage } from '@lit/localize-tools/lib/messages.js';
import { validateLocalizedPlaceholders } from '@lit/localize-tools/lib/messages.js';
import { RuntimeLitLocalizer } from '@lit/localize-tools/lib/modes/runtime.js';
import type { Locale } from '@lit/localize-tools/lib/types/locale.js';
import { callsOf, type FoundCall } from './calls.ts';
import { forgotten } from './forgotten.ts';

/** Languages that the English of the sources is translated into. */
export const TRANSLATED = ['de', 'es'] as const;
export type Translated = (typeof TRANSLATED)[number];

/** Where the translations lie, relative to the project. */
export const FOLDER = 'web/texts';

export interface Text {
  /** @lit/localize's: a hash of the English. */
  id: string;
  /** Relative to the project. */
  path: string;
  line: number;
  contents: (string | Placeholder)[];
  /** Which kind of template it is in the source. */
  tag: 'html' | 'str' | undefined;
}

export interface Texts {
  /** In the order of files and lines. */
  texts: Text[];
  calls: FoundCall[];
  /** Calls of `msg` that cannot be extracted, in words. */
  broken: { path: string; line: number; message: string }[];
  /** By language, then by id. */
  translations: Map<string, Map<string, Message>>;
  /** Placeholders of a translation that are not those of its source, in words. */
  disagreeing: string[];
}

class Localizer extends RuntimeLitLocalizer {
  /** As TypeScript sees them. */
  sources() {
    return this.program;
  }
}

type RuntimeConfig = ConstructorParameters<typeof RuntimeLitLocalizer>[0];

function configOf(root: string): RuntimeConfig {
  const resolve = (path: string) => join(root, path);
  return {
    baseDir: root,
    resolve,
    sourceLocale: 'en' as Locale,
    targetLocales: [...TRANSLATED] as string[] as Locale[],
    // Of types it has those of @lit/localize only, which is four times as fast.
    tsConfig: `${FOLDER}/tsconfig.json`,
    interchange: { format: 'xliff', xliffDir: FOLDER },
    // never written: scripts/vite/texts.ts makes the modules
    output: { mode: 'runtime', outputDir: '.build/texts' },
  };
}

/** @param root folder of the project */
export function readTexts(root: string): Texts {
  const localizer = new Localizer(configOf(root));
  const { messages, errors } = localizer.extractSourceMessages();
  const texts = messages.map((message) => textOf(root, message)).sort(inOrder);
  const { translations } = localizer.readTranslationsSync();
  const calls = callsOf(localizer.sources());
  return {
    texts,
    calls,
    broken: [
      ...tooEarly(root, calls),
      ...errors.map(({ file, start, messageText }) => ({
        path: relative(root, file?.fileName ?? ''),
        line: file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0,
        message: String(messageText),
      })),
    ],
    translations: new Map(
      TRANSLATED.map((language) => [
        language,
        new Map(
          (translations.get(language as string as Locale) ?? []).map((message) => [
            message.name,
            message,
          ]),
        ),
      ]),
    ),
    disagreeing: validateLocalizedPlaceholders(messages, translations),
  };
}

/** Writes both files: texts that are new without a translation, those that are gone left out. */
export async function writeTexts(root: string, { texts, translations }: Texts): Promise<void> {
  const formatter = new XliffFormatter(configOf(root));
  const sources = texts.map(({ id, contents, path }) => {
    return { name: id, contents: contents.map(inOneLine), desc: path } as ProgramMessage;
  });
  // What is there would keep its order, and new texts would all be at its end.
  for (const language of TRANSLATED) rmSync(join(root, FOLDER, `${language}.xlf`), { force: true });
  const known = [...translations].map(
    ([language, messages]) => [language as Locale, [...messages.values()]] as [Locale, Message[]],
  );
  await formatter.writeOutput(sources, new Map(known));
}

/** What is wrong with the texts, in words; nothing when all is well. */
export function problemsOf(root: string, { texts, translations, ...more }: Texts): string[] {
  const problems = more.broken.map(({ path, line, message }) => `${path}:${line} ${message}`);
  problems.push(...more.disagreeing, ...forgotten(root, more.calls));
  const ids = new Set(texts.map(({ id }) => id));
  for (const [language, known] of translations) {
    const file = `${FOLDER}/${language}.xlf`;
    for (const { id, path, line, contents } of texts) {
      const words = plainText(contents);
      const translation = known.get(id);
      if (!translation) problems.push(`${file} lacks “${words}” (${path}:${line})`);
      else if (words.split(' ').length > 3 && plainText(translation.contents) === words)
        problems.push(`${file} has the English for “${words}”`);
    }
    for (const id of idsIn(root, file))
      if (!ids.has(id)) problems.push(`${file} has ${id}, which no source says any more`);
  }
  return problems;
}

/** Those without a translation are there as well. */
function idsIn(root: string, file: string): string[] {
  if (!existsSync(join(root, file))) return [];
  const xml = readFileSync(join(root, file), 'utf8');
  return [...xml.matchAll(/<trans-unit id="([^"]+)"/g)].map(([, id = '']) => id);
}

/** As a person reads it, `{0}` for what is filled in. */
function plainText(contents: readonly (string | Placeholder)[]): string {
  const parts = contents.map((part) => (typeof part === 'string' ? part : `{${part.index}}`));
  return parts
    .join('')
    .replace(/[ \n\t]+/g, ' ')
    .trim();
}

/** Said while its module is loaded, a text stays in the language of that moment. */
function tooEarly(root: string, calls: readonly FoundCall[]): Texts['broken'] {
  return calls
    .filter(({ isEarly }) => isEarly)
    .map(({ path, line }) => ({
      path: relative(root, path),
      line,
      message: 'says it when its module is loaded, before there is a language: use a function',
    }));
}

function textOf(root: string, message: ProgramMessage): Text {
  const { name: id, file, node, contents, tag } = message;
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
  return { id, path: relative(root, file.fileName), line: line + 1, contents, tag };
}

const relative = (root: string, path: string): string =>
  path.replaceAll('\\', '/').replace(`${root.replaceAll('\\', '/')}/`, '');

const inOrder = (a: Text, b: Text): number =>
  a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1;

/** Templates are broken where the source's lines end: of no meaning in a text. */
const inOneLine = (part: string | Placeholder): string | Placeholder =>
  typeof part === 'string' ? part.replace(/[ \n\t]+/g, ' ') : part;
