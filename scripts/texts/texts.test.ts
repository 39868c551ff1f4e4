/** Texts of a small page, taken out of its sources and held against their translations. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are sources of a page
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { moduleOf } from './modules.ts';
import { problemsOf, readTexts, writeTexts } from './texts.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** A project that says what `code` says. */
function project(code: string) {
  const root = mkdtempSync(join(tmpdir(), 'texts-'));
  for (const folder of ['web/texts', 'scripts/texts'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const file of ['web/texts/tsconfig.json', 'scripts/texts/marks.d.ts'])
    cpSync(join(ROOT, file), join(root, file));
  const write = (text: string) =>
    writeFileSync(
      join(root, 'web/page.ts'),
      `import { msg, str } from '@lit/localize';\nimport { html } from 'lit';\n${text}`,
    );
  write(code);
  const file = join(root, 'web/texts/de.xlf');
  const translate = (german: string) => {
    const xml = readFileSync(file, 'utf8').replace(
      '</source>',
      `</source><target>${german}</target>`,
    );
    writeFileSync(file, xml);
  };
  return { root, write, translate, xml: () => readFileSync(file, 'utf8') };
}

test('a text without a translation is named with its place', async () => {
  const { root, translate } = project(`const f = () => msg('Good morning');`);
  await writeTexts(root, readTexts(root));
  const lacking = (language: string) =>
    `web/texts/${language}.xlf lacks “Good morning” (web/page.ts:3)`;
  expect(problemsOf(root, readTexts(root))).toEqual([lacking('de'), lacking('es')]);
  translate('Guten Morgen');
  expect(problemsOf(root, readTexts(root))).toEqual([lacking('es')]);
});

test('what no source says any more is named, and goes with the next run', async () => {
  const { root, write, translate, xml } = project(`const f = () => msg('Good morning');`);
  await writeTexts(root, readTexts(root));
  translate('Guten Morgen');
  write('');
  expect(problemsOf(root, readTexts(root)).join()).toContain('which no source says any more');
  await writeTexts(root, readTexts(root));
  expect(problemsOf(root, readTexts(root))).toEqual([]);
  expect(xml()).not.toContain('Guten Morgen');
});

test('placeholders have to be those of the source; their order is free', async () => {
  const code = 'const f = () => msg(html`From ${a} to <b>${b}</b> and on`);';
  const { root, translate } = project(code);
  await writeTexts(root, readTexts(root));
  translate('Von <x id="0" equiv-text="${a}"/> an');
  expect(problemsOf(root, readTexts(root)).join()).toContain('missing "<b>${b}</b>"');
});

test('the English again is no translation, where it is a sentence', async () => {
  const { root, translate } = project(`const f = () => msg('This is a sentence.');`);
  await writeTexts(root, readTexts(root));
  translate('This is a sentence.');
  expect(problemsOf(root, readTexts(root))[0]).toContain('has the English for');
});

test('what is said while its module is loaded has no language yet', () => {
  const { root } = project(`const early = msg('Good morning'); const late = () => msg('Later');`);
  expect(problemsOf(root, readTexts(root))[0]).toMatch(/^web\/page\.ts:3 says it when/);
});

test('a sentence outside of msg is forgotten; what developers read is not', () => {
  const { root } = project('');
  mkdirSync(join(root, 'web/app'));
  const code = `f('Nobody can read this.'); console.debug('This is for us.'); f('Two words');`;
  writeFileSync(join(root, 'web/app/page.ts'), code);
  expect(problemsOf(root, readTexts(root))).toEqual([
    'web/app/page.ts says “Nobody can read this.” in English only: use msg()',
  ]);
});

test('what cannot be taken out is said', () => {
  const { root } = project('const f = () => msg(`Hello ${name}`);');
  expect(problemsOf(root, readTexts(root))[0]).toMatch(/^web\/page\.ts:3 .*str tag/);
});

test('a module fills in the source’s expressions, wherever they stand', async () => {
  const { root, translate } = project(
    'const f = () => msg(html`From <a href=${x}>${a}</a> to ${b} "now"`);',
  );
  await writeTexts(root, readTexts(root));
  translate(
    'Bis <x id="1" equiv-text="${b}"/> von <x id="0" equiv-text="&lt;a href=&quot;${x}&quot;&gt;${a}&lt;/a&gt;"/> `$',
  );
  const { texts, translations } = readTexts(root);
  const german = translations.get('de') ?? new Map();
  expect(moduleOf(texts, german)).toContain('html`Bis ${2} von <a href="${0}">${1}</a> \\`\\$`');
  expect(moduleOf(texts, new Map())).toContain('html`From <a href="${0}">${1}</a> to ${2} "now"`');
});
