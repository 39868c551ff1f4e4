/**
 * Compiles C++ to WebAssembly with the clang of the npm package @yowasp/clang. All sources go into
 * one translation unit: their headers are read once, which is most of the work, and the optimiser
 * sees across files. Results are kept by content hash. Knows no app and no image format.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { Tree } from '@yowasp/clang';
import { AppError } from '../../shared/errors.ts';

export const CACHE_DIR = '.build/cache';
export const ROOT = 'firmware';

/** What is compiled, and how. Paths are relative to `firmware/`. */
export interface CppJob {
  /** Name of the result, for messages. */
  name: string;
  /** `.cc` files, compiled in this order. */
  sources: readonly string[];
  flags: readonly string[];
  /** What only the linker gets; none when left out. */
  linkFlags?: readonly string[];
}

export interface CppResult {
  wasm: Uint8Array<ArrayBuffer>;
  cached: boolean;
  ms: number;
}

/** `.cc` and `.h` files below `firmware/<folder>`, as paths relative to `firmware/`, sorted. */
export function cppFiles(folder: string, accept: (path: string) => boolean): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => /\.(cc|h)$/.test(path) && accept(path))
    .sort();
}

/** The translation unit that includes every source of `job`. */
function unityOf(sources: readonly string[]): string {
  return sources.map((path) => `#include "${path}"\n`).join('');
}

/**
 * `job` as WebAssembly, from the cache when nothing it depends on has changed.
 * @throws AppError `invalid` with the compiler's words
 */
export async function compile(job: CppJob): Promise<CppResult> {
  const started = performance.now();
  const files = filesOf(job);
  const cacheFile = join(CACHE_DIR, `${hashOf(compilerVersion(), job, files)}.wasm`);
  if (existsSync(cacheFile)) {
    return { wasm: new Uint8Array(readFileSync(cacheFile)), cached: true, ms: since(started) };
  }
  const wasm = await runCompiler(job, files);
  mkdirSync(CACHE_DIR, { recursive: true });
  writeFileSync(cacheFile, wasm);
  return { wasm, cached: false, ms: since(started) };
}

/** Every file `job` may read: its sources and the headers of their folders, by relative path. */
function filesOf(job: CppJob): Map<string, string> {
  const folders = new Set(job.sources.map((path) => path.split('/')[0] ?? ''));
  const headers = [...folders].flatMap((dir) => cppFiles(dir, (path) => path.endsWith('.h')));
  const files = new Map<string, string>();
  for (const path of [...headers, ...job.sources]) {
    files.set(path, readFileSync(join(ROOT, path), 'utf8'));
  }
  return files;
}

/** Name under which a result of `job` is kept: it changes with compiler, flags and any file. */
function hashOf(compiler: string, job: CppJob, files: Map<string, string>): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([compiler, job.flags, job.linkFlags, job.sources, [...files]]));
  return hash.digest('hex').slice(0, 40);
}

/**
 * The object comes through the compiler's standard output: into a file of its own it would write a
 * few bytes at a time, and the package copies the whole file each time, which takes minutes.
 */
async function runCompiler(
  job: CppJob,
  files: Map<string, string>,
): Promise<Uint8Array<ArrayBuffer>> {
  const tree: Tree = { 'unity.cc': unityOf(job.sources) };
  for (const [path, text] of files) plant(tree, path.split('/'), text);
  const toObject = [...job.flags, '-I', '.', '-c', '-o', '-', 'unity.cc'];
  const { stdout: object } = await runClang(job.name, toObject, tree);
  const target = job.flags.filter((flag) => flag.startsWith('--target='));
  const toModule = [...target, ...(job.linkFlags ?? []), '-o', 'out.wasm', 'unity.o'];
  const { made } = await runClang(job.name, toModule, { 'unity.o': object });
  const wasm = made['out.wasm'];
  if (wasm instanceof Uint8Array) return new Uint8Array(wasm);
  throw new AppError('invalid', `${job.name}: the linker wrote nothing.`);
}

/** One call of clang++ on the files of `tree`. @throws AppError `invalid` with its words */
async function runClang(
  name: string,
  args: string[],
  tree: Tree,
): Promise<{ made: Tree; stdout: Uint8Array }> {
  // Loaded only now: a cached build must not read a compiler of 100 MB.
  const { commands, Exit, runLLVM } = await import('@yowasp/clang');
  // Without arguments it only loads its parts; the call below would print how far it has come.
  await runLLVM(undefined, {}, { fetchProgress: () => {} });
  const out: Uint8Array[] = [];
  const words: Uint8Array[] = [];
  const kept = (pieces: Uint8Array[]) => (bytes: Uint8Array | null) => {
    if (bytes) pieces.push(bytes.slice());
  };
  try {
    const options = { stdout: kept(out), stderr: kept(words) };
    const made = await commands['clang++'](args, tree, options);
    if (made) return { made, stdout: new Uint8Array(Buffer.concat(out)) };
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
  }
  const said = Buffer.concat(words).toString('utf8').trim();
  throw new AppError('invalid', `${name} does not compile:\n${said}`, {
    hint: 'Correct the source that the compiler names.',
  });
}

function plant(tree: Tree, path: string[], text: string): void {
  const [head = '', ...rest] = path;
  if (rest.length === 0) {
    tree[head] = text;
    return;
  }
  tree[head] ??= {};
  plant(tree[head] as Tree, rest, text);
}

function compilerVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@yowasp/clang');
  const manifest = join(dirname(entry), '..', 'package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

function since(started: number): number {
  return Math.round(performance.now() - started);
}
