/**
 * Vite plugin: the first lines that the built page runs, in the page itself. They name the code and
 * the texts that its address and its reader's language will need, so that all of it is fetched at
 * once and not step by step. The page's policy allows this script by its hash
 * (scripts/build/page-policy.ts). Knows pages by their files, and no element.
 */
import type { Plugin } from 'vite';
import { TRANSLATED } from '../texts/texts.ts';

/** What is fetched for which first part of an address; for any other, nothing ahead. */
const ENTRIES: Record<string, { code: readonly string[]; rooms: readonly string[] }> = {
  store: { code: ['/ui/pages/insights-page.ts'], rooms: ['first'] },
  'sign-in': { code: ['/ui/pages/sign-in-page.ts'], rooms: ['first', 'rest'] },
  '': { code: ['/ui/pages/home-page.ts'], rooms: ['first', 'rest'] },
};

const LANGUAGES = ['en', ...TRANSLATED];
/** As web/texts/language.ts keeps it. */
const CHOSEN = 'jambench-language';

/** What {@link fetchAhead} goes by. */
export interface Ahead {
  languages: readonly string[];
  /** Name of what the reader's browser keeps. */
  chosen: string;
  /** Files by the first part of an address, and then by language, or `code`. */
  files: Record<string, Record<string, readonly string[]>>;
}

/** The part of Rolldown's chunk that is used. */
export interface BuiltChunk {
  fileName: string;
  facadeModuleId: string | null;
  imports: readonly string[];
}

/** @param main file of the entry: what it brings is named in the page already */
export function aheadOf(chunks: readonly BuiltChunk[], main: string): Ahead {
  const known = reached(chunks, [main]);
  const filesOf = (ends: readonly string[]) => {
    const begun = chunks.filter(({ facadeModuleId }) =>
      ends.some((end) => facadeModuleId?.endsWith(end)),
    );
    const all = reached(
      chunks,
      begun.map(({ fileName }) => fileName),
    );
    return [...all].filter((file) => !known.has(file)).map((file) => `/${file}`);
  };
  const files = Object.entries(ENTRIES).map(([part, { code, rooms }]) => {
    const texts = LANGUAGES.map((language) => {
      const ends = rooms.map((room) => `virtual:texts/${language}/${room}`);
      return [language, filesOf(ends)] as const;
    });
    return [part, Object.fromEntries([['code', filesOf(code)], ...texts])] as const;
  });
  return { languages: LANGUAGES, chosen: CHOSEN, files: Object.fromEntries(files) };
}

function reached(chunks: readonly BuiltChunk[], from: readonly string[]): Set<string> {
  const files = new Set<string>();
  const open = [...from];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    open.push(...(chunks.find(({ fileName }) => fileName === file)?.imports ?? []));
  }
  return files;
}

/** In the page, before anything else; stands by itself. Chooses a language as language.ts does. */
export function fetchAhead({ languages, chosen, files }: Ahead): void {
  const its = files[location.pathname.split('/')[1] ?? ''];
  if (!its) return;
  let own = '';
  try {
    own = localStorage.getItem(chosen) ?? '';
  } catch {
    // a browser that lets the page keep nothing
  }
  const tags = [own, ...navigator.languages].map((tag) => tag.slice(0, 2));
  const language = tags.find((tag) => languages.includes(tag)) ?? 'en';
  for (const href of [...(its.code ?? []), ...(its[language] ?? [])]) {
    const link = Object.assign(document.createElement('link'), { rel: 'modulepreload', href });
    document.head.append(link);
  }
}

/** Puts the script into the built page; where Vite serves sources, there is nothing to name. */
export function opening(): Plugin {
  return {
    name: 'jambench:opening',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle, chunk }) {
        if (!bundle || !chunk) return html;
        const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
        const ahead = JSON.stringify(aheadOf(chunks, chunk.fileName));
        const script = `<script>(${fetchAhead})(${ahead})</script>`;
        // After the entry, which is wanted first; before style, for which a script would wait.
        return html.replace(/<link rel="stylesheet"/, (style) => `${script}\n    ${style}`);
      },
    },
  };
}
