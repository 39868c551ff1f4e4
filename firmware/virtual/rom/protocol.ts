/**
 * The serial protocol of boot ROM and flasher stub: op codes, errors, request and answer layout.
 * Knows no chip state.
 *
 *   request  00 | op | length u16 | checksum u32 | data
 *   answer   01 | op | length u16 | value u32 | data | status
 *
 * Source: esptool's serial-protocol.rst. Tables: docs/formats/virtual-board.md.
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

/** Second status byte of a failure. Below C0 the ROM's, from C0 on the stub's. */
export const ERR = {
  invalidMessage: 0x05,
  failed: 0x06,
  badCrc: 0x07,
  flashWrite: 0x08,
  flashRead: 0x09,
  flashReadLength: 0x0a,
  deflate: 0x0b,
  stubDataLength: 0xc0,
  stubChecksum: 0xc1,
  stubBlockSize: 0xc2,
  stubCommand: 0xc3,
  stubSpi: 0xc4,
  stubNotInFlashMode: 0xc6,
  stubInflate: 0xc7,
  stubTooLittle: 0xc8,
  stubTooMuch: 0xc9,
} as const;

const HEADER_BYTES = 8;
const CHECKSUM_SEED = 0xef;

export interface Request {
  op: number;
  checksum: number;
  data: Uint8Array;
  /** False when the length field and the frame disagree. */
  lengthOk: boolean;
}

/** A request frame, or null for a frame that is none. */
export function readRequest(frame: Uint8Array): Request | null {
  if (frame.length < HEADER_BYTES || frame[0] !== 0) return null;
  const head = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const data = frame.subarray(HEADER_BYTES);
  return {
    op: frame[1]!,
    checksum: head.getUint32(4, true),
    data,
    lengthOk: head.getUint16(2, true) === data.length,
  };
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

/** The `index`-th little-endian word of a request's data; 0 when it is not there. */
export function word(data: Uint8Array, index: number): number {
  if (data.length < index * 4 + 4) return 0;
  return new DataView(data.buffer, data.byteOffset).getUint32(index * 4, true);
}
