/**
 * When the page needs which texts. `first`: what it starts with and the Store page, before anything
 * is drawn. `later`: what the Store page fetches after its first number. `bench`: the bench and all
 * of a unit. `rest`: all other pages. Goes by the imports of the sources; knows no text.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Room = 'first' | 'later' | 'bench' | 'rest';

const FIRST = ['web/main.ts', 'web/ui/pages/insights-page.ts'];
/** What these fetch later is for other pages. */
const WAYS = ['web/main.ts', 'web/ui/routes.ts'];
const BENCH = /^web\/(parts\/(bench|outbox)\.ts|ui\/pages\/bench-page\.ts)/;

/** Without what is gone when types are. */
const STATIC = /^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'(\.[^']+)'\s*\)/g;

/**
 * The rooms of a file, by its path relative to the project: `first` alone, or each of the others
 * that has it. @param root its folder
 */
export function roomsOf(root: string): (path: string) => Room[] {
  const first = reached(root, FIRST, [STATIC]);
  const begun = [...first]
    .filter((path) => !WAYS.includes(path) && path.startsWith('web/ui/'))
    .flatMap((path) => importsOf(root, path, [DYNAMIC]));
  const later = reached(root, begun, [STATIC, DYNAMIC], first);
  const ways = WAYS.filter((path) => existsSync(join(root, path)));
  const pages = ways.flatMap((path) => importsOf(root, path, [DYNAMIC]));
  const inRoom = (isIts: (path: string) => boolean) =>
    reached(root, pages.filter(isIts), [STATIC, DYNAMIC], first);
  const bench = inRoom((path) => BENCH.test(path));
  const rest = inRoom((path) => !BENCH.test(path));
  return (path) => {
    if (first.has(path)) return ['first'];
    const rooms = [
      ...(later.has(path) ? (['later'] as const) : []),
      ...(bench.has(path) ? (['bench'] as const) : []),
      ...(rest.has(path) ? (['rest'] as const) : []),
    ];
    return rooms.length > 0 ? rooms : ['rest'];
  };
}

/** @param known where it does not go on */
function reached(
  root: string,
  from: readonly string[],
  by: readonly RegExp[],
  known: ReadonlySet<string> = new Set(),
): Set<string> {
  const files = new Set<string>();
  const open = from.filter((path) => existsSync(join(root, path)));
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (files.has(path) || known.has(path)) continue;
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
