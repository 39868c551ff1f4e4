/**
 * `npm run deploy:check`: looks at wrangler.toml and at the secrets before anything is deployed:
 * those that are set, or those of `--secrets-file` for a first deployment. Who cannot be asked is a
 * failure; `--offline` asks nobody. `--live` then looks at a deployment from outside, as a unit and
 * as a browser. Ends with 1 when something must be corrected. The rules are in deploy/rules.ts.
 */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { unstable_readConfig } from 'wrangler';
import { isoDay } from '../shared/time.ts';
import { runCli } from './cli.ts';
import { error, type Finding } from './deploy/finding.ts';
import { lookLive } from './deploy/live.ts';
import { checkDeploy, type DeployConfig, liveTarget } from './deploy/rules.ts';
import { parseSecretsFile, type Secrets } from './deploy/secrets.ts';

const ROOT = join(import.meta.dirname, '..');
const ASK_TIMEOUT_MS = 20_000;

const OPTIONS = {
  config: { type: 'string', default: join(ROOT, 'wrangler.toml') },
  offline: { type: 'boolean', default: false },
  'secrets-file': { type: 'string' },
  live: { type: 'boolean', default: false },
} as const;
const USAGE = `npm run deploy:check -- [options]
  --config FILE        of another deployment (wrangler.toml)
  --secrets-file FILE  the secrets that a first deployment brings
  --offline            ask nobody
  --live               look at what is deployed, as a unit and a browser do`;

runCli(USAGE, main);

/** Names only; wrangler never shows a value. Null when nobody is signed in, or nothing deployed. */
function secretsThere(config: string): Map<string, null> | null {
  const wrangler = join(ROOT, 'node_modules', 'wrangler', 'bin', 'wrangler.js');
  const args = [wrangler, 'secret', 'list', '--format', 'json', '--config', config];
  try {
    const env = { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false' };
    const said = execFileSync(process.execPath, args, {
      encoding: 'utf8',
      env,
      timeout: ASK_TIMEOUT_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return new Map((JSON.parse(said) as { name: string }[]).map(({ name }) => [name, null]));
  } catch {
    return null;
  }
}

async function live(config: DeployConfig): Promise<Finding[]> {
  const target = liveTarget(config);
  return target ? lookLive(target) : [error('There is nothing to look at yet.')];
}

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: OPTIONS });
  const config = unstable_readConfig({ config: values.config }) as DeployConfig;
  const file = values['secrets-file'];
  const there = () => (values.offline ? null : secretsThere(values.config));
  const secrets: Secrets | null = file ? parseSecretsFile(readFileSync(file, 'utf8')) : there();
  const findings = checkDeploy(config, secrets, isoDay(Date.now()), values.offline);
  if (values.live) findings.push(...(await live(config)));
  for (const { level, message } of findings) console.log(`${level}: ${message}`);
  const errors = findings.filter(({ level }) => level === 'error').length;
  console.log(errors === 0 ? 'Ready to deploy.' : `${errors} to correct; docs/deploy.md says how.`);
  return errors === 0 ? 0 : 1;
}
