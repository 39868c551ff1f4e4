/**
 * What every command-line face shares: `--help`, arguments in, sentences and an exit code out.
 * Every program of `scripts/` and `e2e/` begins here; tidy sees to it.
 */
import { AppError } from '../shared/errors.ts';

/** The words of the call are wrong; the message says how to call. */
export class UsageError extends Error {}

/** Nothing is success; 1 says that what was asked for is not so. */
// biome-ignore lint/suspicious/noConfusingVoidType: a program without an answer just ends
type ExitCode = number | void;

export interface CliOptions {
  /** End the process when `main` has ended, though something of others keeps it alive. */
  leave?: boolean;
}

/**
 * Runs `main` with the arguments. `--help` shows `usage` and ends. Exit code 2 for a wrong call, 1
 * for a failure that has a sentence; a bug keeps its stack.
 */
export function runCli(
  usage: string,
  main: (args: string[]) => ExitCode | Promise<ExitCode>,
  { leave = false }: CliOptions = {},
): void {
  const args = process.argv.slice(2);
  const run = async () => {
    await null; // until the rest of the program's module is there
    return isHelp(args) ? void process.stdout.write(`${usage}\n`) : main(args);
  };
  void run()
    .catch((error: unknown) => failed(error, usage))
    .then((code) => {
      if (code) process.exitCode = code;
      if (leave) process.exit();
    });
}

const isHelp = (args: readonly string[]) => args.includes('--help') || args.includes('-h');

/** Says what went wrong on standard error. @returns the exit code */
function failed(error: unknown, usage: string): number {
  if (error instanceof UsageError) return say(error.message, 2);
  if (isParseError(error)) return say(`${error.message}\n${usage}`, 2);
  if (error instanceof AppError) return say(`${error.message}\n${error.hint}`.trimEnd(), 1);
  if (isFileError(error)) return say(fileWords(error), 1);
  return say(error instanceof Error ? (error.stack ?? error.message) : String(error), 1);
}

function say(sentence: string, exitCode: number): number {
  process.stderr.write(`${sentence}\n`);
  return exitCode;
}

/** @throws AppError `invalid` unless `text` is a number from `min` to `max` */
export function numberOption(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= min && value <= max) return value;
  throw new AppError('invalid', `--${name} "${text}" must be a number from ${min} to ${max}.`);
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

/** Node names the path for some failures only, the system call for all; a port is no file. */
function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return (
    error instanceof Error &&
    'code' in error &&
    'syscall' in error &&
    (String(error.code) in FILE_WORDS || 'path' in error)
  );
}

/** What Node's parseArgs says of an option that it does not know. */
function isParseError(error: unknown): error is Error {
  return error instanceof TypeError && String(Reflect.get(error, 'code')).startsWith('ERR_PARSE_');
}
