/**
 * The recording of the vendor's ROM and stubs (shared/vectors/serial), by sequence, and the answers
 * of it that the board does not give, with the reason of each. Knows no board.
 */
import { readFileSync } from 'node:fs';

/** One request and what came back, hex of the bytes on the wire; an empty answer is silence. */
export interface Exchange {
  by: string;
  sequence: string;
  step: number;
  what: string;
  request: string;
  answer: string;
}

export interface Sequence {
  loader: LoaderKind;
  name: string;
  exchanges: Exchange[];
}

export type LoaderKind = 'rom' | 'stub' | 'legacy stub';

/** The emulator's own MAC, as far as the recording shows it. */
export const RECORDED_MAC = Uint8Array.of(0x02, 0, 0xa1, 0xe8, 0, 0x01);

const FILE = new URL('../../../shared/vectors/serial/exchanges.jsonl', import.meta.url);

/** In the order of the file. */
export function recordedSequences(): Sequence[] {
  const sequences = new Map<string, Sequence>();
  for (const line of readFileSync(FILE, 'utf8').trim().split('\n')) {
    const exchange: Exchange = JSON.parse(line);
    const loader = loaderOf(exchange.by);
    const key = `${loader} ${exchange.sequence}`;
    const sequence = sequences.get(key) ?? { loader, name: exchange.sequence, exchanges: [] };
    sequence.exchanges.push(exchange);
    sequences.set(key, sequence);
  }
  return [...sequences.values()];
}

/** The bytes that `hex` says. */
export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function loaderOf(by: string): LoaderKind {
  if (by.startsWith('rom')) return 'rom';
  return by.startsWith('stub-legacy') ? 'legacy stub' : 'stub';
}

const REAL_CHIP = 'a real S3 was recorded with the value 0 (shared/vectors/esp32s3)';
const OTHER_RESTART =
  'the emulator restarts as after power on and with its straps in download mode; a chip says why';
const STEP_LEFT_OUT = 'the error in the second byte is that of a step that was left out';

/** `loader sequence step` → why the board answers otherwise. */
export const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ['rom gsi 1', REAL_CHIP],
  ['rom gsi 3', REAL_CHIP],
  ['rom gsi 4', REAL_CHIP],
  ['rom flash_end_len 5', OTHER_RESTART],
  ['rom flash_restart 5', OTHER_RESTART],
  ['rom mem 6', STEP_LEFT_OUT],
  ['rom mem_nobegin 2', STEP_LEFT_OUT],
  ['rom frame_esc 1', 'an unaligned register read: the emulator shifts, a chip faults'],
  ['legacy stub flash_restart 2', OTHER_RESTART],
]);
