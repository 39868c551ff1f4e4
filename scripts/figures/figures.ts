/**
 * Figures in documents are written by the command that measures them, between two marks:
 *
 *   <!-- figures NAME: npm run …, of 0123456789ab -->
 *   …
 *   <!-- /figures -->
 *
 * The twelve digits are a digest of what was measured. Where it has changed since, the figures are
 * stale, and tidy says which command to run. Knows no command.
 */
import { createHash } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';

interface Source {
  path: string;
  text: string;
}

export interface Figures {
  name: string;
  /** Where they stand. */
  document: string;
  /** What measures and writes them. */
  command: string;
  /** What they depend on, closely enough that a change of it alone makes them doubtful. */
  inputs: RegExp;
}

/**
 * A measurement that takes everything in, as a month's soak does, is one of a version: nobody would
 * make it again after each change.
 */
const VERSION = 'firmware\\/apps\\/version\\.h';

export const FIGURES: readonly Figures[] = [
  {
    name: 'ram',
    document: 'docs/memory.md',
    command: 'npm run firmware:sizes -- --write',
    inputs: /^firmware\/(core\/.*\.h|apps\/jambox\/.*\.h|bench\/sizes\.cc)$/,
  },
  {
    name: 'flash',
    document: 'docs/memory.md',
    command: 'npm run firmware:sizes -- --write',
    inputs: new RegExp(`^${VERSION}$`),
  },
  {
    name: 'coverage',
    document: 'docs/coverage.md',
    command: 'npm run coverage:firmware -- --write',
    inputs: new RegExp(`^${VERSION}$`),
  },
  {
    name: 'soak',
    document: 'docs/soak.md',
    command: 'npm run soak -- --write',
    inputs: new RegExp(`^(${VERSION}|e2e\\/soak\\/[^/]*(?<!\\.test)\\.ts)$`),
  },
  {
    name: 'costs',
    document: 'docs/deploy.md',
    command: 'npm run costs -- --write',
    inputs: new RegExp(`^(${VERSION}|e2e\\/costs\\/[^/]*(?<!\\.test)\\.ts)$`),
  },
  {
    name: 'scale',
    document: 'docs/deploy.md',
    command: 'npm run sim:scale -- --write',
    inputs: new RegExp(`^(${VERSION}|e2e\\/(scale\\/[^/]*(?<!\\.test)|costs\\/prices)\\.ts)$`),
  },
  {
    name: 'visits',
    document: 'docs/visits.md',
    command: 'npm run bench:visits -- --write',
    inputs: /^(firmware\/(core\/visits|virtual\/street)\/|scripts\/visits-bench\/)(?!.*\.test\.ts)/,
  },
];

/** Of what the figures depend on; comments and spaces change no figure. */
export function digestOf({ inputs }: Figures, files: readonly Source[]): string {
  const hash = createHash('sha256');
  const sources = files.filter(({ path }) => inputs.test(path));
  for (const { path, text } of sources.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
    hash.update(`${path}\n${code.replace(/\s+/g, '')}\n`);
  }
  return hash.digest('hex').slice(0, 12);
}

const MARKED = (name: string) =>
  new RegExp(`<!-- figures ${name}:[^>]*? of (\\w*) -->\\n([\\s\\S]*?)<!-- /figures -->`);

/** The digest that stands beside the figures; null without marks. */
export function writtenDigest({ name }: Figures, document: string): string | null {
  return MARKED(name).exec(document)?.[1] ?? null;
}

/**
 * `document` with the figures replaced.
 * @throws AppError `not_found` where the document has no marks for them
 */
export function withFigures(
  { name, command, document: path }: Figures,
  { document, text, digest }: { document: string; text: string; digest: string },
): string {
  if (!MARKED(name).test(document)) {
    throw new AppError('not_found', `${path} has no place for the figures “${name}”.`, {
      hint: `Put <!-- figures ${name}: …, of 0 --> and <!-- /figures --> where they belong.`,
    });
  }
  const block = `<!-- figures ${name}: ${command}, of ${digest} -->\n\n${text.trim()}\n\n`;
  return document.replace(MARKED(name), () => `${block}<!-- /figures -->`);
}

/** A Markdown table as this project's documents have them: columns of one width. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const isNumber = (column: number) => rows.some((row) => typeof row[column] === 'number');
  const shown = (cell: string | number) =>
    typeof cell === 'number' ? cell.toLocaleString('en-GB') : cell;
  const cells = [head, ...rows].map((row) => row.map(shown));
  const widths = head.map((_, column) =>
    Math.max(3, ...cells.map((row) => [...(row[column] ?? '')].length)),
  );
  const line = (row: readonly string[]) =>
    `| ${row
      .map((cell, column) =>
        isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join(' | ')} |`;
  const rule = widths.map((width, column) =>
    isNumber(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  const [first = [], ...rest] = cells;
  return [line(first), line(rule), ...rest.map(line)].join('\n');
}
