/**
 * The virtual SIM7028: composes UART, command interpreter, cell and TCP sockets into one modem with
 * a power switch and faults that a page or a test can set. It runs on virtual time and reaches the
 * world only through the Network port; it knows neither the board nor any host.
 *
 *   unit ──write──▶ input ▶ interpreter ▶ commands ▶ cell, sockets ──▶ Network
 *   unit ◀─onData── output ◀──────┘ answers, unsolicited lines ◀──┘
 */

import { Random } from '../street/random.ts';
import { Cell, type Stat } from './cell.ts';
import { COMMANDS, type Core } from './commands.ts';
import { type CellReport, CLOSE_REASON, DIALECT } from './dialect.ts';
import { drawIdentity } from './identity.ts';
import { frame, Interpreter } from './interpreter.ts';
import { Output } from './output.ts';
import { bandsOf, freshSettings, type Settings } from './settings.ts';
import { Sockets } from './sockets.ts';
import { Timers } from './timers.ts';
import * as types from './types.ts';

export * from './types.ts';

/** Registration may be lost so long before the IP stack is closed. */
const CONTEXT_GRACE_MS = 20_000;
/** From the SIM's line to `SMS Ready`. */
const SMS_READY_MS = 600;
const RESTART_POLL_MS = 20;
/** The address shown in RECV FROM for a host given by name (RFC 5737, documentation). */
const SHOWN_ADDRESS = '203.0.113.10';

const encoder = new TextEncoder();

/** A SIM7028 with its SIM, its antenna and its faults. */
export class VirtualModem {
  /** Bytes to the unit. Set it before time runs. */
  onData: (bytes: Uint8Array) => void = () => {};
  readonly #options: types.ModemOptions;
  readonly #timers: Timers;
  readonly #random: Random;
  readonly #settings: Settings;
  readonly #cell: Cell;
  readonly #sockets: Sockets;
  readonly #output: Output;
  readonly #interpreter: Interpreter;
  readonly #identity: ReturnType<typeof drawIdentity>;
  #powered = false;
  #ready = false;
  /** A restart that never ends (failStep 6). */
  #hung = false;
  #networkDown = false;
  #cancelUrcTimer: () => void = () => {};
  #failStep: types.BringUpStep | null = null;

  constructor(
    options: Partial<types.ModemOptions> & Pick<types.ModemOptions, 'clock' | 'network'>,
  ) {
    this.#options = { ...types.MODEM_DEFAULTS, ...options };
    this.#timers = new Timers(options.clock);
    this.#random = new Random(this.#options.seed, 1);
    this.#identity = drawIdentity(this.#random);
    this.#settings = freshSettings();
    this.#output = new Output(this.#timers, this.#options, (bytes) => this.onData(bytes));
    this.#cell = this.#makeCell();
    this.#sockets = this.#makeSockets();
    this.#interpreter = new Interpreter(this.#makeCore(), COMMANDS, this.#output);
    if (this.#options.powered) this.setPowered(true);
  }

  /** Bytes from the unit. Lost while the power is off or the modem boots. */
  write(bytes: Uint8Array): void {
    if (this.#ready && this.#failStep !== 1) this.#interpreter.write(bytes);
  }

  /** True while a TCP request waits for the host: virtual time should not run faster than 1×. */
  get awaitingHost(): boolean {
    return this.#sockets.awaitingHost;
  }

  get status(): types.ModemStatus {
    return {
      powered: this.#powered,
      ready: this.#ready,
      sim: this.#options.sim,
      csq: this.#options.csq,
      registration: this.#options.registration,
      cereg: this.#cell.stat,
      netOpen: this.#settings.netOpen,
      sockets: this.#sockets.count,
      networkDown: this.#networkDown,
      failStep: this.#failStep,
    };
  }

  /** Off: silence, everything volatile is gone. On: boots. */
  setPowered(on: boolean): void {
    if (on === this.#powered) return;
    this.#powered = on;
    this.#stop();
    if (on) this.#boot();
  }

  setSim(sim: types.SimState): void {
    if (sim === this.#options.sim) return;
    this.#options.sim = sim;
    this.#cell.inputs.sim = sim;
    if (this.#ready) this.#urc(DIALECT.cpin[sim]);
    this.#cell.update();
  }

  /** `csq`: 0…31 or 99, as AT+CSQ says; anything else becomes 99. */
  setSignal(csq: number): void {
    this.#options.csq = Number.isInteger(csq) && csq >= 0 && csq <= 31 ? csq : 99;
    this.#cell.inputs.csq = this.#options.csq;
    this.#cell.update();
  }

  setRegistration(registration: types.Registration): void {
    this.#options.registration = registration;
    this.#cell.inputs.registration = registration;
    this.#cell.update();
  }

  /** Holds from the next search on. */
  setRegistrationDelay(ms: number): void {
    this.#cell.inputs.delayMs = Math.max(0, ms);
  }

  /** Makes exactly that bring-up command fail, the way it fails in the field; null: none. */
  failStep(step: types.BringUpStep | null): void {
    this.#failStep = step;
    this.#cell.inputs.blocked = step === 7;
    this.#cell.update();
    if (this.#hung && step !== 6) this.#boot();
  }

  /** The radio is fine, nothing beyond it answers; bytes wait, sockets give up after a minute. */
  setNetworkDown(down: boolean): void {
    this.#networkDown = down;
  }

  /** The next command is obeyed, and its answer lost. */
  dropNextAnswer(): void {
    this.#interpreter.dropNext();
  }

  /** Answers leave in pieces of `bytes` with `gapMs` between; 0: whole. */
  setPieces(bytes: number, gapMs = 1): void {
    this.#output.pacing = { ...this.#output.pacing, pieceBytes: bytes, pieceGapMs: gapMs };
  }

  /** Bits per second of the line to the unit; 0: no limit. */
  setBaud(baud: number): void {
    this.#output.pacing = { ...this.#output.pacing, baud };
  }

  /** `AT+IPADDR` answers without an address, or with it again. */
  setEmptyIpAddr(empty: boolean): void {
    this.#options.emptyIpAddr = empty;
  }

  /** Mean time between lines nobody asked for; 0: none. */
  setUrcInterval(meanMs: number): void {
    this.#options.urcIntervalMs = meanMs;
    this.#cancelUrcTimer();
    if (this.#ready) this.#scheduleUrc();
  }

  /** Stops every timer and closes every socket. The modem is off afterwards. */
  dispose(): void {
    this.setPowered(false);
  }

  #stop(): void {
    this.#ready = false;
    this.#hung = false;
    this.#timers.clear();
    this.#output.reset();
    this.#interpreter.reset();
    this.#sockets.closeAll();
    // What survives is in the module's own flash: contexts, band lock, power saving.
    const { contexts, bands, psm } = this.#settings;
    Object.assign(this.#settings, freshSettings(), { contexts, bands, psm });
    const searched = bandsOf(bands);
    Object.assign(this.#cell.inputs, { on: false, forced: null, detached: false, searched });
    this.#cell.update();
  }

  #boot(): void {
    this.#hung = false;
    this.#timers.after(this.#options.bootMs, () => {
      this.#ready = true;
      for (const line of DIALECT.boot.first) this.#urc(line);
      this.#urc(DIALECT.cpin[this.#options.sim]);
      this.#timers.after(SMS_READY_MS, () => {
        for (const line of DIALECT.boot.last) this.#urc(line);
        this.#cell.inputs.on = true;
        this.#cell.update();
      });
      this.#scheduleUrc();
    });
  }

  /** The answer to the restart command still has to leave, however slow the line is. */
  #restart(): void {
    if (!this.#output.idle) {
      this.#timers.after(RESTART_POLL_MS, () => this.#restart());
      return;
    }
    this.#stop();
    this.#hung = this.#failStep === 6;
    if (!this.#hung) this.#boot();
  }

  #scheduleUrc(): void {
    const { urcIntervalMs } = this.#options;
    if (urcIntervalMs <= 0) return;
    this.#cancelUrcTimer = this.#timers.after(this.#random.gap(urcIntervalMs), () => {
      const line =
        DIALECT.spontaneousUrcs[this.#random.whole(0, DIALECT.spontaneousUrcs.length - 1)];
      if (line !== undefined) this.#urc(line);
      this.#scheduleUrc();
    });
  }

  #urc(line: string): void {
    if (this.#failStep !== 1) this.#interpreter.unsolicited(encoder.encode(frame(line)));
  }

  #registrationChanged(stat: Stat): void {
    if (this.#settings.ceregN > 0) {
      this.#urc(DIALECT.ceregUrc(this.#settings.ceregN, stat, this.#cellReport()));
    }
    if (!this.#settings.netOpen || this.#cell.registered) return;
    this.#timers.after(CONTEXT_GRACE_MS, () => {
      if (!this.#cell.registered) this.#dropNetwork(true);
    });
  }

  #dropNetwork(announce: boolean): void {
    const wasOpen = this.#settings.netOpen;
    this.#settings.netOpen = false;
    this.#settings.netOpening = false;
    this.#sockets.closeAll();
    if (wasOpen && announce) this.#urc(DIALECT.netLost);
  }

  #cellReport(): CellReport | null {
    if (!this.#cell.registered) return null;
    const { plmn, band, earfcn } = this.#cell.operator;
    const rssiDbm = -113 + 2 * this.#options.csq;
    // RSRP is measured on one subcarrier of twelve: 10·log10(12) ≈ 11 dB below.
    return { plmn, band, earfcn, rssiDbm, rsrpDbm: rssiDbm - 11, tac: '2B0C', cellId: 137_432_835 };
  }

  #received(socket: number, bytes: Uint8Array): void {
    const peer = this.#sockets.get(socket)?.peer;
    if (peer === undefined) return;
    const address = /^[\d.]+$/.test(peer.host) ? peer.host : SHOWN_ADDRESS;
    const head = encoder.encode(DIALECT.received(address, peer.port, bytes.length));
    const whole = new Uint8Array(head.length + bytes.length);
    whole.set(head);
    whole.set(bytes, head.length);
    this.#interpreter.unsolicited(whole);
  }

  #makeCell(): Cell {
    const { sim, csq, registration, registrationDelayMs } = this.#options;
    const searched = bandsOf(this.#settings.bands);
    const inputs = { on: false, forced: null, detached: false, blocked: false, searched };
    const start = { ...inputs, sim, csq, registration, delayMs: registrationDelayMs };
    return new Cell(this.#timers, start, (stat) => this.#registrationChanged(stat));
  }

  #makeSockets(): Sockets {
    const { network, latencyMs, receiveBlockBytes } = this.#options;
    const up = (): boolean => this.#cell.registered && this.#settings.netOpen && !this.#networkDown;
    return new Sockets({
      timers: this.#timers,
      network,
      radio: { up, latencyMs: () => latencyMs, blockBytes: receiveBlockBytes },
      random: this.#random,
      events: {
        opened: (socket, error) => this.#urc(DIALECT.cipopen(socket, error)),
        received: (socket, bytes) => this.#received(socket, bytes),
        ended: (socket, stalled) => {
          const reason = stalled ? CLOSE_REASON.send_failed : CLOSE_REASON.remote;
          this.#urc(DIALECT.ipclose(socket, reason));
        },
      },
    });
  }

  #makeCore(): Core {
    const modem = this;
    return {
      options: this.#options,
      settings: this.#settings,
      cell: this.#cell,
      sockets: this.#sockets,
      timers: this.#timers,
      random: this.#random,
      identity: this.#identity,
      get fail() {
        return modem.#failStep;
      },
      cellReport: () => this.#cellReport(),
      urc: (line) => this.#urc(line),
      setEcho: (on) => this.#interpreter.setEcho(on),
      restart: () => this.#restart(),
      dropNetwork: (announce) => this.#dropNetwork(announce),
    };
  }
}
