/**
 * What went over a unit's cable, and what must hold of it whatever is written: one frame at a time,
 * each answered before the next, never three C0 in a row, never data beyond what was announced nor
 * after the end of the stream. Knows frames and the commands that write.
 */
import { concat, view } from '../../../shared/bytes.ts';
import { SlipDecoder } from '../../../shared/esp/slip.ts';
import { OP } from '../../unit/stub-frames.ts';
import type { TestBench } from './bench.ts';

const END = 0xc0;
const HEADER_BYTES = 8;
const DATA_HEADER_BYTES = 16;

interface Entry {
  /** From the host, else from the unit. */
  out: boolean;
  bytes: Uint8Array;
}

/** One BEGIN with the blocks that followed it. */
export interface Download {
  announcedBytes: number;
  announcedBlocks: number;
  blockBytes: number;
  blocks: Uint8Array[];
}

export class WireLog {
  #entries: Entry[] = [];

  /** Listens on the cable; faults put there before stay. */
  constructor(bench: TestBench) {
    const { toUnit, toHost } = bench;
    bench.toUnit = (bytes) => {
      this.#entries.push({ out: true, bytes: bytes.slice() });
      return toUnit(bytes);
    };
    bench.toHost = (bytes) => {
      this.#entries.push({ out: false, bytes: bytes.slice() });
      return toHost(bytes);
    };
  }

  clear(): void {
    this.#entries = [];
  }

  /** Frames of the host, unescaped. */
  get requests(): Uint8Array[] {
    return new SlipDecoder().push(concat(this.#sent()));
  }

  /** In the order of their BEGINs. */
  get downloads(): Download[] {
    const downloads: Download[] = [];
    for (const frame of this.requests) {
      const word = (i: number) => view(frame).getUint32(HEADER_BYTES + 4 * i, true);
      if (frame[1] === OP.deflBegin) {
        const begin = { announcedBytes: word(0), announcedBlocks: word(1), blockBytes: word(2) };
        downloads.push({ ...begin, blocks: [] });
      } else if (frame[1] === OP.deflData) {
        downloads.at(-1)?.blocks.push(frame.subarray(HEADER_BYTES + DATA_HEADER_BYTES));
      }
    }
    return downloads;
  }

  /** Everything that does not hold, in words; empty when all does. */
  async faults(): Promise<string[]> {
    const faults = await Promise.all(this.downloads.map(faultsOf));
    return [...this.#bursts(), ...faults.flat()];
  }

  #sent(): Uint8Array[] {
    return this.#entries.filter(({ out }) => out).map(({ bytes }) => bytes);
  }

  #bursts(): string[] {
    const faults: string[] = [];
    let waiting = false;
    let ends = 0;
    for (const { out, bytes } of this.#entries) {
      if (!out) {
        waiting = false;
        continue;
      }
      if (waiting) faults.push('a frame was sent before the one before it was answered');
      waiting = true;
      const inside = bytes.subarray(1, -1);
      if (bytes[0] !== END || bytes.at(-1) !== END || inside.includes(END)) {
        faults.push('a write is not exactly one frame');
      }
      for (const byte of bytes) {
        ends = byte === END ? ends + 1 : 0;
        if (ends === 3) faults.push('three C0 in a row');
      }
    }
    return faults;
  }
}

async function faultsOf(download: Download): Promise<string[]> {
  const { announcedBytes, announcedBlocks, blockBytes, blocks } = download;
  const faults: string[] = [];
  if (blocks.length !== announcedBlocks) {
    faults.push(`${blocks.length} blocks of ${announcedBlocks} announced`);
  }
  if (blocks.some(({ length }) => length > blockBytes || length === 0)) {
    faults.push('a block is longer than announced, or empty');
  }
  const stream = concat(blocks);
  const all = await inflate(stream);
  if (!all.ended) faults.push('the stream does not end');
  if ((await inflate(stream.subarray(0, -1))).ended) faults.push('data after the stream’s end');
  if (all.length !== announcedBytes) {
    faults.push(`the stream holds ${all.length} bytes of ${announcedBytes} announced`);
  }
  const before = await inflate(concat(blocks.slice(0, -1)));
  if (before.length >= all.length) faults.push('the last block is a mere tail');
  return faults;
}

/** How much `stream` inflates to, and whether it ends. */
async function inflate(stream: Uint8Array): Promise<{ length: number; ended: boolean }> {
  const { readable, writable } = new DecompressionStream('deflate');
  const writer = writable.getWriter();
  void writer.write(Uint8Array.from(stream)).catch(() => undefined); // the reader hears of it
  void writer.close().catch(() => undefined);
  const reader = readable.getReader();
  let length = 0;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return { length, ended: true };
      length += value.length;
    }
  } catch {
    return { length, ended: false };
  }
}
