/**
 * Vite plugin: `virtual:texts/de` and `virtual:texts/es`, the page's texts in these languages, made
 * from the sources and web/texts/*.xlf. Knows no language by name.
 */
import type { Plugin } from 'vite';
import { moduleOf } from '../texts/modules.ts';
import { FOLDER, readTexts, type Texts, TRANSLATED } from '../texts/texts.ts';

const PREFIX = 'virtual:texts/';

/** @param root folder of the project */
export function pageTexts(root: string): Plugin {
  let read: Texts | undefined;
  return {
    name: 'jambench:texts',
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    load(id) {
      const language = TRANSLATED.find((name) => id === `\0${PREFIX}${name}`);
      if (!language) return undefined;
      for (const name of TRANSLATED) this.addWatchFile(`${root}/${FOLDER}/${name}.xlf`);
      read ??= readTexts(root);
      return moduleOf(read.texts, read.translations.get(language) ?? new Map());
    },
    watchChange(path) {
      if (path.includes('/web/')) read = undefined;
    },
  };
}
