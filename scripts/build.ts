/**
 * `npm run build`: page, service worker and Worker into dist/, then the budget of what people have
 * to download, and the licences of what is in it. Knows no firmware: scripts/firmware-build.ts puts
 * it into web/public/ before.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createBuilder } from 'vite';
import { checkBudget } from './build/budget.ts';
import { writePolicy } from './build/page-policy.ts';
import { bundleWorker } from './build/worker-module.ts';
import { runCli } from './cli.ts';
import { forgetBundled, writeLicences } from './vite/licences.ts';

const ROOT = join(import.meta.dirname, '..');

runCli('npm run build: page, service worker and Worker into dist/', async () => {
  if (!existsSync(join(ROOT, 'web/public/firmware/virtual/manifest.json'))) {
    console.warn('Without firmware for virtual units: run `npm run build:firmware` before.');
  }
  // What npm start knows of its last build does not hold for this one.
  rmSync(join(ROOT, 'dist/.inputs'), { force: true });
  forgetBundled(ROOT);
  const builder = await createBuilder({ configFile: join(ROOT, 'vite.config.ts') });
  await builder.buildApp();
  // Where this machine's door is built, too (scripts/start/serve.ts).
  mkdirSync(join(ROOT, 'dist/door'), { recursive: true });
  writeFileSync(join(ROOT, 'dist/door/worker.js'), await bundleWorker('scripts/door/worker.ts'));
  checkBudget(join(ROOT, 'dist/client'));
  // The list of files is for the budget, not for the world.
  rmSync(join(ROOT, 'dist/client/.vite'), { recursive: true, force: true });
  const bundled = writeLicences(ROOT, [join(ROOT, 'dist'), join(ROOT, 'dist/client')]);
  console.log(`Licences of ${bundled} packages.`);
  writePolicy(
    join(ROOT, 'dist/client'),
    resolve(ROOT, process.env.JAMBENCH_WRANGLER ?? 'wrangler.toml'),
  );
});
