/**
 * Debian's PostgreSQL as a server for one test: a cluster of its own in a temporary folder, reached
 * through a socket there (no port, no password), gone without a trace afterwards. Knows no table.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const VERSIONS = '/usr/lib/postgresql';
const READY_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

export interface Postgres {
  /**
   * Runs statements as the superuser, all in one session; at most one of them gives rows. They
   * come back as text, a NULL as an empty one. @throws Error with the server's words and SQLSTATE
   */
  sql(text: string, database?: string): string[][];
  /** The client and its arguments, for who runs sessions of his own beside one another. */
  psql: string;
  session: readonly string[];
  stop(): Promise<void>;
}

/** The programs of the newest version that is installed; null without one. */
export function postgresPrograms(): string | null {
  if (!existsSync(VERSIONS)) return null;
  const versions = readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a));
  const folders = versions.map((version) => join(VERSIONS, version, 'bin'));
  return folders.find((folder) => existsSync(join(folder, 'initdb'))) ?? null;
}

/** Answers when this resolves. @throws Error with the server's words when it does not start */
export async function startPostgres(programs: string): Promise<Postgres> {
  // As root PostgreSQL refuses to run; its package has made a user for it.
  const owner = process.getuid?.() === 0 ? idsOf('postgres') : null;
  // Short: a socket's path has 107 bytes at most.
  const folder = mkdtempSync(join(tmpdir(), 'jambench-pg-'));
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const options = { ...owner, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } };
  const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
  try {
    execFileSync(join(programs, 'initdb'), init, { ...options, stdio: 'pipe' });
    const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, 'fsync=off'];
    const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
    const stdio = ['ignore', 'ignore', 'pipe'] as const;
    const server = spawn(join(programs, 'postgres'), args, { ...options, stdio: [...stdio] });
    // A test that is ended in the middle leaves no server behind: SIGQUIT needs no waiting.
    process.once('exit', () => server.kill('SIGQUIT'));
    const stop = async () => {
      await stopServer(server);
      rmSync(folder, { recursive: true, force: true });
    };
    await untilReady(join(programs, 'pg_isready'), folder, server);
    const psql = join(programs, 'psql');
    const session = ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', folder, '-U', 'postgres'];
    return { sql: (text, database) => ask(psql, folder, text, database), psql, session, stop };
  } catch (failure) {
    rmSync(folder, { recursive: true, force: true });
    throw failure;
  }
}

function idsOf(user: string): { uid: number; gid: number } {
  const id = (which: string) => Number(execFileSync('id', [which, user], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function untilReady(isReady: string, socket: string, server: ChildProcess): Promise<void> {
  let said = '';
  server.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000);
  });
  for (const end = Date.now() + READY_TIMEOUT_MS; Date.now() < end; await sleep(POLL_MS)) {
    if (server.exitCode !== null) break;
    if (spawnSync(isReady, ['-q', '-h', socket, '-U', 'postgres']).status === 0) return;
  }
  server.kill('SIGKILL');
  throw new Error(`PostgreSQL did not start:\n${said}`);
}

/** SIGINT is its "fast" shutdown: sessions are ended, then the files are closed in order. */
async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGINT');
  await ended;
}

const FIELD = '\x1f';
const ROW = '\x1e';

function ask(psql: string, socket: string, text: string, database = 'postgres'): string[][] {
  const verbose = ['-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=verbose'];
  const form = ['-X', '-q', '-A', '-t', '-F', FIELD, '-R', ROW];
  const args = ['-h', socket, '-U', 'postgres', '-d', database, ...verbose, ...form];
  const { status, stdout, stderr } = spawnSync(psql, args, { input: text, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr.trim());
  const rows = stdout.replace(/\n$/, '').split(ROW);
  return rows.filter((row) => row !== '').map((row) => row.split(FIELD));
}
