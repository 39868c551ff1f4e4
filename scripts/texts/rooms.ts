/**
 * Which texts the first load of My Store needs: those of what the page starts with and of the
 * Store page. All others come after it. Goes by static imports; knows no text.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const ROOMS = ['first', 'rest'] as const;
export type Room = (typeof ROOMS)[number];

const FIRST = ['web/main.ts', 'web/ui/pages/insights-page.ts', 'web/ui/elements/chart-hours.ts'];

/** What is gone when types are. */
const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'/gm;

/** Files of the first load, relative to the project. @param root its folder */
export function firstLoad(root: string): Set<string> {
  const files = new Set<string>();
  const open = FIRST.filter((path) => existsSync(join(root, path)));
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (files.has(path)) continue;
    files.add(path);
    const source = readFileSync(join(root, path), 'utf8');
    for (const [, from = ''] of source.matchAll(IMPORT)) open.push(join(dirname(path), from));
  }
  return files;
}
