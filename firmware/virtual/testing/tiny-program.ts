/**
 * A program for tests, assembled by hand so that no compiler is needed: says hello, echoes the
 * console, and obeys its first letter — R restart, T trap, S store the four bytes read, G get and
 * print them, U send the bytes to the modem. Prints what the modem says.
 *
 * Binary format: WebAssembly core specification, "Binary format".
 */
const I32 = 0x7f;
const F64 = 0x7c;
const HELLO = 'hello\n';
const KEY = 'count';
const KEY_AT = 16;
const OUT_AT = 32;
const BUFFER_AT = 64;
const BUFFER_BYTES = 120; // below 128: one LEB128 byte, sign bit included would need two

const text = (s: string) => [...new TextEncoder().encode(s)];
const list = (items: number[][]) => [items.length, ...items.flat()];
const name = (s: string) => [s.length, ...text(s)];
const section = (id: number, body: number[]) => [id, ...leb(body.length), ...body];
const constant = (value: number) => [0x41, ...signedLeb(value)];
const call = (index: number) => [0x10, index];
const DROP = 0x1a;
const END = 0x0b;

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

function signedLeb(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signedLeb(value >>> 7)];
}

/** `import name` with its type index, in call order. */
const IMPORTS: [string, number][] = [
  ['console_write', 2],
  ['console_read', 2],
  ['restart', 0],
  ['kv_set', 3],
  ['kv_get', 4],
  ['uart_write', 2],
  ['uart_read', 2],
  ['led_rgb', 5],
];
const TYPES: [number[], number[]][] = [
  [[], []],
  [[], [F64]],
  [[I32, I32], [I32]],
  [[I32, I32, I32, I32, I32], [I32]],
  [[I32, I32, I32, I32, I32, I32], [I32]],
  [[I32, I32, I32], []],
];

/** `body` when the first byte of the buffer is `letter`. */
function onLetter(letter: string, body: number[]): number[] {
  const load = [...constant(BUFFER_AT), 0x2d, 0, 0];
  return [...load, ...constant(letter.charCodeAt(0)), 0x46, 0x04, 0x40, ...body, END];
}

function printed(at: number, length: number[]): number[] {
  return [...constant(at), ...length, ...call(0), DROP];
}

function tick(): number[] {
  const count = [0x20, 0];
  const number = [...constant(0)];
  const key = [...constant(KEY_AT), ...constant(KEY.length)];
  const store = [...key, ...number, ...constant(BUFFER_AT), ...constant(4), ...call(3), DROP];
  const get = [...constant(0), ...key, ...number, ...constant(OUT_AT), ...constant(4), ...call(4)];
  const read = [...constant(BUFFER_AT), ...constant(BUFFER_BYTES)];
  return [
    ...[1, 1, I32],
    ...[...read, ...call(1), 0x22, 0, 0x04, 0x40],
    ...printed(BUFFER_AT, count),
    ...onLetter('R', call(2)),
    ...onLetter('T', [0x00]),
    ...onLetter('S', store),
    ...onLetter('G', [...get, DROP, ...printed(OUT_AT, constant(4))]),
    ...onLetter('U', [...constant(BUFFER_AT), ...count, ...call(5), DROP]),
    ...onLetter('L', [...constant(1), ...constant(2), ...constant(3), ...call(7)]),
    END,
    ...[...read, ...call(6), 0x22, 0, 0x04, 0x40, ...printed(BUFFER_AT, count), END],
    ...[0x44, 0, 0, 0, 0, 0, 0, 0x59, 0x40], // f64.const 100
    END,
  ];
}

/** The module's bytes. `hello` is what it prints at start, exactly six characters. */
export function tinyProgram(hello = HELLO): Uint8Array<ArrayBuffer> {
  const start = [0, ...constant(0), ...constant(HELLO.length), ...call(0), DROP, END];
  const body = (code: number[]) => [...leb(code.length), ...code];
  const functions = IMPORTS.length;
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(TYPES.map(([from, to]) => [0x60, from.length, ...from, to.length, ...to]))),
    ...section(2, list(IMPORTS.map(([n, type]) => [...name('jambox'), ...name(n), 0x00, type]))),
    ...section(3, list([[0], [1]])),
    ...section(5, list([[0, 1]])),
    ...section(
      7,
      list([
        [...name('memory'), 2, 0],
        [...name('app_start'), 0, functions],
        [...name('app_tick'), 0, functions + 1],
      ]),
    ),
    ...section(10, list([body(start), body(tick())])),
    ...section(
      11,
      list([
        [0, ...constant(0), END, ...name(hello)],
        [0, ...constant(KEY_AT), END, ...name(KEY)],
      ]),
    ),
  ]);
}
