/**
 * A virtual unit as the bench leaves it, with the firmware that the build makes, in time that the
 * test moves. Says which version runs and what commands its flash got. Knows no update.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VirtualBoard } from '../../firmware/virtual/board.ts';
import { FLASH_BYTES } from '../../firmware/virtual/flash/nor-flash.ts';
import { ManualTimers } from '../../firmware/virtual/testing/manual-timers.ts';
import { readAppImage, writeAppImage } from '../../shared/esp/app-image.ts';
import { parseManifest } from '../../shared/esp/manifest.ts';
import { writeNvs } from '../../shared/esp/nvs-writer.ts';
import { OTADATA_BYTES, OTADATA_OFFSET, readOtaData } from '../../shared/esp/otadata.ts';
import { TestBackend } from './backend.ts';

const BUNDLE = 'web/public/firmware/virtual';
/** Virtual ms per step: fine enough to stop near an event. */
const STEP_MS = 500;
const SPEED = 1000;

/** Builds the firmware, quickly when nothing has changed. */
export function buildFirmware(): void {
  execFileSync(process.execPath, ['scripts/firmware-build.ts'], { stdio: 'pipe' });
}

/** The production image as built, version 6.0.0. */
export function builtImage(): Uint8Array {
  return readFileSync(join(BUNDLE, 'jambox.bin'));
}

/**
 * `image` with each `from` replaced by a `to` of the same length, and `extra` bytes more as a
 * segment of their own: a build that differs, without running the compiler again.
 */
export function changedImage(image: Uint8Array, changes: [string, string][], extra = 0) {
  const { segments, entry } = readAppImage(image);
  const changed = segments.map(({ loadAddress, data }) => {
    let text = Buffer.from(data).toString('latin1');
    for (const [from, to] of changes) text = text.replaceAll(from, to);
    return { loadAddress, data: new Uint8Array(Buffer.from(text, 'latin1')) };
  });
  const noise = Uint8Array.from({ length: extra }, (_, i) => (i * i * 31 + i * 7) >> 3);
  if (extra > 0) changed.push({ loadAddress: 0x3c100020, data: noise });
  return writeAppImage({ entry, segments: changed });
}

/** Each wait takes at least a virtual millisecond: a shorter one might be lost in rounding. */
class PatientTimers extends ManualTimers {
  override setTimeout(fn: () => void, ms: number): unknown {
    return super.setTimeout(fn, Math.max(ms, 1 / SPEED));
  }
}

function flashOf(image: Uint8Array): Uint8Array {
  const manifest = parseManifest(JSON.parse(readFileSync(join(BUNDLE, 'manifest.json'), 'utf8')));
  const { images, fctry } = manifest.jambench;
  const flash = new Uint8Array(FLASH_BYTES).fill(0xff);
  for (const { role, path, offset } of images) {
    if (role === 'provisioning') continue;
    flash.set(role === 'jambox' ? image : readFileSync(join(BUNDLE, path)), offset);
  }
  const text = (key: string, value: string) =>
    ({ namespace: 'jambox', key, type: 'string', value }) as const;
  const identity = [
    text('id', 'JBNB0001'),
    text('token', 'hq0Vd3Y5o1l8mS6n2bZxR7tKQwE4uJcA9fGpLyXiTzM'),
    text('host', 'ingest.example.net'),
    { namespace: 'jambox', key: 'port', type: 'u16', value: 80n } as const,
    text('apn', 'hologram'),
  ];
  flash.set(writeNvs(identity, fctry.size), fctry.offset);
  return flash;
}

export class TestUnit {
  readonly timers = new PatientTimers();
  readonly backend = new TestBackend(this.timers);
  readonly board: VirtualBoard;
  /** All it has said over USB. */
  said = '';
  /** The commands its flash got: where, and bytes programmed and erased in all up to its end. */
  readonly operations: { offset: number; end: number }[] = [];

  constructor(image: Uint8Array) {
    this.board = new VirtualBoard({
      flash: flashOf(image),
      network: this.backend,
      timers: this.timers,
      speed: SPEED,
      startTime: 0,
      street: { peakPerHour: 0, residents: 0, accessPoints: 0 },
    });
    this.board.onSerial = (bytes) => {
      this.said += new TextDecoder('latin1').decode(bytes);
    };
    this.#count();
    this.board.powerOn();
  }

  /** Lets time pass until `done`, at most `seconds` of virtual time. @returns whether it came */
  run(seconds: number, done: () => boolean): boolean {
    const end = this.board.now + seconds * 1000;
    while (!done() && this.board.now < end) {
      if (!this.board.powered) this.board.powerOn();
      this.timers.pass(STEP_MS / SPEED);
    }
    return done();
  }

  /** Cuts the power once so many bytes in all have been programmed and erased. */
  cutAt(bytes: number): void {
    this.board.flash.cutPowerAfter(bytes - (this.operations.at(-1)?.end ?? 0));
  }

  get otadata() {
    const { flash } = this.board;
    return readOtaData(flash.read(OTADATA_OFFSET, OTADATA_BYTES));
  }

  /** Version of the program that started last. */
  get version(): string | undefined {
    return [...this.said.matchAll(/"app":"jambox","version":"([^"]+)"/g)].at(-1)?.[1];
  }

  #count(): void {
    const { flash } = this.board;
    const { program, erase } = flash;
    let total = 0;
    const note = (offset: number, length: number) => {
      total += length;
      this.operations.push({ offset, end: total });
    };
    flash.program = (offset, data) => {
      program.call(flash, offset, data);
      note(offset, data.length);
    };
    flash.erase = (offset, length) => {
      erase.call(flash, offset, length);
      note(offset, length);
    };
  }
}
