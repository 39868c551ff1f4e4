/** Which package a module is of, and what NOTICE must say; the build itself compares both. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { licenceOf, missingInNotice, packageOf } from './licences.ts';

const ROOT = join(import.meta.dirname, '..', '..');

test.each([
  ['/x/node_modules/lit/index.js', 'lit'],
  ['/x/node_modules/@lit/reactive-element/css-tag.js', '@lit/reactive-element'],
  ['/x/node_modules/a/node_modules/b/c.js?v=1', 'b'],
  ['C:\\x\\node_modules\\idb\\build\\index.js', 'idb'],
  ['\0/x/node_modules/pako/dist/pako.mjs?commonjs-proxy', 'pako'],
  ['/x/web/main.ts', null],
])('%s is of %s', (module, name) => expect(packageOf(module)).toBe(name));

test('a package is named whole, not as a part of another’s name', () => {
  const notice = '  lit, lit-html   BSD\n  @supabase/auth-js  MIT\n';
  const names = ['lit', 'lit-html', 'lit-element', '@supabase/auth-js', 'auth-js'];
  expect(missingInNotice(notice, names)).toEqual(['lit-element', 'auth-js']);
});

test('a licence comes with its text, or not at all', () => {
  expect(licenceOf(ROOT, 'hono')).toMatchObject({ licence: 'MIT' });
  expect(licenceOf(ROOT, 'hono').text).toContain('Permission is hereby granted');
  expect(() => licenceOf(ROOT, '@biomejs/biome/configuration_schema')).toThrow();
});
