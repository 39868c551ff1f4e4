/**
 * The unit on the cable, as a use-case: connect, see who it is, run its app and watch it, notice
 * when it is gone. Owns {@link UnitState}. Knows no page, no protocol
 * and not how units are prepared.
 */
import { msg, str } from '@lit/localize';
import { toHex } from '../../shared/bytes.ts';
import type {
  ConsoleAnswer,
  ConsoleItem,
  Hello,
  UnitStatusRecord,
} from '../../shared/console/records.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import { throwIfCancelled } from './cancel.ts';
import { consoleLine, stateAfterEvent } from './console-log.ts';
import type { FlashPlace, FlashRegion, WriteReport } from './flash-types.ts';
import { type Observable, ObservableValue } from './observable.ts';
import type {
  CommandBody,
  ConnectionListener,
  TimeSource,
  TransferOptions,
  UnitConnection,
  UnitLocks,
  UnitPort,
  VirtualUnit,
  WriteOptions,
} from './ports.ts';
import { type ChipInfo, CONSOLE_LINES_MAX, NO_UNIT, type UnitState } from './unit-state.ts';

/** The app's first tick comes within this; a passing boot log is no hello. */
const HELLO_MS = 1000;
/** How often hello is asked while the app starts: 5 s in all cover a slow boot. */
const HELLO_ATTEMPTS = 5;

/** An answer of the unit on its way over USB, with what else it has to say. */
const ON_THE_WAY_MS = 2000;

const NO_LOCKS: UnitLocks = {
  take: () => Promise.resolve(() => {}),
  heldAnywhere: () => Promise.resolve(false),
};

export class Unit {
  readonly #state = new ObservableValue<UnitState>(NO_UNIT);
  readonly #time: TimeSource;
  readonly #listeners = new Set<(item: ConsoleItem) => void>();
  readonly #lostListeners = new Set<() => void>();
  #port: UnitPort | null = null;
  #connection: UnitConnection | null = null;
  #seq = 0;
  #offLed = () => {};
  readonly #locks: UnitLocks;
  /** The chip that other tabs leave alone, because it is on this bench. */
  #held: { mac: string; letGo: () => void } | null = null;

  /** @param locks left out, nothing is held */
  constructor(time: TimeSource, locks: UnitLocks = NO_LOCKS) {
    this.#time = time;
    this.#locks = locks;
  }

  get state(): Observable<UnitState> {
    return this.#state;
  }

  /** The port in use; for a virtual unit it carries the controls. */
  get port(): UnitPort | VirtualUnit | null {
    return this.#port;
  }

  /**
   * Takes `port` and reads who the chip is. A failure stays in the state as well.
   * @throws AppError `port_busy`, `port_lost`, `no_sync`, `wrong_chip`, `cancelled`
   */
  async connect(port: UnitPort, signal?: AbortSignal): Promise<ChipInfo> {
    await this.disconnect();
    this.#port = port;
    this.#state.set({ ...NO_UNIT, phase: 'connecting', kind: port.kind });
    if ('onLed' in port) {
      this.#offLed = (port as VirtualUnit).onLed((led) => this.#state.patch({ led }));
    }
    return this.identify(signal);
  }

  /**
   * Who the chip is; puts it into download mode first, opening the port again if it was lost.
   * @throws AppError as {@link connect}
   */
  async identify(signal?: AbortSignal): Promise<ChipInfo> {
    const before = this.#state.value.chip;
    this.#state.patch({ phase: 'connecting', error: null, readings: [], heartbeat: null });
    return this.#guarded(async () => {
      const connection = await this.#connected();
      const chip = await connection.enterDownload(signal);
      await this.#hold(chip.mac);
      // What another chip has said is nothing this one has.
      const anew =
        before && before.mac !== chip.mac ? { lines: [], unrecognized: 0, led: null } : {};
      this.#state.patch({ ...anew, phase: 'connected', chip, hello: null, pattern: null });
      return chip;
    });
  }

  /** As {@link identify}, but leaves a chip alone whose stub is waiting for commands already. */
  async ready(signal?: AbortSignal): Promise<ChipInfo> {
    const { phase, loader, chip } = this.#state.value;
    return phase === 'connected' && loader === 'stub' && chip ? chip : this.identify(signal);
  }

  /** Writes `regions`, see {@link UnitConnection.write}. The chip must be in download mode. */
  write(regions: FlashRegion[], options: WriteOptions): Promise<WriteReport> {
    return this.#guarded(async () => (await this.#connected()).write(regions, options));
  }

  /** What flash holds, see {@link UnitConnection.read}. The chip must be in download mode. */
  read(place: FlashPlace, options: TransferOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return this.#guarded(async () => (await this.#connected()).read(place, options));
  }

  /** Erases all of flash, see {@link UnitConnection.erase}. */
  erase(options: TransferOptions = {}): Promise<void> {
    return this.#guarded(async () => (await this.#connected()).erase(options));
  }

  /**
   * Runs the app and watches its console.
   * @returns what the app says it is; null when it says nothing in records (a pass-through firmware
   * that only speaks AT, or none at all)
   * @throws AppError as {@link write}; `another_unit` when the app says it runs on another chip
   */
  async watch(signal?: AbortSignal): Promise<Hello | null> {
    this.#state.patch({ error: null });
    return this.#guarded(async () => {
      const connection = await this.#connected();
      await connection.runApp(signal);
      this.#state.patch({ phase: 'running', loader: null, status: null, heartbeat: null });
      const hello = await this.#hello(connection, signal);
      const { chip } = this.#state.value;
      if (chip && hello?.mac && hello.mac.toUpperCase() !== chip.mac) {
        this.#lost(); // nothing more is said to it, or believed of it
        throw anotherUnit(chip.mac, hello.mac.toUpperCase());
      }
      this.#state.patch({ hello });
      return hello;
    });
  }

  /** One console command. @throws AppError `unit_silent`, `unit_refused`, `port_lost` */
  request(command: CommandBody, timeoutMs?: number) {
    return this.#guarded(async () => (await this.#connected()).request(command, timeoutMs));
  }

  /**
   * One AT line to the modem: as a command where the app speaks records, else as it is.
   * @param timeoutMs how long the modem may take; without records nobody waits here
   * @returns the final answer, or null when it will come as a log line
   */
  async sendAt(line: string, timeoutMs?: number): Promise<(ConsoleAnswer & { ok: true }) | null> {
    if (this.#state.value.hello) {
      if (timeoutMs === undefined) return this.request({ cmd: 'at', line });
      // The unit gives up by itself, and says so a little later.
      const body = { cmd: 'at', line, timeout_ms: timeoutMs } as const;
      return this.request(body, timeoutMs + ON_THE_WAY_MS);
    }
    const bytes = new TextEncoder().encode(`${line}\r`);
    await this.#guarded(async () => (await this.#connected()).writeRaw(bytes));
    return null;
  }

  /**
   * Bytes to the modem as they are, without a line end: at most 255 where the app speaks records.
   * @throws AppError `unit_silent` when nothing answered them, which data do not ask for
   */
  async sendRaw(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#state.value.hello) await this.request({ cmd: 'at-data', hex: toHex(bytes) });
    else await this.#guarded(async () => (await this.#connected()).writeRaw(bytes));
  }

  /** Asks the running app for its status and keeps it in the state. */
  async refreshStatus(): Promise<void> {
    const answer: unknown = await this.request({ cmd: 'status' });
    this.#state.patch({ status: answer as UnitStatusRecord });
  }

  /** Every console item from now on; the result stops it. */
  listen(fn: (item: ConsoleItem) => void): () => void {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  /** When the cable is out; the result stops it. */
  onLost(fn: () => void): () => void {
    this.#lostListeners.add(fn);
    return () => this.#lostListeners.delete(fn);
  }

  async disconnect(): Promise<void> {
    const connection = this.#connection;
    this.#connection = null;
    this.#port = null;
    this.#letGo();
    this.#offLed();
    this.#offLed = () => {};
    this.#state.set(NO_UNIT);
    await connection?.close();
  }

  /** @throws AppError `port_busy` when another tab has this chip on its bench */
  async #hold(mac: string): Promise<void> {
    if (this.#held?.mac === mac) return;
    const letGo = await this.#locks.take(mac);
    if (letGo === null) {
      const connection = this.#connection;
      this.#connection = null;
      await connection?.close();
      throw inAnotherTab();
    }
    this.#letGo();
    this.#held = { mac, letGo };
  }

  #letGo(): void {
    this.#held?.letGo();
    this.#held = null;
  }

  async #connected(): Promise<UnitConnection> {
    if (this.#connection) return this.#connection;
    if (!this.#port) throw toAppError(msg('Connect a unit first.'), 'port_not_chosen');
    this.#connection = await this.#port.connect(this.#listener());
    return this.#connection;
  }

  async #hello(connection: UnitConnection, signal?: AbortSignal): Promise<Hello | null> {
    for (let attempt = 0; attempt < HELLO_ATTEMPTS; attempt++) {
      throwIfCancelled(signal);
      try {
        const answer: unknown = await connection.request({ cmd: 'hello' }, HELLO_MS);
        return answer as Hello;
      } catch (cause) {
        if (toAppError(cause).code !== 'unit_silent') throw cause;
      }
    }
    return null;
  }

  /** Keeps the reason of a failure in the state, for whoever looks only there. */
  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      const error = await this.#explained(toAppError(cause));
      if (error.code === 'port_lost') this.#lost();
      // A stub that was left in the middle of a command cannot be trusted with the next one.
      else if (this.#state.value.phase === 'connected') this.#state.patch({ loader: null });
      else if (this.#state.value.phase === 'connecting') this.#state.patch({ phase: 'none' });
      this.#state.patch({ error });
      throw error;
    }
  }

  /** A port in use is in use by another program, unless it is another tab of our own. */
  async #explained(error: AppError): Promise<AppError> {
    const ours = error.code === 'port_busy' && this.#held === null;
    return ours && (await this.#locks.heldAnywhere()) ? inAnotherTab(error) : error;
  }

  #listener(): ConnectionListener {
    return {
      item: (item) => this.#item(item),
      loader: (loader) => this.#state.patch({ loader }),
      lost: () => this.#lost(),
    };
  }

  #item(item: ConsoleItem): void {
    const at = this.#time.now();
    const state = this.#state.value;
    const line = consoleLine(item, ++this.#seq, at);
    const lines = [...state.lines.slice(1 - CONSOLE_LINES_MAX), line];
    const changes = item.kind === 'event' ? stateAfterEvent(state, item.event, at) : {};
    const unrecognized = state.unrecognized + (item.kind === 'unrecognized' ? 1 : 0);
    this.#state.patch({ ...changes, lines, unrecognized });
    for (const listener of [...this.#listeners]) listener(item);
  }

  /** The connection is of no more use; the port may come back under the same ids. */
  #lost(): void {
    const connection = this.#connection;
    this.#connection = null;
    if (this.#state.value.phase === 'none') return;
    this.#state.patch({ phase: 'lost', loader: null, hello: null, status: null });
    void connection?.close().catch(() => undefined); // it is gone already
    for (const listener of [...this.#lostListeners]) listener();
  }
}

function inAnotherTab(cause?: unknown): AppError {
  return new AppError('port_busy', msg('This unit is on the bench of another tab of JamBench.'), {
    hint: msg('Go on there, or press Disconnect there and then Try again here.'),
    cause,
  });
}

/** The unit on the cable is not the one that this began with. MACs as in {@link ChipInfo}. */
export function anotherUnit(before: string, now: string): AppError {
  return new AppError(
    'another_unit',
    msg(str`Another unit is plugged in now: ${now} instead of ${before}.`),
  );
}
