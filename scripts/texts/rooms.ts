/**
 * When the page needs which texts. `first`: what it starts with and the Store page, before anything
 * is drawn. `later`: what the Store page fetches after its first number. `rest`: all other pages.
 * Goes by the imports of the sources; knows no text.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const ROOMS = ['first', 'later', 'rest'] as const;
export type Room = (typeof ROOMS)[number];

const FIRST = ['web/main.ts', 'web/ui/pages/insights-page.ts'];
/** What these fetch later is for other pages. */
const WAYS = ['web/main.ts', 'web/ui/routes.ts'];

/** Without what is gone when types are. */
const STATIC = /^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'(\.[^']+)'\s*\)/g;

/** The room of a file, by its path relative to the project. @param root its folder */
export function roomsOf(root: string): (path: string) => Room {
  const first = reached(root, FIRST, [STATIC]);
  const begun = [...first]
    .filter((path) => !WAYS.includes(path) && path.startsWith('web/ui/'))
    .flatMap((path) => importsOf(root, path, [DYNAMIC]));
  const later = reached(root, begun, [STATIC, DYNAMIC]);
  return (path) => (first.has(path) ? 'first' : later.has(path) ? 'later' : 'rest');
}

function reached(root: string, from: readonly string[], by: readonly RegExp[]): Set<string> {
  const files = new Set<string>();
  const open = from.filter((path) => existsSync(join(root, path)));
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (files.has(path)) continue;
    files.add(path);
    open.push(...importsOf(root, path, by));
  }
  return files;
}

function importsOf(root: string, path: string, by: readonly RegExp[]): string[] {
  const source = readFileSync(join(root, path), 'utf8');
  return by
    .flatMap((pattern) => [...source.matchAll(pattern)])
    .map(([, from = '']) => join(dirname(path), from).replaceAll('\\', '/'))
    .filter((target) => existsSync(join(root, target)));
}
