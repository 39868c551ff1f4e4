/**
 * The embedded Supabase: Supabase Lite on PGlite, with the migrations and mail templates that a
 * real project gets. Writes its project folder into the data folder, migrates, starts it (lite.ts).
 * Knows no table.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, runToEnd, startChild } from './children.ts';
import { hashInputs, unlessUnchanged } from './inputs.ts';
import type { LiteConfig } from './lite.ts';
import { type KeptMail, mailFolder, watchMails } from './mailbox.ts';
import { ROOT } from './options.ts';
import type { DevSecrets } from './secrets.ts';
import { untilAnswers } from './wait.ts';

const MIGRATIONS = 'worker/supabase/migrations';
const TEMPLATES = join(ROOT, 'worker', 'supabase', 'templates');
const SERVER = join(import.meta.dirname, 'lite.ts');
/** Its command line, started by path so that it runs under the same Node and ends with us. */
const LITE = join(ROOT, 'node_modules', '@supabase', 'lite', 'dist', 'cli', 'index.js');
/** PGlite starts in two seconds; a loaded machine takes its time. */
const READY_TIMEOUT_MS = 60_000;

export interface SupabaseOptions {
  port: number;
  data: string;
  secrets: DevSecrets;
  /** Origin of the page, for links in mails. */
  site: string;
  /** Whether strangers may make accounts. */
  signUp: boolean;
  /** Told of each mail: whoever has the link in it has the account, so it stands on no page. */
  log: (sentence: string) => void;
}

/** Where the Supabase of a data folder listens, or did last; null before its first start. */
export function lastSupabasePort(data: string): number | null {
  const config = join(data, 'supabase', 'supabase', 'config.toml');
  if (!existsSync(config)) return null;
  return Number(/^port = (\d+)$/m.exec(readFileSync(config, 'utf8'))?.[1] ?? Number.NaN) || null;
}

/** Ready to answer when this resolves. */
export async function startSupabase(options: SupabaseOptions): Promise<Child> {
  const project = join(options.data, 'supabase');
  writeProject(project, options);
  const run = { cwd: project, env: environment(options.secrets) };
  const hash = hashInputs(ROOT, [MIGRATIONS]);
  await unlessUnchanged(join(project, '.migrated'), hash, async () => {
    const sentence = 'The embedded Supabase could not be migrated.';
    await runToEnd(sentence, [LITE, 'migration', 'up'], run);
  });
  const { data, port, site, signUp } = options;
  const mails = mailFolder(data);
  const config: LiteConfig = { port, project, templates: TEMPLATES, mails, site, signUp };
  const child = startChild('embedded Supabase', [SERVER, JSON.stringify(config)], run);
  await untilAnswers(`http://127.0.0.1:${options.port}/auth/v1/health`, child, READY_TIMEOUT_MS);
  watchMails(mails, (mail) => options.log(mailWords(mail)));
  return child;
}

function mailWords({ to, subject, text }: KeptMail): string {
  return `\nMail to ${to}: ${subject}\n${text}\n`;
}

function environment(secrets: DevSecrets): Record<string, string> {
  return {
    SUPABASE_JWT_SECRET: secrets.jwtSecret,
    SUPABASE_PUBLISHABLE_KEY: secrets.publishableKey,
    SUPABASE_SECRET_KEY: secrets.serviceKey,
  };
}

/** For the command line: config.toml with secrets by name only, and a copy of the migrations. */
function writeProject(project: string, { port, site, signUp }: SupabaseOptions): void {
  const folder = join(project, 'supabase');
  mkdirSync(folder, { recursive: true });
  rmSync(join(folder, 'migrations'), { recursive: true, force: true });
  cpSync(join(ROOT, MIGRATIONS), join(folder, 'migrations'), { recursive: true });
  const config = `[api]
port = ${port}

[db]
driver = "pglite"
url = ${JSON.stringify(join(project, 'pglite'))}

[auth]
enabled = true
site_url = ${JSON.stringify(site)}
jwt_secret = "env(SUPABASE_JWT_SECRET)"
jwt_expiry = 900
enable_signup = ${signUp}
publishable_key = "env(SUPABASE_PUBLISHABLE_KEY)"
secret_key = "env(SUPABASE_SECRET_KEY)"

[auth.email]
enable_confirmations = false
`;
  writeFileSync(join(folder, 'config.toml'), config);
}
