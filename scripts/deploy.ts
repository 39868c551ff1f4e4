/**
 * `npm run deploy`: all that a deployment is, in its order, ending with the first step that fails:
 * check, build, migrations, upload. `--secrets-file FILE` brings the secrets of a first one,
 * `--config FILE` is another deployment (staging), `--upload-only` leaves the traffic where it is,
 * `--dry-run` does what needs no account. Each step speaks for itself; knows no rule.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runCli } from './cli.ts';

const ROOT = join(import.meta.dirname, '..');
const WRANGLER = join('node_modules', 'wrangler', 'bin', 'wrangler.js');
/** Where the build says which configuration it has made: each deployment's lies elsewhere. */
const POINTER = join('web', '.wrangler', 'deploy', 'config.json');

const OPTIONS = {
  config: { type: 'string', default: 'wrangler.toml' },
  'secrets-file': { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  'upload-only': { type: 'boolean', default: false },
} as const;
const USAGE = `npm run deploy -- [options]
  --config FILE        another deployment (wrangler.toml)
  --secrets-file FILE  the secrets of a first deployment
  --upload-only        leave the traffic where it is
  --dry-run            only what needs no account`;

runCli(USAGE, main);

function main(args: string[]): number {
  const { values } = parseArgs({ args, options: OPTIONS });
  const { config, 'dry-run': dry } = values;
  const failed = stepsOf(values).find((step) => !run(step, config, dry));
  if (failed) console.log(`\nNothing after “${failed.title}” was done.`);
  else if (!dry) console.log('\nNow: npm run deploy:check -- --live');
  return failed ? 1 : 0;
}

interface Step {
  title: string;
  args: string[] | (() => string[]);
  needsAccount?: boolean;
}

interface Wanted {
  config: string;
  'secrets-file'?: string | undefined;
  'dry-run': boolean;
  'upload-only': boolean;
}

function stepsOf({ config, 'secrets-file': file, 'dry-run': dry, ...how }: Wanted): Step[] {
  const secrets = file ? ['--secrets-file', file] : [];
  /** A version that gets its share of the requests later, by `wrangler versions deploy`. */
  const upload = how['upload-only'] ? ['versions', 'upload'] : ['deploy'];
  return [
    {
      title: 'Is everything set?',
      args: [
        ...['scripts/deploy-check.ts', '--config', config],
        ...[...secrets, ...(dry && !file ? ['--offline'] : [])],
      ],
    },
    { title: 'Firmware of virtual units', args: ['scripts/firmware-build.ts'] },
    { title: 'Page and Worker', args: ['scripts/build.ts'] },
    {
      title: 'Database',
      args: [WRANGLER, 'd1', 'migrations', 'apply', 'DB', '--remote', '--config', config],
      needsAccount: true,
    },
    {
      title: 'Upload',
      // known when the step before has built it
      args: () => [
        WRANGLER,
        ...upload,
        '--config',
        built(),
        ...secrets,
        ...(dry ? ['--dry-run'] : []),
      ],
    },
  ];
}

function built(): string {
  const file = join(ROOT, POINTER);
  const { configPath } = JSON.parse(readFileSync(file, 'utf8')) as { configPath: string };
  return relative(ROOT, resolve(dirname(file), configPath));
}

function run({ title, args: given, needsAccount }: Step, config: string, dry: boolean): boolean {
  const args = typeof given === 'function' ? given() : given;
  const command = args.map((arg) => (arg === WRANGLER ? 'wrangler' : arg)).join(' ');
  console.log(`\n── ${title}: ${command}`);
  if (dry && needsAccount) {
    console.log('Left out: it needs the account.');
    return true;
  }
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', JAMBENCH_WRANGLER: config };
  return spawnSync(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit' }).status === 0;
}
