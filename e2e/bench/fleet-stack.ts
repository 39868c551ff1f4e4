/** The stack of `npm start` with ten thousand sensors in its database. Knows no page. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../scripts/start/options.ts';
import { freePort } from '../../scripts/start/ports.ts';
import { loadSecrets } from '../../scripts/start/secrets.ts';
import { launch } from '../testing/stack.ts';
import { fleetSql } from './fleet-seed.ts';

export interface Fleet {
  url: string;
  /** Of the demo's administrator. */
  password: string;
  stop(): Promise<void>;
}

const WRANGLER = join(ROOT, 'node_modules', 'wrangler', 'bin', 'wrangler.js');

/** Starts it twice: for accounts and tables; then the fleet is put in, with nobody else there. */
export async function startFleet(): Promise<Fleet> {
  const data = mkdtempSync(join(tmpdir(), 'jambench-fleet-'));
  const on = { data, port: await freePort(), supabasePort: await freePort() };
  const end = async (program: ReturnType<typeof launch>) => {
    program.process.kill('SIGTERM');
    await program.ended;
  };
  const first = launch(on);
  await first.ready;
  await end(first);
  seed(data);
  const program = launch(on);
  await program.ready;
  return {
    url: `http://localhost:${on.port}`,
    password: loadSecrets(data).passwords.admin,
    async stop() {
      await end(program);
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function seed(data: string): void {
  const file = join(data, 'fleet.sql');
  writeFileSync(file, fleetSql(Math.floor(Date.now() / 1000)));
  const where = ['--local', '--persist-to', join(data, 'state'), '--file', file];
  const env = { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false' };
  const args = [WRANGLER, 'd1', 'execute', 'DB', ...where];
  execFileSync(process.execPath, args, { cwd: ROOT, env, stdio: 'pipe' });
}
