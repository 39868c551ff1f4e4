/** What every command-line face shares: arguments in, one sentence and an exit code out. */
import { AppError } from '../shared/errors.ts';

/** The words of the call are wrong; the message says how to call. */
export class UsageError extends Error {}

/**
 * Runs `main` with the arguments. Exit code 2 for a wrong call, 1 for a failure that has a
 * sentence; a bug keeps its stack.
 */
export function runCli(main: (args: string[]) => void): void {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    if (error instanceof UsageError) fail(error.message, 2);
    else if (error instanceof AppError) fail(`${error.message} ${error.hint}`, 1);
    else if (isFileError(error)) fail(fileWords(error), 1);
    else throw error;
  }
}

function fail(sentence: string, exitCode: number): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = exitCode;
}

const FILE_WORDS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not',
  ENOSPC: 'the disk is full',
};

function fileWords({ path, code = '' }: NodeJS.ErrnoException): string {
  return `Cannot open ${path ?? 'the file'}: ${FILE_WORDS[code] ?? code}.`;
}

/** Node names the path for some failures only, the system call for all. */
function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
