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
    else if (isFileError(error)) fail(`Cannot open ${error.path}: ${error.code}.`, 1);
    else throw error;
  }
}

function fail(sentence: string, exitCode: number): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = exitCode;
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'path' in error;
}
