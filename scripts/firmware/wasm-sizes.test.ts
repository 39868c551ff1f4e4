import { expect, test } from 'vitest';
import { bytesByPart, outerName } from './cpp-parts.ts';
import { wasmSizes } from './wasm-sizes.ts';

const text = (s: string) => [s.length, ...new TextEncoder().encode(s)];
const section = (id: number, body: readonly number[]) => [id, body.length, ...body];
const HEAD = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const IMPORTS = section(2, [1, ...text('jambox'), ...text('restart'), 0, 0]);
const MEMORY = section(5, [1, 0, 3]);
const CODE = section(10, [2, 2, 0, 0x0b, 4, 0, 0x01, 0x01, 0x0b]);
const DATA = section(11, [0]);
const NAMES = section(0, [
  ...text('name'),
  ...section(1, [2, 0, ...text('restart'), 1, ...text('f')]),
]);

test('sizes of functions, data and memory, imports not counted among the functions', () => {
  const module = Uint8Array.from([...HEAD, ...IMPORTS, ...MEMORY, ...CODE, ...DATA, ...NAMES]);
  expect(wasmSizes(module)).toEqual({
    functions: [
      { name: 'f', bytes: 2 },
      { name: 'function 2', bytes: 4 },
    ],
    data: 1,
    memory: 3 * 65_536,
  });
});

test('a module that is cut anywhere is refused or has less in it', () => {
  const module = Uint8Array.from([...HEAD, ...IMPORTS, ...CODE]);
  const ends = new Set([HEAD.length, HEAD.length + IMPORTS.length, module.length]);
  for (let length = 0; length <= module.length; length += 1) {
    const read = () => wasmSizes(module.subarray(0, length));
    if (ends.has(length)) expect(read().functions.length).toBe(length === module.length ? 2 : 0);
    else expect(read).toThrow(/WebAssembly module/);
  }
});

test('the outermost name of a symbol of the firmware', () => {
  expect(outerName('jambox::Recorder::tick(unsigned long long, jambox::Wake&)')).toBe('Recorder');
  expect(outerName('jambox::(anonymous namespace)::model_of(jambox::SipKey const&)')).toBe(
    'model_of',
  );
  expect(outerName('void jambox::DeviceTable<1024ul>::remove_if<int>(int)')).toBe('DeviceTable');
  expect(outerName('jambox::wasm::WasmRadio::next(jambox::RadioFrame&)')).toBe('WasmRadio');
  expect(outerName('memchr')).toBeNull();
  expect(outerName('std::sort(jambox::Track*)')).toBeNull();
});

test('parts are the folders of the core', () => {
  const bytes = bytesByPart([
    { name: 'jambox::VisitEstimator::tick(unsigned long long)', bytes: 10 },
    { name: 'jambox::(anonymous namespace)::rssi_density(float)', bytes: 5 },
    { name: 'jambox::TrafficCounter::forget()', bytes: 3 },
    { name: 'jambox::JamBoxApp::tick()', bytes: 2 },
    { name: 'expf', bytes: 1 },
  ]);
  expect(Object.fromEntries(bytes)).toEqual({
    visits: 15,
    counting: 3,
    apps: 2,
    'C and C++ library': 1,
  });
});
