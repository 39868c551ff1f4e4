/**
 * esptool-js' ESPLoader as an ESP32-S3 wants to be talked to: SYNC repeated quickly, a status read
 * as its loader means it, no register of another chip. Knows the ROM's first commands; nothing of
 * images, regions or a user.
 */
import { ESPLoader } from 'esptool-js/lib/esploader.js';
import type { UsbJtagSerialReset } from 'esptool-js/lib/reset.js';
import type { LoaderIo } from './loader-io.ts';
import { LoaderRefusal, readStatus } from './loader-status.ts';

const SYNC_OP = 0x08;
const SYNC_BODY = Uint8Array.of(7, 7, 0x12, 0x20, ...new Array<number>(32).fill(0x55));
/** The ROM answers within a millisecond, and sometimes misses the first SYNC after a reset. */
const SYNC_ANSWER_MS = 50;
const SYNC_SENDINGS = 2;
const SYNC_ANSWERS = 8;
/** Longer than any answer of the ROM to a command without flash; esptool-js waits for 3 s. */
const ANSWER_MS = 1000;
/** Of the ROM's four the last two mean nothing. */
const STATUS_BYTES = 2;

export class S3Loader extends ESPLoader {
  override readonly DEFAULT_TIMEOUT = ANSWER_MS;

  /** The value and data of the first answer. @throws AppError `unit_silent` */
  override async sync(): Promise<[number, Uint8Array]> {
    for (let sending = 1; ; sending++) {
      try {
        const first = await this.command(SYNC_OP, SYNC_BODY, 0, true, SYNC_ANSWER_MS);
        await this.#rest();
        // Private there; a stub that is still running answers with the value 0.
        (this as unknown as { syncStubDetected: boolean }).syncStubDetected = first[0] === 0;
        return first;
      } catch (error) {
        if (sending === SYNC_SENDINGS) throw error;
      }
    }
  }

  /**
   * As ESPLoader's, with the error in words.
   * @throws LoaderRefusal `unit_refused`; AppError `unit_silent`
   */
  override async checkCommand(
    what = 'answer',
    op: number | null = null,
    data: Uint8Array = new Uint8Array(0),
    checksum = 0,
    answerBytes = 0,
    timeoutMs = ANSWER_MS,
  ): Promise<number | Uint8Array> {
    const [value, answer] = await this.command(op, data, checksum, true, timeoutMs);
    const loader = this.IS_STUB ? 'stub' : 'rom';
    const whole = answer.length >= answerBytes + STATUS_BYTES;
    const error = readStatus(answer.subarray(whole ? answerBytes : 0), loader);
    if (error !== 0) throw new LoaderRefusal('unit_refused', what, error, loader);
    if (!whole) throw new Error(`${answer.length} bytes came in answer to “${what}”.`);
    return answerBytes > 0 ? answer.slice(0, answerBytes) : value;
  }

  /**
   * For whoever mends this upstream: ESP32S3ROM extends ESP32ROM and inherits its getChipRevision,
   * which reads 0x3FF5A00C, 0x3FF5A014 and 0x3FF6607C, eFuses and SYSCON of the first ESP32. An S3
   * has nothing there. runStub asks for the revision to choose a stub, but only the ESP32-P4 has
   * more than one; there the class should define it from its own eFuses, and runStub ask no other.
   */
  useOwnRegisters(): void {
    this.chip = Object.create(this.chip, { getChipRevision: { value: undefined } });
  }

  /** The other seven answers, or as many as come. */
  async #rest(): Promise<void> {
    try {
      for (let i = 1; i < SYNC_ANSWERS; i++) await this.readPacket(SYNC_OP, SYNC_ANSWER_MS);
    } catch {
      // fewer came: the connection is there all the same
    }
  }
}

/** A loader that talks over `io`. */
export function createLoader(io: LoaderIo, baud: number): S3Loader {
  return new S3Loader({
    // LoaderIo has every method ESPLoader calls; the class type asks for private fields as well.
    transport: io as unknown as ESPLoader['transport'],
    baudrate: baud,
    romBaudrate: baud,
    terminal: { clean() {}, write() {}, writeLine() {} },
    resetConstructors: {
      // Only reset() is called on it.
      usbJTAGSerialReset: () => io as unknown as UsbJtagSerialReset,
    },
  });
}
