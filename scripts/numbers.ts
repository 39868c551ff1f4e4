/**
 * `npm run numbers`: how large the code is and its pieces, how much of it is test and comment, and
 * what stands in it twice. `-- --since REVISION` puts that of an earlier revision beside.
 */
import { parseArgs } from 'node:util';
import { runCli } from './cli.ts';
import { markdownTable } from './figures/figures.ts';
import { type Clone, clonesIn } from './numbers/clones.ts';
import { type Counted, count, isCounted, isTestCode, type Spread } from './numbers/count.ts';
import { filesOf } from './numbers/revision.ts';
import { projectFiles } from './tidy/files.ts';
import { isCode, type Source } from './tidy/source.ts';

const USAGE = `npm run numbers -- [options]
  --since REVISION  beside those of an earlier revision
  --clones          every run of lines that stands twice, with its places`;
const OPTIONS = {
  since: { type: 'string' },
  clones: { type: 'boolean', default: false },
} as const;

interface Numbers extends Counted {
  clones: Clone[];
}

runCli(USAGE, (args) => {
  const { values } = parseArgs({ args, options: OPTIONS });
  const now = numbersOf(projectFiles());
  const columns = values.since ? [numbersOf(filesOf(values.since, isCode)), now] : [now];
  const head = values.since ? ['', values.since, 'now'] : ['', 'now'];
  console.log(markdownTable(head, rowsOf(columns)));
  if (!values.clones) return;
  for (const { lines, places } of now.clones) {
    console.log(`\n${lines} lines`);
    for (const { path, line } of places) console.log(`  ${path}:${line}`);
  }
});

function numbersOf(files: readonly Source[]): Numbers {
  const source = files.filter((file) => isCounted(file) && !isTestCode(file.path));
  return { ...count(files), clones: clonesIn(source) };
}

function rowsOf(all: readonly Numbers[]): string[][] {
  const row = (name: string, cell: (numbers: Numbers) => string) => [name, ...all.map(cell)];
  const spread = ([median, p90, max]: Spread) => `${median} / ${p90} / ${max}`;
  const parts = [...(all[0]?.parts.keys() ?? [])].map((name) =>
    row(`${name}: files, source, test, comments`, ({ parts }) => partText(parts.get(name))),
  );
  const copied = ({ clones }: Numbers) =>
    clones.reduce((sum, { lines, places }) => sum + lines * (places.length - 1), 0);
  return [
    ...parts,
    row('lines of a file: median, p90, max', ({ files }) => spread(files)),
    row('lines of a function', ({ functions }) => spread(functions)),
    row('imports of a file', ({ imports }) => spread(imports)),
    row('runs of 6 lines or more that stand twice', ({ clones }) => String(clones.length)),
    row('lines that need not be there for it', (numbers) => String(copied(numbers))),
  ];
}

/** Test as a multiple of source, comments as a share of it. */
function partText(
  part: { files: number; source: number; test: number; comments: number } | undefined,
) {
  if (!part) return '';
  const { files, source, test, comments } = part;
  if (source === 0) return `${files}, –, ${test}, –`;
  const share = Math.round((100 * comments) / source);
  return `${files}, ${source}, ${test} (${(test / source).toFixed(2)}), ${share} %`;
}
