/** Runs a program to its end and keeps all it printed. Knows nothing of tests. */
import { spawn } from 'node:child_process';
import { ROOT } from '../start/options.ts';
import { QUIET } from '../start/quiet.ts';
import { scratchFolder } from './scratch.ts';

/** A stage that hangs is ended: longer than the whole of `npm test` may take. */
const TIMEOUT_MS = 25 * 60_000;

let folder: string | undefined;
/** One for all stages. */
function scratch(): string {
  folder ??= scratchFolder();
  return folder;
}

export interface Finished {
  code: number;
  output: string;
}

export function run(
  command: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...QUIET, TMPDIR: scratch(), NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
    const end = (code: number) => {
      clearTimeout(timer);
      resolve({ code, output });
    };
    child.on('error', (error) => {
      output += error.message;
      end(1);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}
