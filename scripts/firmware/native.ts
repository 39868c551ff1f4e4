/**
 * Compiles programs for this machine with an installed compiler, g++ unless told otherwise. Results
 * are kept by content hash, as those of the clang for WebAssembly. Knows no test.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { CACHE_DIR, type CppJob, filesOf, hashOf, ROOT, unityOf } from './cpp.ts';

/** Version line of the installed compiler `command`, or null when there is none. */
export function versionOf(command: string): string | null {
  const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
  return status === 0 ? (stdout.split('\n')[0] ?? '') : null;
}

/**
 * Path of the program made from `job` by `command`, whose version line is `compiler`.
 * @throws AppError `invalid` with the compiler's words
 */
export function compileNative(job: CppJob, compiler: string, command = 'g++'): string {
  const name = hashOf(compiler, job, filesOf(job));
  const program = resolve(CACHE_DIR, `${name}.out`);
  if (existsSync(program)) return program;
  mkdirSync(CACHE_DIR, { recursive: true });
  const unity = resolve(join(CACHE_DIR, `${name}.cc`));
  writeFileSync(unity, unityOf(job.sources));
  const args = [...job.flags, '-I', '.', '-o', program, unity];
  const { status, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8' });
  if (status === 0) return program;
  throw new AppError('invalid', `${job.name} does not compile:\n${stderr}`, {
    hint: 'Correct the source that the compiler names.',
  });
}
