/** Figures in documents are of what lies there now: scripts/figures says what they depend on. */
import { digestOf, FIGURES, writtenDigest } from '../figures/figures.ts';
import type { Rule } from './source.ts';

export const figures: Rule = {
  name: 'figures',
  check(files) {
    return FIGURES.flatMap((one) => {
      const document = files.find(({ path }) => path === one.document);
      if (!document) return [];
      const found = { path: one.document, line: 0, rule: 'figures' };
      const written = writtenDigest(one, document.text);
      if (written === null) return [{ ...found, message: `has no place for “${one.name}”` }];
      if (written === digestOf(one, files)) return [];
      return [{ ...found, message: `“${one.name}” are stale: ${one.command}` }];
    });
  },
};
