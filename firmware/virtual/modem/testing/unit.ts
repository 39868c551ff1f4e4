/**
 * The unit's side of the UART for tests: sends a command, lets virtual time run, and says what
 * came back and when. No part of the board.
 */

import { ScriptedNetwork } from '../../network/testing/scripted-network.ts';
import { VirtualModem } from '../modem.ts';
import type { ModemOptions } from '../types.ts';
import { TestClock } from './clock.ts';

const STEP_MS = 5;

/** A modem on a test clock and a scripted network, and the pen that writes to it. */
export class TestUnit {
  readonly clock = new TestClock();
  readonly network: ScriptedNetwork;
  readonly modem: VirtualModem;
  /** Every piece as it came. */
  readonly pieces: Uint8Array[] = [];
  #from = 0;
  #text = '';

  constructor(options: Partial<ModemOptions> = {}, network = new ScriptedNetwork()) {
    this.network = network;
    this.modem = new VirtualModem({ clock: this.clock, network, ...options });
    this.modem.onData = (bytes) => {
      this.pieces.push(bytes);
      this.#text += String.fromCharCode(...bytes);
    };
  }

  /** What came since the last `send`, as Latin-1 text. */
  get text(): string {
    return this.#text.slice(this.#from);
  }

  /** The lines that came since the last `send`, without empty ones. */
  get lines(): string[] {
    return this.text.split('\r\n').filter((line) => line !== '');
  }

  /** Lets time pass, and the far ends answer. */
  run(ms: number): this {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      this.clock.advance(Math.min(STEP_MS, ms - passed));
      this.network.settle();
    }
    return this;
  }

  write(text: string): this {
    this.modem.write(Uint8Array.from(text, (character) => character.charCodeAt(0)));
    return this;
  }

  /** Forgets what came so far, writes `command` and CR LF, and lets `ms` pass. */
  send(command: string, ms = 100): string[] {
    this.#from = this.#text.length;
    this.write(`${command}\r\n`).run(ms);
    return this.lines;
  }

  /** Runs until `expected` occurs in the text since the last `send`; the ms it took, or null. */
  until(expected: string, timeoutMs: number): number | null {
    const start = this.clock.now();
    while (!this.text.includes(expected)) {
      if (this.clock.now() - start >= timeoutMs) return null;
      this.run(STEP_MS);
    }
    return this.clock.now() - start;
  }

  /** Boots and switches the echo off. */
  ready(): this {
    this.run(4000);
    this.send('ATE0');
    return this;
  }

  /** Boots and opens the IP stack. */
  online(): this {
    this.ready().run(9000);
    this.send('AT+CGDCONT=0,"IP","hologram"');
    this.send('AT+NETOPEN');
    if (this.until('+NETOPEN: 0', 5000) === null) throw new Error(`not online: ${this.text}`);
    return this;
  }

  /** Opens socket 0 to `host:port`, which the script must accept. */
  connect(host = 'sensors.example.net', port = 80): this {
    this.send(`AT+CIPOPEN=0,"TCP","${host}",${port}`);
    if (this.until('+CIPOPEN: 0,0', 5000) === null) throw new Error(`not open: ${this.text}`);
    return this;
  }
}
