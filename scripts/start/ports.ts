/** Whether a local port is free, and if not, who holds it. Knows no program that uses one. */

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { hexDigits } from '../../shared/bytes.ts';
import { AppError } from '../../shared/errors.ts';

/** Both addresses a browser tries for `localhost`. */
const HOSTS = ['127.0.0.1', '::1'];
/** This project's page server, as the list of processes shows it. */
const OWN_SERVER = 'node serve.ts';
/** /proc/net/tcp: state column of a listening socket */
const LISTEN = '0A';

/** @throws AppError `conflict` in words: what holds the port and what to do */
export async function requireFreePort(port: number, option: string): Promise<void> {
  for (const host of HOSTS) {
    const code = await listenError(port, host);
    if (code === null || code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') continue;
    if (code === 'EACCES')
      throw new AppError('forbidden', `Port ${port} needs more rights than this user has.`, {
        hint: `Choose a port above 1023 with ${option}.`,
      });
    const holder = portHolder(port);
    const again = holder?.includes(OWN_SERVER) ? 'JamBench seems to run already. ' : '';
    throw new AppError('conflict', `Port ${port} is taken${holder ? ` by ${holder}` : ''}.`, {
      hint: `${again}Stop that program, or choose another port: npm start -- ${option} ${port + 10}`,
    });
  }
}

/** The error code of listening there, or null when it works. */
export function listenError(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

/** A port of 127.0.0.1 that nothing listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** `node (process 123)`, or null where the system does not say. */
function portHolder(port: number): string | null {
  try {
    return process.platform === 'linux' ? holderFromProc(port) : holderFromLsof(port);
  } catch {
    return null;
  }
}

function holderFromProc(port: number): string | null {
  const inode = listeningInode(port);
  if (inode === null) return null;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (holdsSocket(pid, inode)) return nameOf(pid);
  }
  return null;
}

/** `node serve.ts (process 123)`; workerd says nothing of itself, whoever started it does. */
function nameOf(pid: string): string {
  const [program = '', ...rest] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  // of `node --option value script.js` the script says most
  const script = rest.findLast((word) => /\.(ts|[cm]?js|py|rb)$/.test(word)) ?? '';
  const words = [program, script].map((word) => word.split('/').pop()).filter(Boolean);
  if (words[0] === 'workerd') return nameOf(parentOf(pid));
  return `${words.join(' ')} (process ${pid})`;
}

/** Field 4 of proc_pid_stat(5), behind the name, which may hold anything. */
function parentOf(pid: string): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? '1';
}

function listeningInode(port: number): string | null {
  const hex = hexDigits(port, 4).toUpperCase();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readFileSync(table, 'utf8').split('\n')) {
      const columns = line.trim().split(/\s+/);
      if (columns[1]?.endsWith(`:${hex}`) && columns[3] === LISTEN) return columns[9] ?? null;
    }
  }
  return null;
}

function holdsSocket(pid: string, inode: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some(
      (fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`,
    );
  } catch {
    return false; // gone meanwhile, or someone else's process
  }
}

function holderFromLsof(port: number): string | null {
  const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'];
  const said = execFileSync('lsof', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const pid = /^p(\d+)$/m.exec(said)?.[1];
  const name = /^c(.+)$/m.exec(said)?.[1];
  return pid && name ? `${name} (process ${pid})` : null;
}
