/**
 * A test's bench: the real chip model of firmware/virtual on a cable that can be pulled, running a
 * scripted program instead of the firmware, so that every answer and failure can be had at will.
 * What the real firmware does on it is tested in prepare-firmware.test.ts.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import type { BootedApp } from '../../../firmware/virtual/boot/boot.ts';
import { NorFlash } from '../../../firmware/virtual/flash/nor-flash.ts';
import { systemTimers } from '../../../firmware/virtual/host.ts';
import { CHIPS, type ChipName } from '../../../firmware/virtual/rom/chips.ts';
import { serialPortOf, type VirtualSerialPort } from '../../../firmware/virtual/serial-port.ts';
import { type RunningApp, Soc, type SocOptions } from '../../../firmware/virtual/soc.ts';
import { toHex } from '../../../shared/bytes.ts';
import { readNvs } from '../../../shared/esp/nvs.ts';
import { createUnitConnection } from '../../unit/unit-connection.ts';
import type { UnitPort } from '../ports.ts';
import { type Script, ScriptedApp } from './scripted-app.ts';

export interface BenchOptions {
  chip?: ChipName;
  mac?: Uint8Array;
  flash?: Uint8Array;
  /** Words of the eFuses by address, for a chip that was locked. */
  efuseWords?: ReadonlyMap<number, number>;
  flashTiming?: number;
  stubVersion?: NonNullable<SocOptions['stubVersion']>;
  /** Default true: a register that no S3 has silences the loader. */
  accessFaults?: boolean;
  script?: Script;
}

const VIRTUAL_MAC = Uint8Array.of(0x02, 0x4a, 0x42, 0, 0, 1);

export class TestBench {
  readonly flash: NorFlash;
  readonly port: VirtualSerialPort;
  script: Script;
  /** Pulls the cable when so many more bytes have come from the host; null = never. */
  pullAfterBytes: number | null = null;
  /** What becomes of bytes on the cable, one write or one answer at a time. */
  toUnit: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes;
  toHost: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes;
  powered = true;
  readonly #soc: Soc;
  #onSerial: (bytes: Uint8Array) => void = () => {};

  constructor(options: BenchOptions = {}) {
    this.script = options.script ?? {};
    this.flash = new NorFlash(options.flash);
    this.#soc = new Soc({
      timers: systemTimers,
      chip: CHIPS[options.chip ?? 'esp32s3'],
      flash: this.flash,
      flashTiming: options.flashTiming ?? 0,
      mac: options.mac ?? VIRTUAL_MAC,
      ...(options.efuseWords ? { efuseWords: options.efuseWords } : {}),
      stubVersion: options.stubVersion ?? '1.2.2',
      accessFaults: options.accessFaults ?? true,
      onSerial: (bytes) => this.#onSerial(this.toHost(bytes)),
      onMode: () => {},
      onReset: () => {},
      onPowerCut: () => this.pull(),
      startApp: (app) => this.#start(app),
    });
    this.port = serialPortOf(this.#cable());
    this.#soc.powerOn();
  }

  /** Cable out, and with it the power. */
  pull(): void {
    this.powered = false;
    this.#soc.powerOff();
    this.port.unplug();
  }

  plug(): void {
    this.powered = true;
    this.#soc.powerOn();
    this.port.plug();
  }

  holdBoot(held: boolean): void {
    this.#soc.holdBoot(held);
  }

  /** What the browser would list: nothing while the cable is out. */
  getPorts(): Promise<SerialPort[]> {
    return Promise.resolve(this.powered ? [this.serialPort] : []);
  }

  /** The same shape; only the DOM's event typing differs. */
  get serialPort(): SerialPort {
    return this.port as unknown as SerialPort;
  }

  unitPort(): UnitPort {
    return {
      kind: 'usb',
      connect: async (listener) => createUnitConnection(this.serialPort, this, listener),
    };
  }

  /** Id and hash of the token as they lie in flash. */
  identity(): { id: string | null; tokenSha256: string } {
    const { entries } = readNvs(this.flash.read(0x12000, 0x6000));
    const text = (key: string) => {
      const entry = entries.find((e) => e.key === key);
      return entry?.type === 'string' ? entry.value : null;
    };
    const token = new TextEncoder().encode(text('token') ?? '');
    return { id: text('id'), tokenSha256: toHex(sha256(token)) };
  }

  dispose(): void {
    if (this.powered) this.pull();
  }

  #cable() {
    const bench = this;
    return {
      get onSerial() {
        return bench.#onSerial;
      },
      set onSerial(fn: (bytes: Uint8Array) => void) {
        bench.#onSerial = fn;
      },
      get powered() {
        return bench.powered;
      },
      get writeBacklogMs() {
        return bench.#soc.writeBacklogMs;
      },
      setSignals: (signals: { dtr?: boolean; rts?: boolean }) => this.#soc.setSignals(signals),
      writeSerial: (bytes: Uint8Array) => this.#write(bytes),
    };
  }

  #write(bytes: Uint8Array): void {
    if (this.pullAfterBytes !== null) {
      this.pullAfterBytes -= bytes.length;
      if (this.pullAfterBytes <= 0) {
        this.pullAfterBytes = null;
        this.pull();
        return;
      }
    }
    this.#soc.write(this.toUnit(bytes));
  }

  #start(app: BootedApp): RunningApp {
    const project = app.image.descriptor?.projectName ?? '';
    const print = (bytes: Uint8Array) => this.#soc.print(bytes);
    return new ScriptedApp(project, this.script, print, () => this.identity());
  }
}
