/**
 * Stored readings as bytes, about 40 each where JSON takes 400: only what differs from the reading
 * before, whole numbers as short as they are. Texts (locations, firmware) are numbers of a word
 * list that is kept beside. `null` before the first of a row. Pure; knows no storage.
 */
import { hexDigits } from '../../shared/bytes.ts';
import type { Doubt } from './doubt.ts';
import {
  NO_VALUES,
  type NumberColumn,
  READING_COLUMN_NAMES,
  type ReadingValues,
  type StoredReading,
} from './stored-reading.ts';
import { ByteReader, type ByteWriter } from './varint.ts';

/** Texts as numbers from 1 on; 0 stands for none. */
export interface WordList {
  numberOf(word: string): number;
  /** @throws RangeError for a number that no word has */
  wordOf(number: number): string;
}

/** In the order of their numbers, from 1 on: append only. */
const DOUBTS: readonly Doubt[] = [
  ...(['impressions', 'zones', 'stays', 'visits', 'bluetooth', 'ceiling', 'overlap'] as const),
  'excluded',
];
/** Their order is the mask's: append only. `firmware` is a word, and not in the mask. */
const NUMBERS = READING_COLUMN_NAMES.filter((name): name is NumberColumn => name !== 'firmware');
/** Signed, in dBm. */
const SIGNED: ReadonlySet<NumberColumn> = new Set([
  ...(['probe_rssi_avg_dbm', 'probe_rssi_weakest_dbm', 'probe_rssi_strongest_dbm'] as const),
  ...(['ble_rssi_avg_dbm', 'cell_rssi_dbm'] as const),
]);
/** Grow slowly or not at all from one reading to the next. */
const RUNNING: ReadonlySet<NumberColumn> = new Set(['seq', 'booted_s']);

/** How a number is written, by its place in the mask. */
const [AS_IS, IS_SIGNED, IS_RUNNING, MAY_BE_FRACTION] = [0, 1, 2, 3];
const FORMS = NUMBERS.map((name) => {
  if (SIGNED.has(name)) return IS_SIGNED;
  if (RUNNING.has(name)) return IS_RUNNING;
  return name === 'battery_pct' ? MAY_BE_FRACTION : AS_IS;
});

const SAME_WORDS = 0x01;
const SAME_MASK = 0x02;
const HAS_VISITS = 0x04;
const HAS_DOUBT = 0x08;
const FRACTION = 0x10;
const HAS_JUDGED = 0x20;
/** What the variant looks like, in the two highest bits. */
const BY_SEQ = 0x00;
const BY_HASH = 0x40;
const BY_SEQ_AND_HASH = 0x80;
const AS_TEXT = 0xc0;
const KIND = 0xc0;

const HASH = /^[0-9a-f]{16}$/;

/** Appends a reading; `before` is the one before it in the same row, or null. */
export function writeReading(
  out: ByteWriter,
  reading: StoredReading,
  before: StoredReading | null,
  words: WordList,
): void {
  const { values } = reading;
  const mask = maskOf(values);
  const sameWords = before !== null && haveSameWords(reading, before);
  const sameMask = before !== null && maskOf(before.values) === mask;
  const kind = kindOf(reading);
  const isFraction = values.battery_pct !== null && !Number.isInteger(values.battery_pct);
  out.byte(
    kind |
      (sameWords ? SAME_WORDS : 0) |
      (sameMask ? SAME_MASK : 0) |
      (reading.visits === null ? 0 : HAS_VISITS) |
      (reading.doubt === null ? 0 : HAS_DOUBT) |
      (isFraction ? FRACTION : 0) |
      (reading.judged === undefined ? 0 : HAS_JUDGED),
  );
  out.int(reading.received_s - (before?.received_s ?? 0));
  out.int(reading.received_s - reading.period_start_s);
  if (!sameWords) {
    out.uint(reading.generation);
    out.uint(reading.location_id === null ? 0 : words.numberOf(reading.location_id));
    out.uint(values.firmware === null ? 0 : words.numberOf(values.firmware));
  }
  if (!sameMask) out.uint(mask);
  if (reading.visits !== null) out.uint(reading.visits);
  if (reading.doubt !== null) out.byte(DOUBTS.indexOf(reading.doubt) + 1);
  if (reading.judged !== undefined) {
    out.uint(reading.judged.judged_s * 2 + (reading.judged.is_counted ? 1 : 0));
  }
  for (let bit = 0; bit < NUMBERS.length; bit += 1) {
    const name = NUMBERS[bit] as NumberColumn;
    const value = values[name];
    if (value === null) continue;
    const form = FORMS[bit];
    if (form === AS_IS) out.uint(value);
    else if (form === IS_SIGNED) out.int(value);
    else if (form === IS_RUNNING) out.int(value - (before?.values[name] ?? 0));
    else if (isFraction) out.float64(value);
    else out.uint(value);
  }
  writeVariant(out, kind, reading.variant);
}

/** The next reading. @throws RangeError for bytes that no reading has */
export function readReading(
  source: ByteReader,
  before: StoredReading | null,
  words: WordList,
): StoredReading {
  const flags = source.byte();
  const received_s = (before?.received_s ?? 0) + source.int();
  const period_start_s = received_s - source.int();
  let generation = before?.generation ?? 0;
  let location_id = before?.location_id ?? null;
  let firmware = before?.values.firmware ?? null;
  if ((flags & SAME_WORDS) === 0) {
    generation = source.uint();
    location_id = word(source.uint(), words);
    firmware = word(source.uint(), words);
  }
  const mask = (flags & SAME_MASK) === 0 || before === null ? source.uint() : maskOf(before.values);
  const visits = flags & HAS_VISITS ? source.uint() : null;
  const doubt = flags & HAS_DOUBT ? doubtOf(source.byte()) : null;
  const judged = flags & HAS_JUDGED ? judgedOf(source.uint()) : undefined;
  const values = { ...NO_VALUES, firmware };
  for (let bit = 0, rest = mask; rest !== 0; bit += 1, rest >>>= 1) {
    const name = NUMBERS[bit];
    if (rest & 1 && name) values[name] = readNumber(source, name, flags, before);
  }
  const variant = readVariant(source, flags & KIND, values.seq);
  return {
    ...{ period_start_s, variant, generation, location_id, received_s, visits, doubt },
    ...(judged && { judged }),
    values,
  };
}

function readNumber(
  source: ByteReader,
  name: NumberColumn,
  flags: number,
  before: StoredReading | null,
): number {
  if (RUNNING.has(name)) return (before?.values[name] ?? 0) + source.int();
  if (SIGNED.has(name)) return source.int();
  return name === 'battery_pct' && flags & FRACTION ? source.float64() : source.uint();
}

function maskOf(values: ReadingValues): number {
  let mask = 0;
  for (let bit = 0; bit < NUMBERS.length; bit += 1) {
    if (values[NUMBERS[bit] as NumberColumn] !== null) mask |= 1 << bit;
  }
  return mask;
}

function haveSameWords(a: StoredReading, b: StoredReading): boolean {
  return (
    a.generation === b.generation &&
    a.location_id === b.location_id &&
    a.values.firmware === b.values.firmware
  );
}

function word(number: number, words: WordList): string | null {
  return number === 0 ? null : words.wordOf(number);
}

function doubtOf(number: number): Doubt {
  const doubt = DOUBTS[number - 1];
  if (doubt === undefined) throw new RangeError(`no doubt has the number ${number}`);
  return doubt;
}

function judgedOf(number: number): StoredReading['judged'] {
  return { is_counted: number % 2 === 1, judged_s: Math.floor(number / 2) };
}

/** Written without its number, which stands in `seq`. */
function kindOf({ variant, values: { seq } }: StoredReading): number {
  if (HASH.test(variant)) return BY_HASH;
  if (seq !== null && variant === `s${seq}`) return BY_SEQ;
  const start = `u${seq}-`;
  const isNumbered = seq !== null && variant.startsWith(start);
  return isNumbered && HASH.test(variant.slice(start.length)) ? BY_SEQ_AND_HASH : AS_TEXT;
}

function writeVariant(out: ByteWriter, kind: number, variant: string): void {
  if (kind === AS_TEXT) out.block(new TextEncoder().encode(variant));
  if (kind !== BY_HASH && kind !== BY_SEQ_AND_HASH) return;
  const hash = variant.slice(-16);
  out.u32(Number.parseInt(hash.slice(0, 8), 16));
  out.u32(Number.parseInt(hash.slice(8), 16));
}

function readVariant(source: ByteReader, kind: number, seq: number | null): string {
  if (kind === BY_SEQ) return `s${seq}`;
  if (kind === AS_TEXT) return new TextDecoder().decode(source.block());
  const hash = hexDigits(source.u32(), 8) + hexDigits(source.u32(), 8);
  return kind === BY_HASH ? hash : `u${seq}-${hash}`;
}

/** Readings of one unit in a row, each with the one before. */
export function packReadings(out: ByteWriter, all: readonly StoredReading[], words: WordList) {
  let before: StoredReading | null = null;
  for (const reading of all) {
    writeReading(out, reading, before, words);
    before = reading;
  }
}

/** What {@link packReadings} wrote. */
export function unpackReadings(bytes: Uint8Array, words: WordList): StoredReading[] {
  const source = new ByteReader(bytes);
  const all: StoredReading[] = [];
  while (!source.isAtEnd) all.push(readReading(source, all.at(-1) ?? null, words));
  return all;
}
