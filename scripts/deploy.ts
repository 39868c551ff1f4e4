/**
 * `npm run deploy`: all that a deployment is, in its order, ending with the first step that fails:
 * check, build, migrations, upload. `--secrets-file FILE` brings the secrets of a first one;
 * `--dry-run` does what needs no account. Each step speaks for itself; knows no rule.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = join(import.meta.dirname, '..');
const WRANGLER = join('node_modules', 'wrangler', 'bin', 'wrangler.js');
/** What the build leaves for wrangler. */
const BUILT = join('dist', 'jambench', 'wrangler.json');

const { values } = parseArgs({
  options: { 'secrets-file': { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
});
const dry = values['dry-run'];
const file = values['secrets-file'];
const secrets = file ? ['--secrets-file', file] : [];

interface Step {
  title: string;
  args: string[];
  needsAccount?: boolean;
}

const STEPS: readonly Step[] = [
  {
    title: 'Is everything set?',
    args: ['scripts/deploy-check.ts', ...secrets, ...(dry && !file ? ['--offline'] : [])],
  },
  { title: 'Firmware of virtual units', args: ['scripts/build-firmware.ts'] },
  { title: 'Page and Worker', args: ['scripts/build.ts'] },
  {
    title: 'Database',
    args: [WRANGLER, 'd1', 'migrations', 'apply', 'DB', '--remote'],
    needsAccount: true,
  },
  {
    title: 'Upload',
    args: [WRANGLER, 'deploy', '--config', BUILT, ...secrets, ...(dry ? ['--dry-run'] : [])],
  },
];

function run({ title, args, needsAccount }: Step): boolean {
  const command = args.map((arg) => (arg === WRANGLER ? 'wrangler' : arg)).join(' ');
  console.log(`\n── ${title}: ${command}`);
  if (dry && needsAccount) {
    console.log('Left out: it needs the account.');
    return true;
  }
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false' };
  return spawnSync(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit' }).status === 0;
}

const failed = STEPS.find((step) => !run(step));
if (failed) console.log(`\nNothing after “${failed.title}” was done.`);
else if (!dry) console.log('\nNow: npm run deploy:check -- --live');
process.exitCode = failed ? 1 : 0;
