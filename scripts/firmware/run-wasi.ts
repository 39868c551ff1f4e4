/**
 * Runs the WASI program `argv[2]` in a process of its own; its exit code is ours. It may read the
 * reference vectors and nothing else.
 */
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

const VECTORS = 'shared/vectors';
const wasi = new WASI({
  version: 'preview1',
  args: ['program'],
  preopens: { [VECTORS]: VECTORS },
  returnOnExit: true,
});
const module = await WebAssembly.compile(readFileSync(process.argv[2] ?? ''));
const instance = await WebAssembly.instantiate(module, {
  wasi_snapshot_preview1: wasi.wasiImport as WebAssembly.ModuleImports,
});
process.exitCode = wasi.start(instance);
