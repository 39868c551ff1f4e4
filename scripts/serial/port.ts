/**
 * The ways to a unit for the probe: an RFC 2217 server (`npm run board`, Espressif's
 * esp_rfc2217_server), whose lines reset the chip, or the unit's own port on Linux and macOS. Node
 * cannot drive the lines of a port, so there the chip is reset by its watchdog, told before to stay
 * in download mode. Knows neither the recording nor what answers mean.
 */
import { constants, existsSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReadStream, WriteStream } from 'node:tty';
import { OP } from '../../firmware/virtual/rom/protocol.ts';
import { AppError } from '../../shared/errors.ts';
import { request, SYNC, words } from './requests.ts';
import { Rfc2217Client } from './rfc2217-client.ts';

/** How long the lines of the reset pattern are held, as esptool does. */
const LINE_MS = 100;
/** A reset may make the port come anew. */
const BACK_WITHIN_MS = 8000;
const LOOK_EVERY_MS = 200;
/** 2000 ticks of the slow clock, and the start. */
const WATCHDOG_MS = 500;
const ANSWER_MS = 100;

export interface ProbePort {
  onBytes: (bytes: Uint8Array) => void;
  write(bytes: Uint8Array): void;
  /** False: a chip that answers nothing any more can only be reset by hand. */
  readonly resetsAlways: boolean;
  /** Resets the chip into download mode. @throws AppError `no_sync`, `port_lost` */
  enterDownload(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param where `host:port`, `rfc2217://host:port` or the path of a port
 * @param lineMs for servers that do not need their time
 * @throws AppError `port_lost` when nothing is there
 */
export async function openPort(where: string, lineMs = LINE_MS): Promise<ProbePort> {
  const tcp = /^(?:rfc2217:\/\/)?([\w.-]+):(\d+)$/.exec(where);
  if (!tcp) return new TtyPort(where);
  const [, host = '', port = ''] = tcp;
  try {
    return new LinesPort(await Rfc2217Client.open(host, Number(port)), lineMs);
  } catch (cause) {
    throw new AppError('port_lost', `Nothing answers at ${host}:${port}.`, { cause });
  }
}

class LinesPort implements ProbePort {
  onBytes: (bytes: Uint8Array) => void = () => {};
  readonly resetsAlways = true;
  readonly #client: Rfc2217Client;
  readonly #lineMs: number;
  #released = false;

  constructor(client: Rfc2217Client, lineMs: number) {
    this.#client = client;
    this.#lineMs = lineMs;
    client.onData = (bytes) => this.onBytes(bytes);
  }

  write(bytes: Uint8Array): void {
    this.#client.write(bytes);
  }

  /** The chip's own pattern (esptool USBJTAGSerialReset); servers for bridges know it, too. */
  async enterDownload(): Promise<void> {
    if (!this.#released) await this.#client.setLines({ dtr: true, rts: true });
    this.#released = true; // a server may take the first release for the end of opening
    await this.#client.setLines({ dtr: false, rts: false });
    await sleep(this.#lineMs);
    await this.#client.setLines({ dtr: true, rts: false });
    await sleep(this.#lineMs);
    await this.#client.setLines({ dtr: true, rts: true });
    await this.#client.setLines({ dtr: false, rts: true });
    await sleep(this.#lineMs);
    await this.#client.setLines({ dtr: false, rts: false });
  }

  async close(): Promise<void> {
    this.#client.close();
  }
}

const RTC_OPTION1 = 0x6000812c;
const RTC_WDT = { protect: 0x600080b0, config0: 0x60008098, config1: 0x6000809c };
const WDT_KEY = 0x50d83aa1;
/** As esptool's watchdog reset sets it. */
const WDT_RESET = 0xd0000102;

class TtyPort implements ProbePort {
  onBytes: (bytes: Uint8Array) => void = () => {};
  readonly resetsAlways = false;
  readonly #path: string;
  #input!: ReadStream; // set by #open, which the constructor calls
  #output!: WriteStream;

  constructor(path: string) {
    this.#path = path;
    this.#open();
  }

  write(bytes: Uint8Array): void {
    this.#output.write(bytes);
  }

  async enterDownload(): Promise<void> {
    await this.#requireAnswer();
    await this.#writeRegister(RTC_OPTION1, 1, 1);
    await this.#writeRegister(RTC_WDT.protect, WDT_KEY);
    await this.#writeRegister(RTC_WDT.config1, 2000);
    await this.#writeRegister(RTC_WDT.config0, WDT_RESET);
    await sleep(WATCHDOG_MS);
    for (let waited = 0; !this.#alive(); waited += LOOK_EVERY_MS) {
      if (waited >= BACK_WITHIN_MS) {
        throw new AppError('port_lost', `${this.#path} did not come back after a reset.`);
      }
      await sleep(LOOK_EVERY_MS);
    }
  }

  async close(): Promise<void> {
    await this.#writeRegister(RTC_OPTION1, 0, 1);
    this.#release();
  }

  async #writeRegister(address: number, value: number, mask = 0xffffffff): Promise<void> {
    this.write(request(OP.writeReg, words(address, value, mask, 0)));
    await sleep(ANSWER_MS);
  }

  async #requireAnswer(): Promise<void> {
    const { onBytes } = this;
    let answered = false;
    this.onBytes = () => {
      answered = true;
    };
    for (let i = 0; i < 5 && !answered; i++) {
      this.write(SYNC);
      await sleep(ANSWER_MS);
    }
    this.onBytes = onBytes;
    if (answered) return;
    throw new AppError('no_sync', 'The chip does not answer in download mode.', {
      hint: 'Hold the boot button while you plug it in (AtomS3: reset for two seconds), once more.',
    });
  }

  #open(): void {
    if (!existsSync(this.#path)) {
      throw new AppError('port_lost', `There is no port ${this.#path}.`, {
        hint: 'Name the unit’s port, like /dev/ttyACM0, or host:port of an RFC 2217 server.',
      });
    }
    const fd = openSync(this.#path, constants.O_RDWR | constants.O_NOCTTY);
    this.#input = new ReadStream(fd);
    this.#input.setRawMode(true);
    this.#output = new WriteStream(fd);
    this.#input.on('data', (bytes) => this.onBytes(bytes));
    // a port that vanishes with the reset is found again by its path
    this.#input.on('error', () => this.#release());
    this.#output.on('error', () => this.#release());
  }

  /** True when the port is there, opened anew where it had gone. */
  #alive(): boolean {
    if (!this.#input.destroyed) return true;
    if (!existsSync(this.#path)) return false;
    try {
      this.#open();
      return true;
    } catch {
      return false; // there, but not yet ready to be opened
    }
  }

  #release(): void {
    this.#input.destroy();
    this.#output.destroy();
  }
}
