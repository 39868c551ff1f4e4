/**
 * Frames to and from the boot ROM or its stub over a {@link Transport}, with the method names that
 * esptool-js' ESPLoader expects of its own Transport, but driven by arriving bytes instead of by
 * polling. Knows SLIP and the 8-byte packet header; not what the commands mean.
 */
import { msg } from '@lit/localize';
import { AppError } from '../../shared/errors.ts';
import { SlipDecoder, slipEncode } from '../../shared/esp/slip.ts';
import { enterDownloadPattern } from './line-patterns.ts';
import type { Transport } from './transport.ts';

/** Text kept for ESPLoader's look at the boot banner. */
const RECENT_BYTES_MAX = 2048;
/** Frames kept while nobody reads: SYNC alone is answered eight times. */
const FRAMES_MAX = 256;
const HEADER_BYTES = 8;
/** A stub's status; the ROM's has two more. */
const STATUS_BYTES_MIN = 2;
/** What a stub says when it starts. */
const OHAI = [0x4f, 0x48, 0x41, 0x49];

interface PendingRead {
  resolve(frame: Uint8Array): void;
  reject(error: Error): void;
  stop: () => void;
}

export class LoaderIo {
  /** ESPLoader looks at it; tracing would print tokens. */
  readonly tracing = false;
  /** Frames are no answers now but bytes of flash: all of them are taken. */
  isRaw = false;

  readonly #transport: Transport;
  readonly #port: SerialPortInfo;
  readonly #slip = new SlipDecoder();
  #frames: Uint8Array[] = [];
  #recent: Uint8Array = new Uint8Array(0);
  #pending: PendingRead | null = null;
  #dead: AppError | null = null;

  /** @param port ids of the port, so that ESPLoader knows it for the chip's own USB */
  constructor(transport: Transport, port: SerialPortInfo) {
    this.#transport = transport;
    this.#port = port;
  }

  /** Bytes from the transport. */
  push(bytes: Uint8Array): void {
    this.#recent = lastBytes(this.#recent, bytes);
    for (const frame of this.#slip.push(bytes)) {
      if (!this.isRaw && !isAnswer(frame)) continue; // a banner, or noise with a C0 in it
      if (this.#pending) this.#settle().resolve(frame);
      else if (this.#frames.length < FRAMES_MAX) this.#frames.push(frame);
    }
  }

  /** Fails the read that waits, and all later ones. */
  fail(error: AppError): void {
    this.#dead = error;
    if (this.#pending) this.#settle().reject(error);
  }

  /**
   * The next frame.
   * @throws AppError `unit_silent` after `timeoutMs`, or the error given to {@link fail}
   */
  read(timeoutMs: number): Promise<Uint8Array> {
    if (this.#dead) return Promise.reject(this.#dead);
    const frame = this.#frames.shift();
    if (frame) return Promise.resolve(frame);
    return new Promise((resolve, reject) => {
      const stop = this.#transport.thread.after(timeoutMs, () => {
        this.#pending = null;
        reject(new AppError('unit_silent', msg('The unit’s boot loader did not answer.')));
      });
      this.#pending = { resolve, reject, stop };
    });
  }

  /** One frame out. */
  write(payload: Uint8Array): Promise<void> {
    if (this.#dead) return Promise.reject(this.#dead);
    return this.#transport.write(slipEncode(payload));
  }

  /** A frame encoded ahead of time, see {@link slipEncode}. */
  writeEncoded(frame: Uint8Array): Promise<void> {
    if (this.#dead) return Promise.reject(this.#dead);
    return this.#transport.write(frame);
  }

  /** Resets the chip into download mode by its two lines. */
  async reset(): Promise<void> {
    if (this.#dead) throw this.#dead; // ESPLoader would go on with the next attempt
    await this.#transport.reset(enterDownloadPattern);
    this.#slip.reset();
  }

  // What follows exists because ESPLoader calls it.

  peek(): Uint8Array {
    return this.#recent;
  }

  flushInput(): void {
    this.#frames = [];
    this.#recent = new Uint8Array(0);
  }

  async drainInput(quietMs = 100): Promise<void> {
    await this.#transport.wait(quietMs);
    this.flushInput();
  }

  getInfo(): string {
    return '';
  }

  getVid(): number | undefined {
    return this.#port.usbVendorId;
  }

  getPid(): number | undefined {
    return this.#port.usbProductId;
  }

  /** The transport is open before a loader is made, and stays open after it. */
  async connect(): Promise<void> {}
  async disconnect(): Promise<void> {}
  readLoop(): void {}

  #settle(): PendingRead {
    const pending = this.#pending!; // callers have just seen it
    pending.stop();
    this.#pending = null;
    return pending;
  }
}

function isAnswer(frame: Uint8Array): boolean {
  if (frame.length === OHAI.length) return OHAI.every((byte, i) => byte === frame[i]);
  if (frame[0] !== 1 || frame.length < HEADER_BYTES + STATUS_BYTES_MIN) return false;
  // checked above: not shorter than its head
  return (frame[2]! | (frame[3]! << 8)) === frame.length - HEADER_BYTES;
}

function lastBytes(old: Uint8Array, bytes: Uint8Array): Uint8Array {
  const all = new Uint8Array(old.length + bytes.length);
  all.set(old);
  all.set(bytes, old.length);
  return all.subarray(Math.max(0, all.length - RECENT_BYTES_MAX));
}
