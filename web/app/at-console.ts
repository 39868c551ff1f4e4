/**
 * The modem of the unit on the cable, spoken to line by line: sends a command, tells which lines
 * answer it and which nobody asked for, how long it took, and what each line means. Speaks records
 * where the app does, else plain AT, as a pass-through firmware passes it on. Knows no page.
 */
import { msg } from '@lit/localize';
import { formOf } from '../../shared/at/catalogue.ts';
import { decode, type Fact } from '../../shared/at/decode.ts';
import { type Call, isFinal, parseCommand, parseLine } from '../../shared/at/grammar.ts';
import type { ConsoleItem } from '../../shared/console/records.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import { type Observable, ObservableValue } from './observable.ts';
import type { TimeSource } from './ports.ts';
import type { Unit } from './unit.ts';

export interface AtEntry {
  /** Counts up from 1. */
  seq: number;
  /** Unix milliseconds. */
  at: number;
  /** `unasked`: the modem said it by itself. `trouble`: nothing, or not what was hoped for. */
  kind: 'sent' | 'answer' | 'unasked' | 'final' | 'trouble';
  line: string;
  /** What it means; null: nobody knows. */
  facts: readonly Fact[] | null;
  /** Of what ends an answer: how long it took. */
  tookMs?: number;
}

export interface AtConsoleState {
  /** Newest last. */
  entries: readonly AtEntry[];
  /** Older ones that are not kept any more. */
  dropped: number;
  /** The command that is not answered yet. */
  running: string | null;
  /** What was sent, newest last, each once. */
  history: readonly string[];
}

/** The page draws them all: some hours of one who types. */
export const ENTRIES_MAX = 1000;
const HISTORY_MAX = 100;
/** V.250 leaves it open; most answers of a SIM7028 come within 100 ms. */
const ANSWER_MS = 10_000;
/** The unit gives up by itself; what it says of that takes a moment. */
const ON_THE_WAY_MS = 2000;
/** `at` of docs/formats/console.md. */
const LINE_CHARACTERS_MAX = 255;

const EMPTY: AtConsoleState = { entries: [], dropped: 0, running: null, history: [] };

/** What it needs of the unit. */
export type AtUnit = Pick<Unit, 'state' | 'listen' | 'sendAt' | 'sendRaw'>;

export class AtConsole {
  readonly #unit: AtUnit;
  readonly #time: TimeSource;
  readonly #state = new ObservableValue<AtConsoleState>(EMPTY);
  #seq = 0;
  #call: Call | null = null;
  #began = 0;
  /** Of plain AT: told when the last line of an answer has come. */
  #ended: (() => void) | null = null;

  constructor(unit: AtUnit, time: TimeSource) {
    this.#unit = unit;
    this.#time = time;
    unit.listen((item) => this.#hear(item));
  }

  get state(): Observable<AtConsoleState> {
    return this.#state;
  }

  /**
   * Sends one line and waits until it is answered. Never rejects: what went wrong is an entry.
   * @returns the lines of the answer with the one that ends it; null when none ended it
   */
  async send(text: string): Promise<readonly string[] | null> {
    const line = text.trim();
    if (line === '' || this.#state.value.running !== null) return null;
    this.#remember(line);
    const refusal = refusalOf(line);
    if (refusal) {
      this.#add('trouble', refusal);
      return null;
    }
    this.#call = parseCommand(line);
    this.#began = this.#time.now();
    this.#add('sent', line);
    this.#state.patch({ running: line });
    const from = this.#seq;
    const waitMs = (this.#call && formOf(this.#call)?.timeoutMs) ?? ANSWER_MS;
    try {
      await this.#answered(line, waitMs);
    } catch (cause) {
      const { message, hint } = toAppError(cause);
      this.#add('trouble', hint ? `${message} ${hint}` : message);
    } finally {
      this.#call = null;
      this.#ended = null;
      this.#state.patch({ running: null });
    }
    const said = this.#state.value.entries.filter(({ seq }) => seq > from);
    if (!said.some(({ kind }) => kind === 'final')) return null;
    return said.filter(({ kind }) => kind === 'answer' || kind === 'final').map((one) => one.line);
  }

  /**
   * Bytes as they are, without a line end; what answers them is heard like everything else. Never
   * rejects.
   */
  async raw(text: string): Promise<void> {
    try {
      await this.#unit.sendRaw(new TextEncoder().encode(text));
    } catch (cause) {
      // A modem that takes them for data says nothing: that is no news.
      console.debug('Nothing answered the bytes.', cause);
    }
  }

  /** The first line from now on that fits; null: none within `ms`. */
  async hear(fits: (line: string) => boolean, ms: number): Promise<string | null> {
    const from = this.#seq;
    const late = new AbortController();
    let stop = () => {};
    const heard = new Promise<string>((resolve) => {
      stop = this.#state.subscribe(({ entries }) => {
        const found = entries.find(({ seq, line, kind }) => {
          return seq > from && kind !== 'sent' && fits(line);
        });
        if (found) resolve(found.line);
      });
    });
    const tooLate = this.#time.sleep(ms, late.signal).then(
      () => null,
      () => null,
    );
    try {
      return await Promise.race([heard, tooLate]);
    } finally {
      stop();
      late.abort();
    }
  }

  sleep(ms: number): Promise<void> {
    return this.#time.sleep(ms);
  }

  clear(): void {
    this.#state.patch({ entries: [], dropped: 0 });
  }

  async #answered(line: string, waitMs: number): Promise<void> {
    if (this.#unit.state.value.hello) {
      const answer = await this.#unit.sendAt(line, waitMs);
      const { final, ms } = (answer ?? {}) as { final?: string; ms?: number };
      if (final !== undefined) this.#add('final', final, ms);
      return;
    }
    const ended = new Promise<boolean>((resolve) => {
      this.#ended = () => resolve(true);
    });
    await this.#unit.sendAt(line);
    const late = new AbortController();
    const tooLong = this.#time.sleep(waitMs + ON_THE_WAY_MS, late.signal).then(
      () => false,
      () => false,
    );
    const isAnswered = await Promise.race([ended, tooLong]);
    late.abort();
    if (!isAnswered) throw silent();
  }

  #hear(item: ConsoleItem): void {
    if (item.kind === 'event' && item.event.ev === 'at') this.#take(item.event.line);
    else if (item.kind === 'log' && !this.#unit.state.value.hello) this.#takeRaw(item.text);
  }

  /** A pass-through firmware gives every line of the modem, its echo and its last one included. */
  #takeRaw(text: string): void {
    const line = text.trim();
    // ESP-IDF's own lines are no words of the modem.
    if (line === '' || /^[EWIDV] \(\d+\) /.test(line)) return;
    if (this.#call && isFinal(line)) {
      this.#add('final', line, this.#time.now() - this.#began);
      this.#ended?.();
    } else this.#take(line);
  }

  #take(line: string): void {
    // An echo is what was sent, and is shown as that already.
    if (line.trim().toUpperCase() === this.#state.value.running?.toUpperCase()) return;
    this.#add(this.#isAnswer(line) ? 'answer' : 'unasked', line);
  }

  /** A named line answers the command of its name; one without a name answers what was asked. */
  #isAnswer(line: string): boolean {
    if (!this.#call) return false;
    const name = parseLine(line)?.name;
    if (name === undefined || name === '+IP ERROR') return !/^(RDY|RECV FROM:|\+IPD)/.test(line);
    // AT+CCID is answered as +ICCID.
    return name === this.#call.name || (name === '+ICCID' && this.#call.name === '+CCID');
  }

  #add(kind: AtEntry['kind'], line: string, tookMs?: number): void {
    this.#seq += 1;
    const isWord = kind === 'answer' || kind === 'unasked' || kind === 'final';
    const asked = kind === 'unasked' ? null : (this.#call?.name ?? null);
    const entry: AtEntry = {
      ...{ seq: this.#seq, at: this.#time.now(), kind, line },
      facts: isWord ? decode(line, asked, this.#call?.kind === 'read') : null,
      ...(tookMs !== undefined && { tookMs }),
    };
    const { entries, dropped } = this.#state.value;
    const over = entries.length >= ENTRIES_MAX ? 1 : 0;
    this.#state.patch({ entries: [...entries.slice(over), entry], dropped: dropped + over });
  }

  #remember(line: string): void {
    // A PIN is for the SIM, not for whoever presses the arrow next.
    if (/^AT\+CPIN=/i.test(line)) return;
    const others = this.#state.value.history.filter((one) => one !== line);
    this.#state.patch({ history: [...others, line].slice(-HISTORY_MAX) });
  }
}

function refusalOf(line: string): string | null {
  if (line.length > LINE_CHARACTERS_MAX)
    return msg('A line may have 255 characters. Shorten it, then send it again.');
  if (!/^[\x20-\x7E]*$/.test(line))
    return msg('A modem reads plain letters, digits and signs only. Take the others out.');
  return null;
}

const silent = () =>
  new AppError('unit_silent', msg('Nothing answered.'), {
    hint: msg('The modem may be busy, or the firmware does not pass AT commands on.'),
  });
