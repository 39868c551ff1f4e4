/**
 * The rig: Debian's Chromium with units on its USB port that do not exist. Starts the testbed,
 * compiles the preload library, and ties each plugged unit to an RFC 2217 server (`npm run board`).
 * Knows neither the page nor what is said over the port.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Rfc2217Client } from '../../scripts/serial/rfc2217-client.ts';

const POLICY_FILE = '/etc/chromium/policies/managed/jambench-usb-test.json';
export const CHROMIUM = '/usr/bin/chromium';
/** Debian's own: it has the bindings of the package python3-gi, another Python has not. */
const PYTHON = '/usr/bin/python3';
const UMOCKDEV_PRELOAD = 'libumockdev-preload.so.0';

/** Why the rig cannot run on this machine, or null when it can. */
export function rigMissing(): string | null {
  if (process.platform !== 'linux') return 'umockdev, which the rig needs, exists on Linux only';
  if (!existsSync(CHROMIUM)) return `no ${CHROMIUM} (Debian package chromium)`;
  if (!existsSync('/usr/bin/umockdev-wrapper')) return 'Debian package umockdev is not installed';
  if (!runs('cc', ['--version'])) return 'no C compiler (Debian package gcc)';
  if (!runs(PYTHON, ['-c', "import gi; gi.require_version('UMockdev', '1.0')"]))
    return 'Debian packages python3-gi and gir1.2-umockdev-1.0 are not installed';
  if (!writable(dirname(POLICY_FILE)))
    return `no right to write ${dirname(POLICY_FILE)}, which needs root`;
  return null;
}

function runs(command: string, args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function writable(directory: string): boolean {
  try {
    let existing = directory;
    while (!existsSync(existing)) existing = dirname(existing);
    accessSync(existing, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Real units carry their MAC here. */
const SERIALS: Record<string, string> = {
  ttyACM0: '02:4A:42:00:00:01',
  ttyACM1: '02:4A:42:00:00:02',
};

interface PluggedUnit {
  servers: Server[];
  client: Rfc2217Client;
  sockets: Set<Socket>;
}

export class UsbRig {
  /** What Chromium's environment must hold in addition. */
  readonly env: Record<string, string>;
  readonly #directory: string;
  readonly #testbed: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #units = new Map<string, PluggedUnit>();

  private constructor(
    directory: string,
    testbed: ChildProcess,
    answers: AsyncIterator<string>,
    tree: string,
  ) {
    this.#directory = directory;
    this.#testbed = testbed;
    this.#answers = answers;
    this.env = {
      LD_PRELOAD: `${join(directory, 'shim.so')}:${UMOCKDEV_PRELOAD}`,
      UMOCKDEV_DIR: tree,
      JAMBENCH_USB_DIR: directory,
    };
  }

  /** @param origin the page that may use the port without asking, like http://localhost:5171 */
  static async start(origin: string): Promise<UsbRig> {
    // left by a test that was killed together with its testbed
    rmSync(POLICY_FILE, { force: true });
    const directory = mkdtempSync(join(tmpdir(), 'jambench-usb-'));
    const here = import.meta.dirname;
    const shim = [join(here, 'shim.c'), '-o', join(directory, 'shim.so')];
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-Wall', ...shim, '-ldl']);
    const testbed = spawn(
      'umockdev-wrapper',
      [PYTHON, join(here, 'testbed.py'), directory, origin, POLICY_FILE],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const answers = createInterface({ input: testbed.stdout })[Symbol.asyncIterator]();
    const first = await answers.next();
    if (first.done) throw new Error('the USB testbed ended before it was ready');
    const tree = (JSON.parse(first.value) as { umockdev_dir: string }).umockdev_dir;
    return new UsbRig(directory, testbed, answers, tree);
  }

  /**
   * Plugs the unit behind an RFC 2217 port in as /dev/ttyACM0, or another; the page gets `connect`.
   */
  async plug(host: string, port: number, name = 'ttyACM0'): Promise<void> {
    const client = await Rfc2217Client.open(host, port);
    const sockets = new Set<Socket>();
    const data = await this.#listen(`${name}.data`, sockets, (socket) => {
      client.onData = (bytes) => socket.write(bytes);
      socket.on('data', (bytes) => client.write(bytes));
    });
    let turn: Promise<void> = Promise.resolve();
    const lines = await this.#listen(`${name}.lines`, sockets, (socket) => {
      socket.on('data', (message) => {
        const [dtr, rts] = message.subarray(-2).toString('latin1');
        turn = turn.then(async () => {
          await client.setLines({ dtr: dtr === '1', rts: rts === '1' });
          if (!socket.destroyed) socket.write('k');
        });
      });
    });
    this.#units.set(name, { servers: [data, lines], client, sockets });
    await this.#command({ plug: name, serial: SERIALS[name] ?? '' });
  }

  /** Pulls the cable: the open port fails as a real one, the page gets `disconnect`. */
  async unplug(name = 'ttyACM0'): Promise<void> {
    await this.#command({ unplug: name });
    this.#release(name);
  }

  async stop(): Promise<void> {
    for (const name of [...this.#units.keys()]) this.#release(name);
    const ended = new Promise((resolve) => this.#testbed.once('close', resolve));
    this.#testbed.stdin?.end();
    await ended;
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #release(name: string): void {
    const unit = this.#units.get(name);
    this.#units.delete(name);
    unit?.client.close();
    for (const socket of unit?.sockets ?? []) socket.destroy();
    for (const server of unit?.servers ?? []) server.close();
  }

  async #command(command: object): Promise<void> {
    this.#testbed.stdin?.write(`${JSON.stringify(command)}\n`);
    const line = await this.#answers.next();
    if (line.done) throw new Error('the USB testbed ended');
    const answer = JSON.parse(line.value) as { ok: boolean; error?: string };
    if (!answer.ok) throw new Error(`the USB testbed says: ${answer.error}`);
  }

  #listen(name: string, sockets: Set<Socket>, greet: (s: Socket) => void): Promise<Server> {
    const path = join(this.#directory, name);
    rmSync(path, { force: true });
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
      greet(socket);
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, () => resolve(server));
    });
  }
}
