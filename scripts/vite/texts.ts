/**
 * Vite plugin: the page's texts as modules, `virtual:texts/<language>/<room>`, from the sources
 * and web/texts/*.xlf. In a build every language is such a module, English too, and the words are
 * taken out of the code: a call of `msg` then names its text by a number, and nobody loads what is
 * said to others. Knows no language by name.
 */
import { join } from 'node:path';
import type { Plugin } from 'vite';
import type { FoundCall } from '../texts/calls.ts';
import { moduleOf } from '../texts/modules.ts';
import { type Room, roomsOf } from '../texts/rooms.ts';
import { FOLDER, readTexts, type Text, type Texts, TRANSLATED } from '../texts/texts.ts';

const MODULE = /^virtual:texts\/(\w+)\/(\w+)$/;
/** With numbers there is nothing to be hashed. */
const HASHES = '/@lit/localize/internal/id-generation.js';

/** @param root folder of the project */
export function pageTexts(root: string): Plugin {
  let found: Texts | undefined;
  let isBuild = false;
  const read = () => {
    found ??= readTexts(root);
    return found;
  };
  return {
    name: 'jambench:texts',
    enforce: 'pre',
    configResolved: ({ command }) => {
      isBuild = command === 'build';
    },
    resolveId: (id) => (MODULE.test(id) ? `\0${id}` : undefined),
    load(id) {
      if (isBuild && id.endsWith(HASHES))
        return `export const HASH_DELIMITER = ''; export const generateMsgId = () => '';`;
      const [, language = '', room = ''] = MODULE.exec(id.slice(1)) ?? [];
      if (!language) return undefined;
      for (const name of TRANSLATED) this.addWatchFile(join(root, FOLDER, `${name}.xlf`));
      const texts = textsOf(root, read(), room as Room);
      const name = isBuild ? numberOf(read()) : (text: Text) => text.id;
      return moduleOf(texts, read().translations.get(language) ?? new Map(), name);
    },
    transform(code, id) {
      if (!isBuild || !id.startsWith(join(root, 'web/'))) return undefined;
      const calls = read().calls.filter(({ path }) => path === id);
      return calls.length === 0 ? undefined : { code: wordless(code, calls, read()), map: null };
    },
    watchChange(path) {
      if (path.includes('/web/')) found = undefined;
    },
  };
}

/** What `first` has is there for all; other rooms are whole, each by itself. */
function textsOf(root: string, { texts, calls }: Texts, room: Room): Text[] {
  const roomOf = roomsOf(root);
  const rooms = new Map<string, Room[]>();
  for (const { id, path } of calls)
    rooms.set(id, [...(rooms.get(id) ?? []), ...roomOf(path.slice(root.length + 1))]);
  return texts.filter(({ id }) => {
    const own = rooms.get(id) ?? [];
    return own.includes('first') ? room === 'first' : own.includes(room);
  });
}

function numberOf({ texts }: Texts): (text: Pick<Text, 'id'>) => string {
  const numbers = new Map(texts.map(({ id }, index) => [id, String(index)]));
  return ({ id }) => numbers.get(id) ?? id;
}

/** The code with numbers instead of words; expressions between them stay. */
function wordless(code: string, calls: readonly FoundCall[], texts: Texts): string {
  const number = numberOf(texts);
  const edits = calls.flatMap((call) => [
    ...call.words.map(([start, end]) => ({ start, end, by: '' })),
    { start: call.end, end: call.optionsEnd, by: `, {id: ${number(call)}}` },
  ]);
  return edits
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, by }) => text.slice(0, start) + by + text.slice(end), code);
}
