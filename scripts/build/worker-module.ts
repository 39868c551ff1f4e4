/** A Worker as one module, for programs that start workerd themselves. Knows no binding. */
import { join } from 'node:path';
import { build } from 'vite';
import { AppError } from '../../shared/errors.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/**
 * The Worker and all it imports as one module, bundled by Vite as for production.
 * @param main its module, from the project's root
 */
export async function bundleWorker(main: string): Promise<string> {
  const built = await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    ssr: { noExternal: true, target: 'webworker' },
    build: {
      ssr: join(ROOT, main),
      target: 'es2024',
      write: false,
      rolldownOptions: { external: [/^cloudflare:/, /^node:/] },
    },
  });
  const chunks = 'output' in built ? built.output : [];
  const [first] = chunks;
  if (first?.type !== 'chunk' || chunks.length > 1) {
    throw new AppError('internal', `${main} was not built into one module.`);
  }
  return first.code;
}
