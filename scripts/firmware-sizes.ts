/**
 * `npm run firmware:sizes`: the tables of docs/memory.md. RAM by part and by bounded table is what
 * a small program of the same headers prints, code by part what the module for the virtual board
 * holds. A minute when the compiler has to run, a second when its results are cached.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../shared/errors.ts';
import { runCli } from './cli.ts';
import { appJob } from './firmware/app-job.ts';
import { CACHE_DIR, compile } from './firmware/cpp.ts';
import { bytesByPart } from './firmware/cpp-parts.ts';
import { wasmSizes } from './firmware/wasm-sizes.ts';

interface Row {
  kind: string;
  name: string;
  bytes: number;
  budget: number;
}

/** What firmware/bench/sizes.cc prints, compiled for 32-bit pointers as the chip has them. */
async function ramRows(): Promise<Row[]> {
  const { wasm } = await compile({
    name: 'sizes',
    // The headers make the compiler see their folders; nothing of the program itself is linked.
    sources: ['core/base/units.h', 'apps/version.h', 'bench/sizes.cc'],
    flags: ['--target=wasm32-wasip1', '-std=c++20', '-Os', '-fno-exceptions', '-fno-rtti'],
  });
  mkdirSync(CACHE_DIR, { recursive: true });
  const file = join(CACHE_DIR, 'sizes.wasm');
  writeFileSync(file, wasm);
  const runner = join(import.meta.dirname, 'firmware/run-wasi.ts');
  const run = spawnSync(process.execPath, ['--no-warnings', runner, file], { encoding: 'utf8' });
  if (run.status !== 0) throw new AppError('invalid', `The sizes program failed: ${run.stderr}`);
  return run.stdout.trim().split('\n').map(rowOf);
}

function rowOf(line: string): Row {
  const [kind = '', name = '', bytes, budget] = line.split('\t');
  return { kind, name, bytes: Number(bytes), budget: Number(budget) };
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const shown = (cell: string | number) =>
    typeof cell === 'number' ? cell.toLocaleString('en-GB') : cell;
  const line = (cells: readonly (string | number)[]) => `| ${cells.map(shown).join(' | ')} |\n`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  process.stdout.write(`${line(head)}${line(rule)}${rows.map(line).join('')}\n`);
}

function printRam(rows: readonly Row[]): void {
  const of = (kind: string) => rows.filter((row) => row.kind === kind);
  const sum = of('part').reduce((total, { bytes }) => total + bytes, 0);
  const cells = ({ name, bytes, budget }: Row) => [name, bytes, budget];
  const whole = of('app').map(cells);
  const rest = of('app').map(({ bytes }) => ['rest of JamBoxApp', bytes - sum, '']);
  table(['RAM by part', 'bytes', 'budget'], [...of('part').map(cells), ...rest, ...whole]);
  table(['bounded table', 'bytes', 'budget'], of('table').map(cells));
}

async function printCode(): Promise<void> {
  const { wasm } = await compile(appJob('jambox', { names: true }));
  const { functions, data, memory } = wasmSizes(wasm);
  const parts = [...bytesByPart(functions)].sort((a, b) => b[1] - a[1]);
  const code = parts.reduce((total, [, bytes]) => total + bytes, 0);
  const rows = [...parts, ['constants and strings', data], ['all', code + data]] as const;
  table(['flash by part, as WebAssembly', 'bytes'], rows);
  table(['memory of the virtual unit', 'bytes'], [['stack, data, zeroed data', memory]]);
}

runCli('npm run firmware:sizes: memory of the firmware by part', async () => {
  printRam(await ramRows());
  await printCode();
});
