/**
 * Who may import whom: the tree of ARCHITECTURE.md as two tables, one for folders and one for
 * packages and browser interfaces. Nothing that is not listed may be imported.
 */
import { posix } from 'node:path';
import {
  blank,
  type Finding,
  importsOf,
  includesOf,
  isCpp,
  isTest,
  isTypeScript,
  lineAt,
  type Rule,
  type Source,
} from './source.ts';

/** Folder (or file) → what its files may import beside their own kind; the longest match counts. */
const LAYERS: Record<string, readonly string[]> = {
  shared: [],
  'web/main.ts': ['web', 'shared'],
  'web/parts': ['web', 'shared'],
  'web/app': ['shared'],
  'web/unit': ['web/app', 'shared'],
  'web/unit/virtual.ts': ['web/unit', 'web/app', 'shared', 'firmware/virtual'],
  'web/storage': ['web/app', 'shared'],
  'web/api': ['web/app', 'shared'],
  'web/ui': ['web/app', 'shared'],
  'web/ui/pages': ['web/ui', 'web/app', 'shared'],
  'web/ui/elements': ['web/ui', 'web/app', 'shared'],
  'web/ui/controllers': ['web/app', 'shared'],
  'web/texts': ['web/app', 'shared'],
  'web/sw': ['shared'],
  'worker/index.ts': ['worker', 'shared'],
  'worker/domain': ['shared'],
  'worker/http': ['worker/domain', 'shared'],
  'worker/d1': ['worker/domain', 'shared'],
  'worker/env.ts': ['worker/shard'],
  'worker/services.ts': ['worker', 'shared'],
  'worker/shard-services.ts': ['worker', 'shared'],
  'worker/settings.ts': ['worker/env.ts', 'shared'],
  'worker/supabase': ['worker/domain', 'shared'],
  'worker/geo': ['worker/domain', 'shared'],
  'worker/mail': ['worker/domain', 'shared'],
  'worker/platform': ['worker/domain', 'shared'],
  'worker/shard': ['worker/domain', 'shared'],
  'firmware/virtual': ['shared'],
  scripts: ['shared', 'firmware/virtual'],
  // the seed uses the Worker's own rules
  // which addresses are units' and what there is to try is the route table's to say
  'scripts/door': ['scripts', 'shared', 'worker/http/routes.ts'],
  'scripts/vite': ['scripts', 'shared', 'firmware/virtual', 'worker/http/routes.ts'],
  'scripts/deploy': [
    ...['scripts', 'shared', 'worker/http/routes.ts', 'worker/domain/hash-slot.ts'],
  ],
  'scripts/seed': ['scripts', 'shared', 'worker/domain'],
  e2e: ['shared', 'firmware/virtual', 'scripts'],
  // the simulation plays the Worker's own shards
  'e2e/scale': ['e2e', 'scripts', 'shared', 'worker/domain'],
  // the bench measures the page's own flasher
  'e2e/bench/flash-bench.ts': ['e2e', 'scripts', 'shared', 'firmware/virtual', 'web'],
  'vite.config.ts': ['scripts'],
  'vitest.config.ts': ['scripts'],
};

/** Every folder or file with a rule of its own, but for the tools at the top. */
export const FOLDERS: readonly string[] = Object.keys(LAYERS).filter(
  (place) => !place.endsWith('.config.ts'),
);

/** Tests use the real parts instead of doubles: a whole program may be entered by its front door. */
const TESTS_MAY: Record<string, readonly string[]> = {
  web: ['web', 'shared', 'firmware/virtual', 'scripts', 'e2e'],
  scripts: ['scripts', 'shared', 'firmware/virtual', 'e2e'],
  worker: ['worker', 'shared', 'scripts', 'e2e'],
  shared: ['shared'],
  'firmware/virtual': ['firmware/virtual', 'shared', 'scripts'],
};

/** Package → the only places that may import it. */
const PACKAGES: Record<string, readonly string[]> = {
  'esptool-js': ['web/unit', 'e2e/bench/flash-bench.ts', 'scripts/serial'],
  idb: ['web/storage'],
  'chart.js': ['web/ui/elements/chart-'],
  '@supabase/supabase-js': ['worker/supabase', 'scripts/seed'],
  '@supabase/auth-js': ['web/api'],
  '@supabase/lite': ['scripts/start'],
  'workbox-precaching': ['web/sw'],
  'workbox-routing': ['web/sw'],
  hono: ['worker/http', 'worker/index.ts'],
  lit: ['web/ui', 'web/main.ts'],
  '@lit/localize': ['web'],
  '@lit-labs/virtualizer': ['web/ui'],
  leaflet: ['web/ui/elements/sensor-map.ts'],
  'topojson-client': ['web/ui/elements/sensor-map.ts'],
  'world-atlas': ['web/ui/elements/sensor-map.ts'],
  supercluster: ['web/app/fleet-clusters.ts'],
  qr: [
    'web/ui/elements/unit-label.ts',
    'web/ui/elements/scan-label.ts',
    'web/ui/elements/scan-label.browser.test.ts',
    'web/ui/pages/labels-page.browser.test.ts',
    'e2e/testing',
  ],
  '@lit/localize-tools': ['scripts/texts'],
  jose: ['worker'],
  '@photostructure/tz-lookup': ['worker/geo'],
  'cloudflare:workers': ['worker/shard'],
  '@valibot/to-json-schema': ['worker/http'],
  valibot: ['shared', 'web', 'worker', 'firmware/virtual', 'scripts', 'e2e'],
  '@noble/hashes': ['shared', 'web', 'worker', 'firmware/virtual', 'scripts', 'e2e'],
  pako: ['firmware/virtual'],
  '@yowasp/clang': ['scripts'],
  vite: ['scripts', 'vite.config.ts'],
  'vite-plugin-pwa': ['vite.config.ts'],
  '@cloudflare/vite-plugin': ['scripts/start', 'vite.config.ts'],
  // it alone knows how migrations are split into statements
  '@cloudflare/vitest-plugin': ['vitest.config.ts', 'e2e/testing/direct-workerd.ts'],
  '@vitest/browser-playwright': ['vitest.config.ts'],
  '@playwright/test': ['e2e', 'scripts'],
  'puppeteer-core': ['e2e'],
  '@axe-core/playwright': ['e2e'],
  lighthouse: ['e2e/bench/web-lighthouse.ts'],
  wrangler: ['scripts', 'e2e'],
  esbuild: ['scripts'],
};
const TEST_PACKAGES = ['vitest', 'fast-check', 'cloudflare:test', 'cloudflare:workers'];
/** Where Node's own modules exist. `worker/**.node.test.ts` and other tests have them, too. */
const NODE_MAY = ['scripts', 'e2e', 'firmware/virtual', 'vite.config.ts', 'vitest.config.ts'];

/** Browser interfaces of the page that have one home. */
const INTERFACES: { name: string; pattern: RegExp; homes: readonly string[] }[] = [
  { name: 'Web Serial', pattern: /navigator\.serial\b/, homes: ['web/unit', 'web/parts'] },
  {
    name: 'fetch',
    pattern: /(?<![\w.])fetch\(/,
    homes: ['web/api', 'web/unit/firmware-source.ts', 'web/sw', 'web/main.ts', 'web/parts'],
  },
  { name: 'indexedDB', pattern: /\bindexedDB\./, homes: ['web/storage'] },
];

/** Headers that portable C++ must not see. */
const ESP_HEADERS = /^(esp_|freertos\/|driver\/|nvs_flash|nvs\.h|soc\/|hal\/|sdkconfig)/;

function under(path: string, places: readonly string[]): boolean {
  return places.some(
    (place) =>
      path === place ||
      path.startsWith(`${place}/`) ||
      (place.endsWith('-') && path.startsWith(place)),
  );
}

function longestMatch<T>(path: string, table: Record<string, T>): [string, T] | undefined {
  return Object.entries(table)
    .filter(([place]) => under(path, [place]))
    .sort(([a], [b]) => b.length - a.length)[0];
}

function allowedFolders(path: string): readonly string[] {
  const test =
    isTest(path) || path.includes('/testing/') ? longestMatch(path, TESTS_MAY)?.[1] : undefined;
  const [own = '', allowed = []] = longestMatch(path, LAYERS) ?? [];
  return [own, ...allowed, ...(test ?? [])];
}

function packageName(from: string): string {
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Why `path` may not import `from`, or null when it may. */
export function importProblem(path: string, from: string): string | null {
  if (from.startsWith('.')) {
    const target = posix.join(posix.dirname(path), from);
    return under(target, allowedFolders(path)) ? null : `may not import ${target}`;
  }
  if (from.startsWith('node:'))
    return isTest(path) || under(path, NODE_MAY) ? null : `${from} does not exist there`;
  if (from.startsWith('virtual:')) return null;
  const name = packageName(from);
  const isHome = under(path, PACKAGES[name] ?? []);
  if (TEST_PACKAGES.includes(name) && !isHome)
    return isTest(path) || path.includes('test') || path === 'vitest.config.ts'
      ? null
      : `${name} is for tests`;
  const homes = PACKAGES[name];
  if (!homes) return `package ${name} has no home in scripts/tidy/imports.ts`;
  return under(path, homes) || isTest(path) ? null : `${name} belongs to ${homes.join(', ')} only`;
}

function checkFile(file: Source): Finding[] {
  const at = (line: number, message: string) => ({
    path: file.path,
    line,
    rule: 'imports',
    message,
  });
  const findings: Finding[] = [];
  if (isCpp(file.path) && under(file.path, ['firmware/core', 'firmware/apps']))
    for (const { from, line } of includesOf(file.text))
      if (ESP_HEADERS.test(from)) findings.push(at(line, `portable C++ may not include ${from}`));
  if (!isTypeScript(file.path)) return findings;
  for (const { from, line } of importsOf(file.text)) {
    const problem = importProblem(file.path, from);
    if (problem) findings.push(at(line, problem));
  }
  if (!file.path.startsWith('web/') || isTest(file.path)) return findings;
  const code = blank(file.text);
  for (const { name, pattern, homes } of INTERFACES) {
    const offset = code.search(pattern);
    if (offset !== -1 && !under(file.path, homes))
      findings.push(at(lineAt(code, offset), `${name} belongs to ${homes.join(', ')} only`));
  }
  return findings;
}

/** Packages that come along with others may be gone with their next version. */
function undeclared(files: readonly Source[]): Finding[] {
  const text = files.find(({ path }) => path === 'package.json')?.text;
  if (text === undefined) return [];
  const { dependencies = {}, devDependencies = {} } = JSON.parse(text) as Record<string, object>;
  const declared = new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
  return files
    .filter(({ path }) => isTypeScript(path))
    .flatMap(({ path, text }) =>
      importsOf(text)
        .filter(({ from }) => !/^(\.|node:|virtual:|cloudflare:)/.test(from))
        .filter(({ from }) => !declared.has(packageName(from)))
        .map(({ from, line }) => ({
          path,
          line,
          rule: 'imports',
          message: `${packageName(from)} is not in package.json`,
        })),
    );
}

export const imports: Rule = {
  name: 'imports',
  check: (files) => [...files.flatMap(checkFile), ...undeclared(files)],
};
