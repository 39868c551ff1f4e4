/**
 * What `npm start` and `npm test` run first, on whatever Node the system has: installs the packages
 * when they are missing or stale (but for `--no-install`), then hands over to scripts/<verb>.ts
 * under the Node 24 that came with them. Plain JavaScript for Node 20, without dependencies; knows
 * nothing of what it starts.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR_MIN = 20;
const VERBS = ['start', 'test'];
const NO_INSTALL = '--no-install';
/** What npm last said, kept for the case that it fails. */
const TAIL_CHARS = 20_000;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stamp = join(modules, '.jambench-stamp');
const windows = process.platform === 'win32';
const ownNode = join(modules, 'node', 'bin', windows ? 'node.exe' : 'node');

/** Words for npm's failures: what to look for in its output, and what to say. */
const FAILURES = [
  [/ENOSPC/, 'The disk is full. Free about 1 GB, then run the command again.'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/i,
    'The package registry cannot be reached. The first start needs the network once: check the connection (and npm’s proxy settings), then run the command again.',
  ],
  [
    /EACCES|EPERM|EROFS/,
    'npm may not write to this folder. Check who owns it, then run the command again.',
  ],
  [
    /E401|E403/,
    'The package registry refused the request. Check npm’s registry and login settings.',
  ],
  [/EINTEGRITY/, 'A package arrived damaged. Run `npm cache verify`, then run the command again.'],
];

function fail(sentence) {
  console.error(`\n${sentence}`);
  process.exit(1);
}

function lockHash() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return createHash('sha256')
    .update(lock)
    .update(process.platform + process.arch)
    .digest('hex');
}

/** Whether the packages are those of the lock: by our stamp or, where npm ran by itself, by its. */
function installed(hash) {
  if (!existsSync(ownNode)) return false;
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') === hash : npmInstalled();
}

/** What npm says it put there, held against the lock; packages of other platforms may lack. */
function npmInstalled() {
  const own = join(modules, '.package-lock.json');
  if (!existsSync(own)) return false;
  const { packages: here } = JSON.parse(readFileSync(own, 'utf8'));
  const { packages: asked } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(asked).every(([path, { version, optional }]) =>
    here[path] ? here[path].version === version : path === '' || optional === true,
  );
}

/** npm as this process was started by it; otherwise the one in the PATH. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script && /npm-cli\.c?js$/.test(script)) return [process.execPath, [script]];
  return [windows ? 'npm.cmd' : 'npm', []];
}

function npm(verb) {
  const [command, before] = npmCommand();
  const args = [...before, ...verb, '--no-audit', '--no-fund', '--loglevel=error'];
  return new Promise((resolve) => {
    // npm looks at this variable and warns about a setting it no longer knows
    const { npm_config_nodedir: _, ...env } = process.env;
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const keep = (chunk) => {
      said = (said + chunk).slice(-TAIL_CHARS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: error.code ?? 1, said }));
    child.on('close', (code) => resolve({ code, said }));
  });
}

/** @param mayInstall false: what is there is used, and where it will not do that is said */
async function ensureInstalled(mayInstall) {
  const hash = lockHash();
  if (installed(hash)) return;
  if (!mayInstall) {
    if (!existsSync(ownNode)) fail('The packages are not installed. Run `npm ci` once.');
    console.log('The packages are not those of package-lock.json; `npm ci` installs them.');
    return;
  }
  const begin = Date.now();
  console.log('Installing packages (once, about a minute) …');
  const { code, said } = await npm(['ci']);
  if (code === 'ENOENT') fail('npm was not found. Install Node.js with npm, then try again.');
  if (code !== 0) {
    const known = FAILURES.find(([pattern]) => pattern.test(said));
    if (!known) console.error(said);
    fail(known ? known[1] : 'Installing the packages failed; npm’s own words are above.');
  }
  if (!existsSync(ownNode))
    fail(
      'The packages hold no Node for this kind of machine. Allow npm’s install scripts, then try again.',
    );
  writeFileSync(stamp, hash);
  console.log(`Packages installed in ${((Date.now() - begin) / 1000).toFixed(0)} s.`);
}

/** Replaces this process as far as Node can: same terminal, signals and exit code passed on. */
function handOver(verb, args) {
  const bin = join(modules, '.bin');
  const path = `${bin}${windows ? ';' : ':'}${process.env.PATH ?? ''}`;
  const script = join(root, 'scripts', `${verb}.ts`);
  const child = spawn(ownNode, ['--disable-warning=ExperimentalWarning', script, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  });
  // Ctrl-C reaches the child through the terminal; other signals do not
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`Node could not be started: ${error.message}`));
  child.on('close', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

const [verb, ...args] = process.argv.slice(2);
if (!VERBS.includes(verb)) fail(`Usage: node scripts/bootstrap.mjs ${VERBS.join('|')} [options]`);
const major = Number(process.versions.node.split('.')[0]);
if (major < NODE_MAJOR_MIN)
  fail(
    `This is Node ${process.versions.node}; JamBench needs Node ${NODE_MAJOR_MIN} or newer. Get it from nodejs.org, then try again.`,
  );
await ensureInstalled(!args.includes(NO_INSTALL));
handOver(verb, args);
