/** Writes a bundle to a folder. Knows no bundle's meaning. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BundleFiles } from './pack-assemble.ts';

/**
 * Writes `files` to `dir`, the manifest last: a reader that finds it finds what it names. Leaves
 * equal files untouched, so that a watching server does not reload for nothing.
 * @returns how many were written
 */
export function writeBundle(dir: string, files: BundleFiles): number {
  mkdirSync(dir, { recursive: true });
  const last = (name: string) => (name === 'manifest.json' ? 1 : 0);
  const sorted = [...files].sort(([a], [b]) => last(a) - last(b));
  let written = 0;
  for (const [name, bytes] of sorted) {
    const path = join(dir, name);
    if (existsSync(path) && readFileSync(path).equals(bytes)) continue;
    writeFileSync(path, bytes);
    written++;
  }
  return written;
}
