/**
 * Child processes of `npm start`: each ends when this process does, however that happens, none is
 * left behind, and the end of one is reported. Knows nothing of what they run.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { QUIET } from './quiet.ts';

/** How long a child may take to stop by itself before it is killed. */
const STOP_TIMEOUT_MS = 5000;
/** What a child last said, for the message when it fails. */
const TAIL_CHARS = 4000;
/** Supabase Lite prints its keys when it starts; nobody else has to. */
const SECRET = /(sb_secret_)[\w-]+/g;
/** Between a child's end and the arrival of what it printed last. */
const LAST_WORDS_MS = 50;
const EXIT_WITH_PARENT = join(import.meta.dirname, 'exit-with-parent.ts');

export interface Child {
  readonly name: string;
  /** Resolves when the process has ended, with its exit code (null: by a signal). */
  readonly ended: Promise<number | null>;
  /** The last of what it printed. */
  tail(): string;
  stop(): Promise<void>;
}

interface SpawnOptions {
  cwd: string;
  env?: Record<string, string>;
}

function spawnNode(args: string[], options: SpawnOptions): ChildProcess {
  return spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', EXIT_WITH_PARENT, ...args],
    {
      cwd: options.cwd,
      env: { ...process.env, ...QUIET, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // not in the terminal's process group: Ctrl-C is for the parent, which stops all in order
      detached: process.platform !== 'win32',
    },
  );
}

/** Starts a long-running Node program. */
export function startChild(name: string, args: string[], options: SpawnOptions): Child {
  const process_ = spawnNode(args, options);
  let said = '';
  const keep = (chunk: Buffer) => {
    said = (said + chunk.toString()).replace(SECRET, '$1…').slice(-TAIL_CHARS);
  };
  process_.stdout?.on('data', keep);
  process_.stderr?.on('data', keep);
  const ended = new Promise<number | null>((resolve) => {
    process_.once('error', () => resolve(1));
    // not `close`: after disconnect() Node may never emit it; the last words get a moment
    process_.once('exit', (code) => {
      endGroup(process_);
      setTimeout(resolve, LAST_WORDS_MS, code);
    });
  });
  return { name, ended, tail: () => said.trim(), stop: () => stopChild(process_, ended) };
}

/** A child that was killed could not end its own children, such as workerd; its group is theirs. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined || process.platform === 'win32') return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // ESRCH: nobody is left, as it should be
  }
}

async function stopChild(child: ChildProcess, ended: Promise<number | null>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  // the child ends when its channel closes, after closing what it opened
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}

/**
 * Runs a Node program to its end.
 * @throws AppError `internal` with `sentence` and the program's last words
 */
export async function runToEnd(
  sentence: string,
  args: string[],
  options: SpawnOptions,
): Promise<string> {
  const child = startChild(args[0] ?? '', args, options);
  const code = await child.ended;
  if (code === 0) return child.tail();
  throw new AppError('internal', `${sentence}\n${child.tail()}`, {
    hint: 'The lines above are the failing program’s own words.',
  });
}
