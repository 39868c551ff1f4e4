/**
 * The serial protocol of boot ROM and flasher stub: op codes, errors, request and answer layout.
 * Knows no chip state; what differs between the two is in rom-commands.ts and stub-commands.ts.
 *
 *   request  00 | op | length u16 | checksum u32 | data
 *   answer   01 | op | length u16 | value u32 | data | status
 *
 * Sources: esptool's serial-protocol.rst, and both as recorded (shared/vectors/serial).
 */

export const OP = {
  flashBegin: 0x02,
  flashData: 0x03,
  flashEnd: 0x04,
  memBegin: 0x05,
  memEnd: 0x06,
  memData: 0x07,
  sync: 0x08,
  writeReg: 0x09,
  readReg: 0x0a,
  spiSetParams: 0x0b,
  spiAttach: 0x0d,
  readFlashSlow: 0x0e,
  changeBaudrate: 0x0f,
  deflBegin: 0x10,
  deflData: 0x11,
  deflEnd: 0x12,
  spiFlashMd5: 0x13,
  getSecurityInfo: 0x14,
  eraseFlash: 0xd0,
  eraseRegion: 0xd1,
  readFlash: 0xd2,
  runUserCode: 0xd3,
} as const;

/** Second status byte of the ROM; the first says whether it failed. */
export const ROM_ERROR = {
  invalidMessage: 0x05,
  failed: 0x06,
  badCrc: 0x07,
  flashRead: 0x09,
  flashReadLength: 0x0a,
  deflate: 0x0b,
  /** The stream's own check sum, Adler-32. */
  deflateCheck: 0x0c,
} as const;

/** First status byte of the stub; the second is 0 (esptool's table has 0xC100 and so on). */
export const STUB_ERROR = {
  /** Older stub only: a command's length or alignment. */
  general: 0x01,
  dataLength: 0xc0,
  checksum: 0xc1,
  command: 0xc3,
  spi: 0xc4,
  notInFlashMode: 0xc6,
  inflate: 0xc7,
  tooLittle: 0xc8,
  tooMuch: 0xc9,
  notImplemented: 0xff,
} as const;

/** Largest block of a data command, 16 KB: the stub's buffer (its MAX_WRITE_BLOCK). */
export const STUB_BLOCK_BYTES = 0x4000;
/** Length, sequence number and two zeros before the data of a block. */
export const DATA_HEADER_BYTES = 16;
/** SYNC is answered so often. */
export const SYNC_ANSWERS = 8;
/** Longest frame kept: a 16 KB flash block with its headers. */
export const FRAME_BYTES_MAX = STUB_BLOCK_BYTES + 64;

const HEADER_BYTES = 8;
const CHECKSUM_SEED = 0xef;

/** What a loader has in its receive buffer. A frame that is short leaves older bytes behind it. */
export class RequestBuffer {
  readonly #bytes = new Uint8Array(FRAME_BYTES_MAX);
  readonly #view = new DataView(this.#bytes.buffer);
  #length = 0;

  take(frame: Uint8Array): void {
    this.#bytes.set(frame.subarray(0, FRAME_BYTES_MAX));
    this.#length = frame.length;
  }

  /** 0 for a request. */
  get direction(): number {
    // the buffer is longer than that
    return this.#bytes[0]!;
  }

  get op(): number {
    // the buffer is longer than that
    return this.#bytes[1]!;
  }

  /** Bytes of data as the header says. */
  get length(): number {
    return this.#view.getUint16(2, true);
  }

  get checksum(): number {
    return this.#view.getUint32(4, true);
  }

  /** False when the header's length and the frame disagree. */
  get lengthOk(): boolean {
    return this.#length === this.length + HEADER_BYTES;
  }

  /** The `index`-th little-endian word of the data, whatever lies there; 0 behind the buffer. */
  word(index: number): number {
    const at = HEADER_BYTES + index * 4;
    return at + 4 <= FRAME_BYTES_MAX ? this.#view.getUint32(at, true) : 0;
  }

  /** `length` bytes after a data command's own header. */
  block(length: number): Uint8Array {
    const from = HEADER_BYTES + DATA_HEADER_BYTES;
    return this.#bytes.slice(from, from + length);
  }
}

/** One answer frame; `status` is two bytes from the stub, four from the ROM. */
export function answerFrame(
  op: number,
  value: number,
  data: Uint8Array,
  status: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const length = data.length + status.length;
  const frame = new Uint8Array(HEADER_BYTES + length);
  frame.set([1, op, length & 0xff, length >> 8]);
  new DataView(frame.buffer).setUint32(4, value >>> 0, true);
  frame.set(data, HEADER_BYTES);
  frame.set(status, HEADER_BYTES + data.length);
  return frame;
}

/** XOR of the bytes from EF, as the data commands carry it. */
export function blockChecksum(data: Uint8Array): number {
  let sum = CHECKSUM_SEED;
  for (const byte of data) sum ^= byte;
  return sum;
}
