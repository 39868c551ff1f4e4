/** ARCHITECTURE.md's table of pages has every address of the page, and routes that there are. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allRoutes } from './routes.ts';

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const architecture = text('ARCHITECTURE.md');
const section = architecture.slice(
  architecture.indexOf('## Which page shows what'),
  architecture.indexOf('## Invariants'),
);
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim()));
const names = (column: number) =>
  rows.flatMap((row) => [...(row[column] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name));

test('every address of the page stands in it', () => {
  const patterns = [...text('web/ui/routes.ts').matchAll(/pattern: '([^']+)'/g)];
  expect(names(1)).toEqual(patterns.map(([, pattern]) => pattern));
});

test('its pages are there', () => {
  for (const name of names(2))
    expect(existsSync(new URL(`../../web/ui/pages/${name}`, import.meta.url)), name).toBe(true);
});

test('its routes are the Worker’s, and every one that the page calls is in it', () => {
  const routes = allRoutes.map(({ method, path }) => `${method} ${path}`);
  const told = names(4);
  for (const name of told) expect(routes).toContain(name);
  const called = ['portal', 'units', 'sensors', 'fleet-actions', 'people', 'judgement'].flatMap(
    (file) => pathsIn(text(`web/api/${file}.ts`)),
  );
  expect(called.length).toBeGreaterThan(15);
  const paths = told.map((name) => name?.split(' ')[1]?.replace(/\{\w+\}/g, '{}'));
  for (const path of called.filter((path) => path !== '/api/v1/me')) expect(paths).toContain(path);
});

/** Paths of a client, parameters as `{}`: its templates begin with `Api`, or with `of(…)`. */
function pathsIn(client: string): string[] {
  const [, base = ''] = /const of = .*`\$\{Api\}([^$`]*)/.exec(client) ?? [];
  return [...client.matchAll(/`\$\{(Api|of\(\w+\))\}([^`]*)`|path: (of)\(/g)].map(
    ([, begin, rest = '']) => {
      const start = begin === 'Api' ? '' : `${base}{}`;
      return `/api/v1${start}${rest.replace(/\?.*/, '').replace(/\$\{[^}]*\}/g, '{}')}`;
    },
  );
}
