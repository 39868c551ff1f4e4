/**
 * The contract between programs and runtime, said in four places: what the document promises, the
 * C++ declares, the runtime supplies, and the built programs ask for.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { IROM_LOAD_ADDRESS, readAppImage } from '../../../shared/esp/app-image.ts';
import { programOf } from '../boot/program.ts';
import type { AppPorts } from './ports.ts';
import { jamboxImports } from './wasm-app.ts';

const ROOT = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const image = (app: string): string => join(ROOT, 'web/public/firmware/virtual', `${app}.bin`);

/** Names with the number of their parameters, sorted. */
type Signatures = [name: string, parameters: number][];
const sorted = (signatures: Signatures): Signatures =>
  signatures.sort(([a], [b]) => (a < b ? -1 : 1));
const count = (list = ''): number => list.split(',').filter((one) => one.trim() !== '').length;

/** Nothing is called here, so that no port is needed. */
const SUPPLIED: Signatures = sorted(
  Object.entries(jamboxImports({ slots: {} } as AppPorts, {} as never)).map(([name, call]) => [
    name,
    (call as () => void).length,
  ]),
);

/** `JAMBOX_IMPORT(name) type jambox_name(…);`, broken into lines or not. */
function declared(): Signatures {
  const text = read('firmware/apps/wasm/imports.h').replace(/\s+/g, ' ');
  const found = text.matchAll(/JAMBOX_IMPORT\((\w+)\) [\w:]+ jambox_(\w+)\(([^)]*)\)/g);
  return sorted(
    [...found].map(([, name = '', own = '', parameters]) => {
      expect(own).toBe(name);
      return [name, count(parameters)];
    }),
  );
}

/** The table's first column: signatures in code marks, `ptr` and `len` and all. */
function documented(): Signatures {
  const [, section = ''] = read('docs/formats/wasm-abi.md').split('## Imports');
  const [table = ''] = section.split('\n## ');
  const cells = table.split('\n').map((line) => (line.startsWith('| `') ? line.split('|')[1] : ''));
  const found = cells.flatMap((cell = '') => [...cell.matchAll(/`(\w+)\(([^)]*)\)`/g)]);
  return sorted(found.map(([, name = '', parameters]) => [name, count(parameters)]));
}

test('the runtime supplies what the document promises, with as many parameters', () => {
  expect(SUPPLIED.length).toBeGreaterThan(20);
  expect(documented()).toEqual(SUPPLIED);
});

test('the programs’ header declares the same', () => {
  expect(declared()).toEqual(SUPPLIED);
});

test.for(['provisioning', 'jambox'])('the %s program asks for nothing else', (app, { skip }) => {
  skip(!existsSync(image(app)), 'the programs are not built: npm run build:firmware');
  const asked = WebAssembly.Module.imports(new WebAssembly.Module(programIn(image(app))));
  expect(asked.filter(({ module }) => module !== 'jambox')).toEqual([]);
  const names = SUPPLIED.map(([supplied]) => supplied);
  expect(asked.map(({ name }) => name).filter((name) => !names.includes(name))).toEqual([]);
  expect(asked.length).toBeGreaterThan(10);
});

function programIn(path: string): Uint8Array<ArrayBuffer> {
  const { segments } = readAppImage(new Uint8Array(readFileSync(path)));
  const payload = segments.find(({ loadAddress }) => loadAddress === IROM_LOAD_ADDRESS);
  const program = payload && programOf(payload.data);
  if (!program) throw new Error(`${path} holds no program`);
  return program;
}
