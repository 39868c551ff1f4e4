/** Rules of documents and of programs: each keeping quiet and finding what it is for. */
import { expect, test } from 'vitest';
import { digestOf, FIGURES } from '../figures/figures.ts';
import { codeMap } from './code-map.ts';
import { commands } from './commands.ts';
import { decisions } from './decisions.ts';
import { figures } from './figures.ts';
import { FOLDERS } from './imports.ts';
import type { Source } from './source.ts';
import { file, found } from './testing/found.ts';

test('decisions have one form, and who refers to one finds it', () => {
  const sections = '## Context\n\n## Decision\n\n## Consequences\n';
  const text = `# 0001 — A thing\n\nStatus: accepted\n\n${sections}`;
  const one: Source = { path: 'docs/decisions/0001-a-thing.md', text };
  const altered = (from: string, to: string) => ({ ...one, text: text.replace(from, to) });
  expect(found(decisions, one, file('web/a.ts', '// decision 0001'))).toEqual([]);
  expect(found(decisions, altered('0001', '0002'))).toEqual(['1 decision', '1 decision']);
  expect(found(decisions, altered('Status: accepted', 'Accepted'))).toEqual(['3 decision']);
  expect(found(decisions, altered('## Context', '## Why'))).toEqual(['0 decision']);
  expect(found(decisions, altered('accepted', 'superseded by 0009'))).toEqual(['3 decision']);
  expect(found(decisions, { ...one, path: 'docs/decisions/thing.md' })).toHaveLength(2);
  expect(found(decisions, one, file('web/a.ts', '// decisions 0001 and 0007'))).toEqual([
    '2 decision',
  ]);
  expect(found(decisions, one, file('web/a.ts', "'JBNB0042', 0042"))).toEqual([]);
  const third = { path: 'docs/decisions/0003-b.md', text: text.replace('0001', '0003') };
  expect(found(decisions, one, third)).toEqual(['0 decision']);
  expect(found(decisions, one, { ...one, path: 'docs/decisions/0001-b.md' })).toEqual([
    '0 decision',
  ]);
});

test('figures of what has changed since are stale', () => {
  const [one] = FIGURES;
  if (!one) throw new Error('no figures');
  const code: Source = { path: 'firmware/core/a.h', text: 'int a;' };
  const document = (digest: string): Source => ({
    path: one.document,
    text: FIGURES.map(
      (some) =>
        `<!-- figures ${some.name}: x, of ${some === one ? digest : digestOf(some, [])} -->\n<!-- /figures -->\n`,
    ).join(''),
  });
  const digest = digestOf(one, [code]);
  expect(found(figures, code, document(digest))).toEqual([]);
  expect(found(figures, { ...code, text: 'int ab;' }, document(digest))).toEqual(['0 figures']);
  expect(found(figures, code, { ...document(digest), text: '' })).not.toEqual([]);
});

test('a program has the face of every program', () => {
  const npm: Source = { path: 'package.json', text: '{"soak": "node e2e/soak/run.ts"}' };
  const bare = 'console.log(process.argv);';
  expect(found(commands, npm, file('e2e/soak/run.ts', bare))).toEqual(['0 command']);
  expect(found(commands, npm, file('scripts/nvs.ts', bare))).toEqual(['0 command']);
  expect(found(commands, npm, file('scripts/start/d1.ts', bare))).toEqual([]);
  expect(found(commands, npm, file('scripts/nvs.ts', "runCli('x', main);"))).toEqual([]);
});

test('the code map has what is there', () => {
  const all = FOLDERS.map((folder) => `| \`${folder}/\` | x |\n`).join('');
  const there = FOLDERS.map((folder) => ({ path: `${folder}/x.ts`, text: '' }));
  const map = (rows: string) => ({
    path: 'ARCHITECTURE.md',
    text: `## Code map\n${rows}## How a unit`,
  });
  expect(found(codeMap, map(all), ...there)).toEqual([]);
  expect(found(codeMap, map(all.replace('worker/domain', 'worker/core')), ...there)).toHaveLength(
    2,
  );
});
