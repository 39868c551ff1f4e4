/**
 * What was done to which unit on this device: one entry a preparation, begun before anything is
 * written and kept up to date at each stage, so that a page that is closed, reloaded or killed in
 * the middle leaves an entry that says how far it came. Knows no database and no page; holds no
 * token and no hash of one.
 */
import * as v from 'valibot';
import { errorWords } from './error-words.ts';
import type { Observable } from './observable.ts';
import type { PrepareState, StageId } from './prepare-state.ts';

const LOG_ACTIONS = ['prepare', 'bringup', 'flash', 'verify'] as const;
export type LogAction = (typeof LOG_ACTIONS)[number];

/** `running` of a page that is gone is told as {@link LogResult} `broken_off`. */
const KEPT_RESULTS = ['running', 'done', 'failed', 'cancelled'] as const;

/** As kept; what is read is checked like any input. Times in Unix milliseconds of this device. */
export const LogEntry = v.object({
  /** User id; empty: nobody was signed in. */
  account: v.string(),
  /** Counts from 1 in each account and never repeats. */
  number: v.number(),
  /** The page that began it: one that is open may still end it. */
  page: v.string(),
  /** The person's address; empty: nobody was signed in. */
  by: v.string(),
  action: v.picklist(LOG_ACTIONS),
  mac: v.string(),
  deviceId: v.string(),
  locationId: v.nullable(v.string()),
  /** Versions of the two apps; null: it came to its end before they were known. */
  jambox: v.nullable(v.string()),
  provisioning: v.nullable(v.string()),
  beganAt: v.number(),
  endedAt: v.nullable(v.number()),
  result: v.picklist(KEPT_RESULTS),
  /** The stage it is at, or came to. */
  stage: v.nullable(v.string()),
  /** What went wrong, in the words of then; empty: nothing. */
  trouble: v.string(),
  /** The registration waited for the network when it ended. */
  isQueued: v.boolean(),
  /** When a unit that had waited was seen to report; absent: it was not, or did not wait. */
  confirmedAt: v.optional(v.nullable(v.number())),
  signalDbm: v.nullable(v.number()),
});
export type LogEntry = v.InferOutput<typeof LogEntry>;
export type NewLogEntry = Omit<LogEntry, 'number'>;

export type LogResult = LogEntry['result'] | 'broken_off';

/** An entry as it stands now. */
export interface LogLine extends Omit<LogEntry, 'result'> {
  result: LogResult;
}

export interface KeptLog {
  /** The latest first. */
  entries: LogEntry[];
  /** How many older ones had to go to make room. */
  dropped: number;
}

/** Where entries are kept across page loads. */
export interface BenchLogStore {
  /** Gives it its number. Rejects with `storage_full` and the like. */
  add(entry: NewLogEntry): Promise<LogEntry>;
  put(entry: LogEntry): Promise<void>;
  /** Of this account, and of nobody. */
  list(account: string): Promise<KeptLog>;
}

export interface BenchLogParts {
  store: BenchLogStore;
  /** Who is signed in; null: nobody. */
  person: () => { id: string; email: string } | null;
  now: () => number;
  /** Of this page, unlike any other's. */
  page: string;
  /** Lets the other pages know that this one is at work, until the result is called. */
  beAlive: () => () => void;
  /** Pages of this browser that are at work. */
  alive: () => Promise<ReadonlySet<string>>;
}

export interface ShownLog {
  lines: LogLine[];
  dropped: number;
}

export class BenchLog {
  readonly #parts: BenchLogParts;
  readonly #listeners = new Set<() => void>();

  constructor(parts: BenchLogParts) {
    this.#parts = parts;
  }

  /** Calls `fn` whenever an entry began, moved or ended here; the result stops it. */
  onChange(fn: () => void): () => void {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  /** The latest first. @throws AppError when this browser's store cannot be read */
  async shown(): Promise<ShownLog> {
    const { store, person, alive, page } = this.#parts;
    const { entries, dropped } = await store.list(person()?.id ?? '');
    const pages = await alive();
    const isOpen = (entry: LogEntry) => entry.page === page || pages.has(entry.page);
    const lines = entries.map((entry) => {
      const broken = entry.result === 'running' && !isOpen(entry);
      return broken ? { ...entry, result: 'broken_off' as const } : entry;
    });
    return { lines, dropped };
  }

  /** Of one chip, the latest first. */
  async ofChip(mac: string): Promise<LogLine[]> {
    return (await this.shown()).lines.filter((line) => line.mac === mac);
  }

  /**
   * Writes down every preparation of this flow, the one that is running included. What cannot be
   * kept is not: no unit waits for its log. The result stops it.
   */
  follow(state: Observable<PrepareState>): () => void {
    const writer = new Writer(this.#parts, () => {
      for (const listener of [...this.#listeners]) listener();
    });
    writer.see(state.value);
    return state.subscribe((value) => writer.see(value));
  }

  /** A unit that had waited to be registered was seen to report. Never rejects. */
  async confirm({ result, ...line }: LogLine): Promise<void> {
    if (result === 'broken_off') return;
    const entry = { ...line, result, confirmedAt: this.#parts.now() };
    await this.#parts.store.put(entry).catch(unkept);
    for (const listener of [...this.#listeners]) listener();
  }

  /** Something without stages, which is over already. Never rejects. */
  async note(fact: Pick<LogEntry, 'action' | 'mac' | 'deviceId' | 'trouble'>): Promise<void> {
    const { now } = this.#parts;
    const [at, result] = [now(), fact.trouble ? ('failed' as const) : ('done' as const)];
    const rest = { locationId: null, jambox: null, provisioning: null, stage: null };
    const times = { beganAt: at, endedAt: at, isQueued: false, signalDbm: null };
    await this.#parts.store
      .add({ ...whose(this.#parts), ...fact, ...rest, ...times, result })
      .catch(unkept);
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Of one flow: at most one entry is open at a time. */
class Writer {
  readonly #parts: BenchLogParts;
  readonly #changed: () => void;
  #open: NewLogEntry | null = null;
  #kept: Promise<LogEntry | null> = Promise.resolve(null);
  #rest: () => void = () => {};

  constructor(parts: BenchLogParts, changed: () => void) {
    this.#parts = parts;
    this.#changed = changed;
  }

  see(state: PrepareState): void {
    const { result, mac } = state;
    if (result === 'running' && mac !== null && !this.#open) this.#begin(state, mac);
    else if (this.#open) this.#goOn(state, this.#open);
  }

  #begin(state: PrepareState, mac: string): void {
    const { store, now } = this.#parts;
    const { deviceId, action } = state;
    const times = { beganAt: now(), endedAt: null };
    const entry = { ...whose(this.#parts), action, mac, deviceId, ...times, ...facts(state) };
    this.#open = entry;
    this.#rest = this.#parts.beAlive();
    this.#kept = store.add(entry).catch(unkept);
    void this.#kept.then(this.#changed);
  }

  #goOn(state: PrepareState, open: NewLogEntry): void {
    const ended = state.result !== 'running';
    const next = { ...open, ...facts(state), ...(ended && { endedAt: this.#parts.now() }) };
    if (next.stage === open.stage && next.result === open.result) return;
    this.#open = ended ? null : next;
    const rest = this.#rest;
    this.#kept = this.#kept.then(async (kept) => {
      if (kept) await this.#parts.store.put({ ...next, number: kept.number }).catch(unkept);
      return kept;
    });
    void this.#kept.then(() => {
      if (ended) rest();
      this.#changed();
    });
  }
}

function whose({ person, page }: BenchLogParts): Pick<LogEntry, 'account' | 'by' | 'page'> {
  const who = person();
  return { account: who?.id ?? '', by: who?.email ?? '', page };
}

/** What moves while a preparation goes on. */
function facts(state: PrepareState) {
  const { locationId, versions, error, queued, signalDbm } = state;
  return {
    ...{ locationId, signalDbm, isQueued: queued, stage: stageOf(state) },
    jambox: versions?.jambox ?? null,
    provisioning: versions?.provisioning ?? null,
    result: state.result === 'idle' ? ('cancelled' as const) : state.result,
    trouble: error ? errorWords(error).what : '',
  };
}

/** The one that runs or has failed, else the last that came to an end. */
function stageOf({ stages }: PrepareState): StageId | null {
  const now = stages.find(({ state }) => state === 'running' || state === 'failed');
  const over = stages.filter(({ state }) => state === 'done' || state === 'warning');
  return (now ?? over.at(-1))?.id ?? null;
}

function unkept(error: unknown): null {
  console.debug('The bench’s log could not be kept.', error);
  return null;
}
