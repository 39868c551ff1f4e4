/**
 * How many bytes of a WebAssembly module each function and each kind of section takes. Knows the
 * binary format (WebAssembly core specification 2.0, chapter 5, and its appendix on names) and no
 * C++.
 */
import { AppError } from '../../shared/errors.ts';

export interface WasmSizes {
  /** Bytes of code by function: its name, or `function <index>`, and the size of its entry. */
  functions: { name: string; bytes: number }[];
  /** Bytes of initialised data, constants and strings included. */
  data: number;
  /** Bytes of memory when it starts: stack, data and zeroed data, in whole pages. */
  memory: number;
}

const SECTION = { custom: 0, imports: 2, memory: 5, code: 10, data: 11 } as const;
const PAGE = 65_536;

/** Reads forward; every length is checked against what is left. */
class Reader {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.at];
    if (value === undefined) throw new AppError('invalid', 'The WebAssembly module is cut short.');
    this.at += 1;
    return value;
  }

  /** LEB128, unsigned, 32 bits. */
  number(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new AppError('invalid', 'A number in the WebAssembly module is too long.');
  }

  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.at) {
      throw new AppError('invalid', 'A part of the WebAssembly module is longer than the rest.');
    }
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  text(): string {
    return new TextDecoder().decode(this.take(this.number()));
  }
}

/**
 * Sizes of `module`.
 * @throws AppError `invalid` when it is no WebAssembly module
 */
export function wasmSizes(module: Uint8Array): WasmSizes {
  const reader = new Reader(module);
  const magic = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  if (!magic.every((byte) => byte === reader.byte())) {
    throw new AppError('invalid', 'The file is no WebAssembly module of version 1.');
  }
  const sizes: WasmSizes = { functions: [], data: 0, memory: 0 };
  let imported = 0;
  let names = new Map<number, string>();
  while (!reader.done) {
    const id = reader.byte();
    const body = reader.take(reader.number());
    if (id === SECTION.imports) imported = importedFunctions(new Reader(body));
    else if (id === SECTION.memory) sizes.memory = firstMemory(new Reader(body));
    else if (id === SECTION.code) sizes.functions = functionSizes(new Reader(body));
    else if (id === SECTION.data) sizes.data = body.length;
    else if (id === SECTION.custom) names = functionNames(new Reader(body)) ?? names;
  }
  sizes.functions.forEach((entry, index) => {
    entry.name = names.get(imported + index) ?? `function ${imported + index}`;
  });
  return sizes;
}

function functionSizes(reader: Reader): WasmSizes['functions'] {
  return Array.from({ length: reader.number() }, () => {
    const bytes = reader.number();
    reader.take(bytes);
    return { name: '', bytes };
  });
}

/** Imports come first in the numbering of functions. */
function importedFunctions(reader: Reader): number {
  let functions = 0;
  for (let left = reader.number(); left > 0; left -= 1) {
    reader.text();
    reader.text();
    const kind = reader.byte();
    if (kind === 0) {
      reader.number();
      functions += 1;
    } else {
      // Tables, memories and globals begin with or are a type of a few bytes; ours imports none.
      throw new AppError('invalid', 'The module imports something that is no function.');
    }
  }
  return functions;
}

function firstMemory(reader: Reader): number {
  if (reader.number() === 0) return 0;
  reader.number(); // whether it has an upper limit
  return reader.number() * PAGE;
}

/** Null when the custom section is not that of names. */
function functionNames(reader: Reader): Map<number, string> | null {
  if (reader.text() !== 'name') return null;
  const names = new Map<number, string>();
  while (!reader.done) {
    const kind = reader.byte();
    const part = new Reader(reader.take(reader.number()));
    if (kind !== 1) continue;
    for (let left = part.number(); left > 0; left -= 1) names.set(part.number(), part.text());
  }
  return names;
}
