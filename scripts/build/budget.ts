/**
 * How much JavaScript people have to wait for, counted from Vite's manifest: every file that the
 * browser fetches on the way, gzip. Fails when a limit is exceeded. Knows routes only as entries.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AppError } from '../../shared/errors.ts';

/** Bytes, gzip. Store page before its chart; what the bench needs more, to the last stub. */
const BUDGET = { store: 60 * 1024, flashing: 92 * 1024 } as const;

/** The part of Vite's `manifest.json` that is used. */
export type BuildManifest = Record<
  string,
  { file: string; imports?: string[]; dynamicImports?: string[] }
>;

/**
 * What opening /store fetches before the chart, beside the texts of one language. The sign-in
 * client counts although it is fetched only by whoever signs in on the way: that is the slow case,
 * and the one to bound.
 */
const STORE = [
  'index.html',
  'ui/pages/insights-page.ts',
  '../node_modules/@supabase/auth-js/dist/module/index.js',
];

/** Each language is as slow as its own texts. */
const LANGUAGES = ['en', 'de', 'es'] as const;
const textsOf = (language: string, room: 'first' | 'bench') =>
  `../virtual:texts/${language}/${room}`;

/** What the bench fetches until a real unit is written. */
const FLASHING = [
  'ui/pages/bench-page.ts',
  'parts/bench.ts',
  'unit/unit-connection.ts',
  '../node_modules/esptool-js/lib/targets/esp32s3.js',
  '../node_modules/esptool-js/lib/targets/stub_flasher/esp32s3.json',
];

/** web/unit/off-thread-worker.ts */
const BENCH_WORKER = 'off-thread-worker-';

/** Files of `entries` and all they import statically. @throws AppError for an unknown entry */
export function filesOf(manifest: BuildManifest, entries: readonly string[]): Set<string> {
  const files = new Set<string>();
  const open = [...entries];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const chunk = manifest[name];
    if (!chunk) {
      throw new AppError('internal', `The build has no entry “${name}”.`, {
        hint: 'Correct the lists in scripts/build/budget.ts: a file was moved or merged.',
      });
    }
    if (files.has(chunk.file)) continue;
    files.add(chunk.file);
    open.push(...(chunk.imports ?? []));
  }
  return files;
}

export interface BudgetLine {
  name: string;
  bytes: number;
  limit: number;
}

/**
 * @param size gzip bytes of a file of the build
 * @param workers of the bench, which no manifest has
 */
export function countBudget(
  manifest: BuildManifest,
  size: (file: string) => number,
  workers: readonly string[] = [],
): BudgetLine[] {
  const sum = (files: Iterable<string>) => [...files].reduce((n, file) => n + size(file), 0);
  return LANGUAGES.flatMap((language) => {
    const store = filesOf(manifest, [...STORE, textsOf(language, 'first')]);
    const flashing = filesOf(manifest, [...FLASHING, textsOf(language, 'bench')]);
    return [
      { name: `Store page, before its chart, ${language}`, bytes: sum(store), limit: BUDGET.store },
      {
        name: `Bench until a unit is written, more, ${language}`,
        bytes: sum([...flashing, ...workers].filter((file) => !store.has(file))),
        limit: BUDGET.flashing,
      },
    ];
  });
}

/**
 * Prints the figures. @param client folder with the built page
 * @throws AppError `too_large` when a limit is exceeded
 */
export function checkBudget(client: string): void {
  const read = (file: string) => readFileSync(join(client, file));
  const manifest = JSON.parse(read('.vite/manifest.json').toString()) as BuildManifest;
  const workers = readdirSync(join(client, 'assets'))
    .filter((file) => file.startsWith(BENCH_WORKER))
    .map((file) => `assets/${file}`);
  const size = (file: string) => gzipSync(read(file), { level: 9 }).length;
  const lines = countBudget(manifest, size, workers);
  const kb = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`;
  for (const { name, bytes, limit } of lines)
    console.log(`${name}: ${kb(bytes)} of ${kb(limit)} JavaScript (gzip)`);
  const over = lines.find((line) => line.bytes > line.limit);
  if (!over) return;
  throw new AppError(
    'too_large',
    `${over.name} is ${kb(over.bytes - over.limit)} over its limit.`,
    {
      hint: 'Load what is not needed at once with import(), or leave something out.',
    },
  );
}
