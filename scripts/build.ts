/**
 * `npm run build`: page, service worker and Worker into dist/, then the budget of what people have
 * to download. Knows no firmware: scripts/build-firmware.ts puts it into web/public/ before.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder } from 'vite';
import { AppError } from '../shared/errors.ts';
import { checkBudget } from './budget.ts';

const ROOT = join(import.meta.dirname, '..');

if (!existsSync(join(ROOT, 'web/public/firmware/virtual/manifest.json'))) {
  console.warn('Without firmware for virtual units: run `npm run build:firmware` before.');
}

try {
  const builder = await createBuilder({ configFile: join(ROOT, 'vite.config.ts') });
  await builder.buildApp();
  checkBudget(join(ROOT, 'dist/client'));
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  console.error(`${error.message}\n${error.hint}`);
  process.exitCode = 1;
}
