/** A virtual unit in a process of its own (`npm run board`), with its power switch. */

import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../../scripts/start/options.ts';
import { freePort } from '../../scripts/start/ports.ts';

export const HOST = '127.0.0.1';

export class Board {
  /** Of its RFC 2217 server. */
  readonly port: number;
  readonly #control: number;
  readonly #process: ChildProcess;

  private constructor(port: number, control: number, process: ChildProcess) {
    this.port = port;
    this.#control = control;
    this.#process = process;
  }

  /**
   * @param seed its MAC, street and modem come from it
   * @param speed of its program and its modem; the flash keeps a real chip's pace
   */
  static async start(seed: number, speed: number): Promise<Board> {
    const [port, control] = [await freePort(), await freePort()];
    const numbers = { port, control, timing: 1, seed, speed };
    const args = Object.entries(numbers).flatMap(([name, n]) => [`--${name}`, String(n)]);
    const child = spawn(process.execPath, [join(ROOT, 'scripts', 'board.ts'), ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (chunk) => {
        said += chunk;
        if (said.includes('Control port')) resolve();
      });
      child.once('exit', () => reject(new Error('npm run board ended')));
    });
    return new Board(port, control, child);
  }

  async power(on: boolean): Promise<void> {
    const socket = connect(this.#control, HOST);
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.write(`${JSON.stringify({ cmd: 'power', on })}\n`, () => resolve());
    });
    // answered in order with the board's events; the effect is what the test looks at
    await sleep(200);
    socket.destroy();
  }

  stop(): void {
    this.#process.kill();
  }
}

interface Serial {
  getPorts(): Promise<{ getInfo(): { usbVendorId?: number; usbProductId?: number } }[]>;
}

/** Runs in the page; the policy lets it see the ports without the browser's chooser. */
export async function portIds(): Promise<string[]> {
  const { serial } = navigator as unknown as { serial: Serial };
  const ports = await serial.getPorts();
  return ports.map((port) => {
    const { usbVendorId, usbProductId } = port.getInfo();
    return `${usbVendorId?.toString(16)}:${usbProductId?.toString(16)}`;
  });
}
