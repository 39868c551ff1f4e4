/**
 * One TCP socket through slow air: two queues of work, up and down, each in order and each no
 * earlier than the radio allows. While the radio is down the work waits; after STALL_MS the socket
 * gives up. It knows neither AT nor which network port is behind it.
 */

import type { Connection } from '../network/network.ts';
import type { Timers } from './timers.ts';

/** How long a socket survives without radio before TCP gives up; shortened to suit a page. */
export const STALL_MS = 60_000;
/** How often stuck work is tried again. */
const RETRY_MS = 1000;
/** Air rate both ways, bits per ms; Cat-NB2 reaches about 60 kbit/s in the field, often half. */
const AIR_BITS_PER_MS = 30;
/** Bytes a socket may hold on the way down; beyond, the connection is cut. */
const DOWN_BYTES_MAX = 512 * 1024;

/** What the sockets need to know about the radio. */
export interface SocketRadio {
  /** False while nothing gets through; the bytes wait. */
  up(): boolean;
  latencyMs(): readonly [min: number, max: number];
  blockBytes: number;
}

interface Work {
  readyAtMs: number;
  run: () => void;
}

/** Work in order, each at its time, while the radio is up. */
class Lane {
  readonly #timers: Timers;
  readonly #radio: SocketRadio;
  readonly #onStall: () => void;
  #queue: Work[] = [];
  #lastAtMs = 0;
  #blockedSinceMs: number | null = null;
  #running = false;

  constructor(timers: Timers, radio: SocketRadio, onStall: () => void) {
    this.#timers = timers;
    this.#radio = radio;
    this.#onStall = onStall;
  }

  /** `latencyMs` passes for each; `airMs` is what the bytes themselves take, one after another. */
  push(latencyMs: number, airMs: number, run: () => void): void {
    const now = this.#timers.now();
    this.#lastAtMs = Math.max(now + latencyMs, this.#lastAtMs) + airMs;
    this.#queue.push({ readyAtMs: this.#lastAtMs, run });
    if (!this.#running) this.#next();
  }

  clear(): void {
    this.#queue = [];
  }

  #next(): void {
    const first = this.#queue[0];
    this.#running = first !== undefined;
    if (first !== undefined) this.#wait(first.readyAtMs - this.#timers.now());
  }

  #wait(ms: number): void {
    this.#timers.after(ms, () => this.#fire());
  }

  #fire(): void {
    if (this.#queue.length > 0 && !this.#radio.up()) {
      const now = this.#timers.now();
      this.#blockedSinceMs ??= now;
      if (now - this.#blockedSinceMs < STALL_MS) {
        this.#wait(RETRY_MS);
        return;
      }
      this.#queue = [];
      this.#running = false;
      this.#onStall();
      return;
    }
    this.#blockedSinceMs = null;
    this.#queue.shift()?.run();
    this.#next();
  }
}

/** One socket, from CIPOPEN to its end. */
export class Socket {
  state: 'opening' | 'open' = 'opening';
  /** Last virtual ms at which the host was given something or gave something. */
  touchedMs: number;
  onStall: () => void = () => {};
  readonly peer: { host: string; port: number };
  readonly #timers: Timers;
  readonly #radio: SocketRadio;
  readonly #latency: () => number;
  readonly #up: Lane;
  readonly #down: Lane;
  #connection: Connection | null = null;
  #waitsForHost = false;
  #ended = false;
  #disposed = false;
  #downBytes = 0;

  constructor(
    timers: Timers,
    peer: { host: string; port: number },
    radio: SocketRadio,
    latency: () => number,
  ) {
    this.#timers = timers;
    this.peer = peer;
    this.#radio = radio;
    this.#latency = latency;
    this.touchedMs = timers.now();
    this.#up = new Lane(timers, radio, () => this.onStall());
    this.#down = new Lane(timers, radio, () => this.onStall());
  }

  /** True from the moment the host was asked for something until it has ended the connection. */
  get awaitingHost(): boolean {
    return this.#waitsForHost && !this.#ended;
  }

  /** Runs `run` when `bytes` have crossed the air towards the network. */
  up(bytes: number, run: () => void): void {
    this.#up.push(this.#latency(), (bytes * 8) / AIR_BITS_PER_MS, () => {
      if (!this.#disposed) run();
    });
  }

  /** Runs `run` when `bytes` have crossed the air towards the unit. */
  down(bytes: number, run: () => void): void {
    this.#down.push(this.#latency(), (bytes * 8) / AIR_BITS_PER_MS, () => {
      if (!this.#disposed) run();
    });
  }

  connected(connection: Connection): void {
    if (this.#ended) return;
    this.#connection = connection;
    this.#touch(true);
  }

  hostAnswered(): void {
    this.#touch(false);
  }

  hostEnded(): void {
    this.#ended = true;
    this.#connection = null;
  }

  /** Bytes of the unit, already across the air; `false` if the connection is gone. */
  send(bytes: Uint8Array): boolean {
    if (this.#connection === null) return false;
    this.#touch(true);
    this.#connection.write(bytes);
    return true;
  }

  /** Bytes of the host, cut into blocks as +IPD shows them. */
  receive(bytes: Uint8Array, deliver: (block: Uint8Array) => void): void {
    if (this.#disposed) return;
    this.touchedMs = this.#timers.now();
    this.#downBytes += bytes.length;
    if (this.#downBytes > DOWN_BYTES_MAX) {
      this.onStall();
      return;
    }
    for (let at = 0; at < bytes.length; at += this.#radio.blockBytes) {
      const block = bytes.slice(at, at + this.#radio.blockBytes);
      this.down(block.length, () => {
        this.#downBytes -= block.length;
        deliver(block);
      });
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#up.clear();
    this.#down.clear();
    this.#connection?.close();
    this.hostEnded();
  }

  #touch(waits: boolean): void {
    this.touchedMs = this.#timers.now();
    this.#waitsForHost = waits;
  }
}
