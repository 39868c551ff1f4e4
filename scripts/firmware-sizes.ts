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
import { markdownTable } from './figures/figures.ts';
import { writeFigures } from './figures/write.ts';
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

function ramText(rows: readonly Row[]): string {
  const of = (kind: string) => rows.filter((row) => row.kind === kind);
  const sum = of('part').reduce((total, { bytes }) => total + bytes, 0);
  const cells = ({ name, bytes, budget }: Row) => [name, bytes, budget];
  const whole = of('app').map(cells);
  const rest = of('app').map(({ bytes }) => ['rest of JamBoxApp', bytes - sum, '']);
  const parts = [...of('part').map(cells), ...rest, ...whole];
  return [
    markdownTable(['RAM by part', 'bytes', 'budget'], parts),
    'The tables that make up most of it, each with its bound and what happens beyond:',
    markdownTable(['bounded table', 'bytes', 'budget'], of('table').map(cells)),
  ].join('\n\n');
}

async function flashText(): Promise<string> {
  const { wasm } = await compile(appJob('jambox', { names: true }));
  const { functions, data, memory } = wasmSizes(wasm);
  const parts = [...bytesByPart(functions)].sort((a, b) => b[1] - a[1]);
  const code = parts.reduce((total, [, bytes]) => total + bytes, 0);
  const rows = [...parts, ['constants and strings', data], ['all', code + data]] as const;
  return [
    markdownTable(['flash by part, as WebAssembly', 'bytes'], rows),
    'Of the virtual unit’s memory, stack and zeroed data included, WebAssembly takes whole pages:',
    markdownTable(['memory of the virtual unit', 'bytes'], [['stack, data, zeroed data', memory]]),
  ].join('\n\n');
}

const USAGE = `npm run firmware:sizes -- [--write]: memory of the firmware by part
  --write  put the tables into docs/memory.md`;

runCli(USAGE, async (args) => {
  const texts = { ram: ramText(await ramRows()), flash: await flashText() };
  for (const [name, text] of Object.entries(texts)) {
    if (args.includes('--write')) writeFigures(name, text);
    else process.stdout.write(`${text}\n\n`);
  }
});
