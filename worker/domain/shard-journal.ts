/**
 * Where a shard of units keeps what it knows, and what a row of its journal holds: entries, each
 * with its kind, the unit it is about, and bytes. Everything is synchronous; a failure throws.
 */
import type { ConfigChange } from '../../shared/contracts/config.ts';
import type { SettledCommand, WaitingCommand } from './command-delivery.ts';
import type { UnitContact } from './contact.ts';
import type { Doubt } from './doubt.ts';
import type { LimitedKind, RequestWindow } from './rate-limit.ts';
import type { WordList } from './reading-codec.ts';
import type { Judgement, ShardFacts } from './shard-facts.ts';
import { ByteReader, type ByteWriter } from './varint.ts';

/** What is kept of a unit beside its readings and heartbeats. */
export interface UnitRecord {
  facts: ShardFacts;
  /** What waits by the shard's own knowledge: it may have been carried out already. */
  waiting: WaitingCommand | null;
  /** The last ones, newest last. */
  settled: readonly SettledCommand[];
  /**
   * The same as the facts', each with the journal's row up to which readings were there then, and
   * how many of them it brought into the sums or took out.
   */
  judged: readonly (Judgement & { row: number; changed?: number })[];
  /** As of the last time it was put: readings in newer rows follow. */
  contact: UnitContact;
  /** Running hours of what a unit may ask only so often. */
  windows: Partial<Record<LimitedKind, RequestWindow>>;
  /** What the registry has to learn yet. */
  news: UnitNews;
  /** Another shard has it now; what is here only waits to be asked for again. */
  moved?: true;
}

/** What a unit did that the registry keeps, too. */
export interface UnitNews {
  /** Rises with each, so that what comes after a look is not taken for seen. */
  number: number;
  /** The first reading that stays out of the sums since the registry learnt of one. */
  doubted: { period_start_s: number; doubt: Doubt; at_s: number } | null;
  /** Commands that were handed out or settled. */
  commands: readonly SettledCommand[];
}

export const NO_NEWS: UnitNews = { number: 0, doubted: null, commands: [] };

export function commandNewsOf(news: SettledCommand): SettledCommand {
  const { id, delivered_s, settled_s, outcome } = news;
  return { id, delivered_s, settled_s, outcome };
}

const NOTHING: readonly never[] = Object.freeze([]);
const NO_WINDOWS: UnitRecord['windows'] = Object.freeze({});

const UNCHANGED: ConfigChange = Object.freeze({});
const orUnchanged = (changed: ConfigChange) =>
  Object.keys(changed).length === 0 ? UNCHANGED : changed;

const orNothing = <T>(list: readonly T[]): readonly T[] => (list.length === 0 ? NOTHING : list);

/** One copy of each text; of those that many units share, not of what is one unit's. */
export class SharedTexts {
  readonly #texts = new Map<string, string>();

  one<T extends string | null>(text: T): T {
    if (text === null) return text;
    const known = this.#texts.get(text);
    if (known !== undefined) return known as T;
    this.#texts.set(text, text);
    return text;
  }
}

/** The same record in less room. Nothing of it is ever changed in place. */
export function compacted(record: UnitRecord, texts: SharedTexts): UnitRecord {
  const { facts, settled, judged, contact, windows, news } = record;
  const { heartbeat, newest, firmwares } = contact;
  return {
    ...record,
    facts: {
      ...facts,
      status: texts.one(facts.status) as typeof facts.status,
      firmware: texts.one(facts.firmware),
      judgements: orNothing(facts.judgements),
      ...(facts.changed && { changed: orUnchanged(facts.changed) }),
      placements: facts.placements.map((stay) => {
        return { ...stay, location_id: texts.one(stay.location_id) };
      }),
    },
    settled: orNothing(settled),
    judged: orNothing(judged),
    contact: {
      ...contact,
      ...(firmwares && {
        firmwares: firmwares.map((one) => ({ ...one, version: texts.one(one.version) })),
      }),
      heartbeat: heartbeat && { ...heartbeat, firmware: texts.one(heartbeat.firmware) },
      newest: newest && {
        ...newest,
        firmware: texts.one(newest.firmware),
        location_id: texts.one(newest.location_id),
      },
    },
    windows: Object.keys(windows).length === 0 ? NO_WINDOWS : windows,
    news: news.number === 0 ? NO_NEWS : news,
  };
}

/** Readings of one unit that begin on one day (UTC), packed. Times are the first and last start. */
export interface Chunk {
  unit: number;
  /** The journal's row in which it was packed. */
  row: number;
  from_s: number;
  to_s: number;
  /** Of those that have a number; null = none has. */
  seq_min: number | null;
  seq_max: number | null;
  bytes: Uint8Array;
}

/** A heartbeat as it is kept; `received_ms` is its identity within the unit. */
export interface KeptHeartbeat {
  received_ms: number;
  firmware: string | null;
  uptime_s: number | null;
  cell_rssi_dbm: number | null;
  battery_pct: number | null;
  /** Bits of the receivers that do not listen; null where the firmware never says. */
  radio: number | null;
  /** Memory that was free, and the least since the start, KiB; why it started, as a number. */
  free_kib: number | null;
  free_min_kib: number | null;
  start_reason: number | null;
  /** Where the unit stood. */
  location_id: string | null;
}

export interface UnitHeartbeat extends KeptHeartbeat {
  unit: number;
}

export interface Journal extends WordList {
  /** Runs `write` so that all of it is kept, or nothing. */
  atomically(write: () => void): void;
  /** Units by their number, as they were last put. */
  units(): Iterable<{ unit: number; record: UnitRecord }>;
  putUnit(unit: number, record: UnitRecord): void;
  /** Rows not forgotten yet, in the order they were appended. */
  rows(): Iterable<{ row: number; bytes: Uint8Array }>;
  rowAt(row: number): Uint8Array;
  append(row: number, bytes: Uint8Array, nowS: number): void;
  putChunk(day: number, chunk: Chunk): void;
  /** Chunks that may hold readings of the unit that begin in the stretch, and have the number. */
  chunks(unit: number, fromS: number, toS: number, seq?: number): Iterable<Chunk>;
  dropChunk(day: number, chunk: Pick<Chunk, 'unit' | 'from_s' | 'row'>): void;
  /** The same again is kept once. */
  putHeartbeat(unit: number, heartbeat: KeptHeartbeat): void;
  /** Newest first, those received before a moment. */
  heartbeats(unit: number, beforeMs: number, limit: number): KeptHeartbeat[];
  /** Of all units, in [fromMs, toMs), newest first. */
  heartbeatsOfAll(fromMs: number, toMs: number, limit: number): UnitHeartbeat[];
  /** Forgets what units said at a location, and the location's name. */
  forgetPlace(units: readonly number[], locationId: string): void;
  /** First hash slot that another shard has taken over; Infinity: none has. */
  endsBefore(): number;
  putEndsBefore(slot: number): void;
}

/** What takes the place of a word that is forgotten: no location is called so. */
export const forgottenWord = (number: number) => `forgotten ${number}`;

export function recordOf(unit: Omit<UnitRecord, 'facts'>, facts: ShardFacts): UnitRecord {
  const { waiting, settled, judged, contact, windows, news, moved } = unit;
  return { facts, waiting, settled, judged, contact, windows, news, ...(moved && { moved }) };
}

/** Kinds of entries, by their number in a row: append only. */
export const ENTRY = {
  reading: 0,
  /** The unit's readings so far lie packed. */
  packed: 1,
  /** Corrections of sums. */
  sums: 2,
  /** What came before belongs to an epoch of the hand-over. */
  cut: 3,
  /** Every epoch up to this one was applied. */
  settled: 4,
} as const;
const KINDS = 8;

export function writeEntry(
  out: ByteWriter,
  kind: (typeof ENTRY)[keyof typeof ENTRY],
  unit: number,
  bytes: Uint8Array,
): void {
  out.uint(unit * KINDS + kind);
  out.block(bytes);
}

/** What a tag says. */
export function tagOf(tag: number): { kind: number; unit: number } {
  return { kind: tag % KINDS, unit: Math.floor(tag / KINDS) };
}

/** Of a row, only the entries of one kind and unit: most are others', and are passed over. */
export function* entriesOfUnit(
  bytes: Uint8Array,
  kind: (typeof ENTRY)[keyof typeof ENTRY],
  unit: number,
): Generator<ByteReader> {
  const source = new ByteReader(bytes);
  while (!source.isAtEnd) {
    if (source.uint() === unit * KINDS + kind) yield new ByteReader(source.block());
    else source.skipBlock();
  }
}

export function* entriesOf(bytes: Uint8Array) {
  const source = new ByteReader(bytes);
  while (!source.isAtEnd) {
    const tag = source.uint();
    const own = new ByteReader(source.block());
    yield { ...tagOf(tag), source: own };
  }
}
