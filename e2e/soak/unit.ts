/**
 * One unit of the soak: a virtual board with the built firmware in its flash, a script of faults,
 * and a notebook of what really happened to it. Knows no database and no judgement.
 */
import { type BoardEvent, VirtualBoard } from '../../firmware/virtual/board.ts';
import { applyCommand, type BoardCommand } from '../../firmware/virtual/commands.ts';
import { type Backend, BackendNetwork } from '../../firmware/virtual/network/backend-network.ts';
import { FaultyNetwork } from '../../firmware/virtual/script/faulty-network.ts';
import { playScript } from '../../firmware/virtual/script/player.ts';
import type { Script } from '../../firmware/virtual/script/script.ts';
import { droppedCount, preparedFlash } from './flash.ts';
import type { Boot, UnitTruth } from './oracle.ts';

const RS = '\u001e';

export interface SoakUnitOptions {
  unit: string;
  token: string;
  seed: number;
  /** True time at which it is switched on for the first time, epoch ms. */
  startMs: number;
  script: Script;
  /** Its backend; `nowMs` is the true time at the unit. */
  backend(nowMs: () => number): Backend;
}

export class SoakUnit {
  readonly #options: SoakUnitOptions;
  readonly #board: VirtualBoard;
  readonly #boots: Boot[] = [];
  readonly #pressesMs: number[] = [];
  readonly #syncsMs: number[] = [];
  readonly #confirmed = new Set<number>();
  #text = '';
  #cutInWrite = false;

  constructor(options: SoakUnitOptions) {
    this.#options = options;
    const { unit, token, seed, startMs, script } = options;
    const network = new FaultyNetwork(
      new BackendNetwork(options.backend(() => this.nowMs)),
      (ms, fn) => board.schedule(board.now + ms, fn),
    );
    const flash = preparedFlash(unit, token);
    const board = new VirtualBoard({ network, seed, flash, stepped: true, startTime: startMs });
    this.#board = board;
    board.onEvent = (event) => this.#noteEvent(event);
    board.onSerial = (bytes) => this.#listen(bytes);
    playScript(script, {
      board,
      faults: network.faults,
      onEvent: ({ do: what }) => {
        if (what === 'press') this.#pressesMs.push(this.nowMs);
      },
      onCut: () => {
        this.#cutInWrite = true;
      },
    });
  }

  /** True epoch ms at the unit. */
  get nowMs(): number {
    return this.#options.startMs + this.#board.now;
  }

  /** Lives for `ms`. */
  async live(ms: number): Promise<void> {
    if (!this.#board.powered && this.#boots.length === 0) this.#board.powerOn();
    await this.#board.advance(ms);
  }

  /** Does to it what no script says. */
  command(command: BoardCommand): void {
    applyCommand(this.#board, command);
  }

  /** Ends the unit. */
  end(): UnitTruth {
    this.#endBoot();
    const truth: UnitTruth = {
      unit: this.#options.unit,
      boots: this.#boots,
      pressesMs: this.#pressesMs,
      syncsMs: this.#syncsMs,
      confirmed: this.#confirmed,
      dropped: droppedCount(this.#board.flash.bytes),
    };
    this.#board.dispose();
    return truth;
  }

  #noteEvent(event: BoardEvent): void {
    if (event.type === 'reset') {
      this.#endBoot();
      const onMs = this.nowMs;
      this.#boots.push({ onMs, offMs: Infinity, syncedMs: null, cutInWrite: false });
    } else if (event.type === 'power' && !event.on) {
      this.#endBoot();
    }
  }

  #endBoot(): void {
    const boot = this.#boots.at(-1);
    if (!boot || boot.offMs !== Infinity) return;
    boot.offMs = this.nowMs;
    boot.cutInWrite = this.#cutInWrite;
    this.#cutInWrite = false;
  }

  /** Console records of interest; the rest of the log goes by. */
  #listen(bytes: Uint8Array): void {
    this.#text += String.fromCharCode(...bytes);
    const lines = this.#text.split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) {
      const at = line.indexOf(RS);
      if (at >= 0) this.#noteRecord(line.slice(at + 1));
    }
  }

  #noteRecord(json: string): void {
    if (!json.includes('"ok":true')) return;
    const record = JSON.parse(json) as { ev?: string; seq?: number };
    if (record.ev === 'reading' && record.seq !== undefined) this.#confirmed.add(record.seq);
    if (record.ev !== 'heartbeat') return;
    this.#syncsMs.push(this.nowMs);
    const boot = this.#boots.at(-1);
    if (boot) boot.syncedMs ??= this.nowMs;
  }
}
