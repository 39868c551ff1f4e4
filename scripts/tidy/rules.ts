/** Every rule that there is. */
import { codeMap } from './code-map.ts';
import { commands } from './commands.ts';
import { decisions } from './decisions.ts';
import { deadExports, deadFiles } from './exports.ts';
import { figures } from './figures.ts';
import { imports } from './imports.ts';
import { migrations } from './migrations.ts';
import { reasons } from './reasons.ts';
import { sizes } from './sizes.ts';
import type { Rule } from './source.ts';
import { names, texts } from './texts.ts';
import { words } from './words.ts';

export const RULES: readonly Rule[] = [
  imports,
  codeMap,
  commands,
  decisions,
  deadExports,
  deadFiles,
  figures,
  reasons,
  sizes,
  texts,
  words,
  migrations,
  names,
];
