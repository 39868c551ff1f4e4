/** The files of an earlier revision, without touching the working tree. */
import { execFileSync } from 'node:child_process';
import { AppError } from '../../shared/errors.ts';
import { ROOT } from '../start/options.ts';
import type { Source } from '../tidy/source.ts';

const MAX_BYTES = 256 * 1024 * 1024;

/**
 * @param revision as git takes it
 * @param wanted which paths to read
 * @throws AppError `not_found` for a revision that is not there
 */
export function filesOf(revision: string, wanted: (path: string) => boolean): Source[] {
  const git = (args: string[], input?: string) =>
    execFileSync('git', args, { cwd: ROOT, maxBuffer: MAX_BYTES, input, stdio: 'pipe' });
  let paths: string[];
  try {
    paths = git(['ls-tree', '-r', '-z', '--name-only', revision]).toString().split('\0');
  } catch (cause) {
    throw new AppError('not_found', `git knows no revision “${revision}”.`, { cause, hint: '' });
  }
  const read = paths.filter((path) => path !== '' && wanted(path));
  const answer = git(['cat-file', '--batch'], read.map((path) => `${revision}:${path}\n`).join(''));
  let at = 0;
  return read.map((path) => {
    // <object> blob <bytes>, a line feed, the bytes, a line feed
    const end = answer.indexOf('\n', at);
    const bytes = Number(answer.toString('latin1', at, end).split(' ')[2]);
    at = end + 1 + bytes + 1;
    return { path, text: answer.toString('utf8', end + 1, end + 1 + bytes) };
  });
}
