/**
 * The code map of ARCHITECTURE.md speaks of what is there: every row names a folder or file, and
 * every folder of the import table (imports.ts) has a row.
 */
import { FOLDERS } from './imports.ts';
import type { Finding, Rule } from './source.ts';

const MAP = 'ARCHITECTURE.md';
const ROW = /^\| (`[^|]+?) +\|/gm;

export const codeMap: Rule = {
  name: 'code-map',
  check(files) {
    const text = files.find(({ path }) => path === MAP)?.text ?? '';
    const section = text.slice(text.indexOf('## Code map'), text.indexOf('## How a unit'));
    const rows = [...section.matchAll(ROW)].flatMap(([, cell = '']) => foldersIn(cell));
    const missing = FOLDERS.filter((folder) => !rows.some((row) => covers(row, folder)));
    const strange = rows.filter((row) => !files.some(({ path }) => covers(row, path)));
    const finding = (message: string): Finding => ({
      path: MAP,
      line: 0,
      rule: 'code-map',
      message,
    });
    return [
      ...missing.map((folder) => finding(`the code map does not have ${folder}`)),
      ...strange.map((row) => finding(`${row} is neither a folder nor a file`)),
    ];
  },
};

/** `` `worker/http/` `d1/` `` → worker/http, worker/d1: later names lie beside the first. */
function foldersIn(cell: string): string[] {
  const names = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.replace(/\/$/, ''));
  const parent = names[0]?.includes('/') ? names[0].slice(0, names[0].lastIndexOf('/') + 1) : '';
  return names.map((name) => (name.includes('/') || !parent ? name : parent + name));
}

const covers = (row: string, folder: string) => folder === row || folder.startsWith(`${row}/`);
