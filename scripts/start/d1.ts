/** The local D1 database: its migrations. Knows no table. */
import { join } from 'node:path';
import { runToEnd } from './children.ts';
import { hashInputs, unlessUnchanged } from './inputs.ts';
import { ROOT } from './options.ts';

const MIGRATIONS = 'worker/d1/migrations';
const WRANGLER = join('node_modules', 'wrangler', 'bin', 'wrangler.js');

/** @param state folder that workerd gets as its persistent state, too */
export async function migrateD1(state: string): Promise<void> {
  const hash = hashInputs(ROOT, [MIGRATIONS]);
  await unlessUnchanged(join(state, '.migrated'), hash, async () => {
    const args = ['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', state];
    await runToEnd('The local database could not be migrated.', [WRANGLER, ...args], {
      cwd: ROOT,
      env: { CI: '1' }, // never asks
    });
  });
}
