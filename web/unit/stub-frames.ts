/**
 * Frames to the flasher stub as bytes: `00 op len16 chk32 data`, little endian, in SLIP. Source:
 * esptool serial-protocol. Knows no port and no answer, so that frames can be made on any thread.
 */
import { view } from '../../shared/bytes.ts';
import { slipEncode } from '../../shared/esp/slip.ts';

export const OP = {
  readReg: 0x0a,
  deflBegin: 0x10,
  deflData: 0x11,
  deflEnd: 0x12,
  md5: 0x13,
  eraseRegion: 0xd1,
  readFlash: 0xd2,
} as const;

/** The stub's RAM buffers hold this much and a header, twice. */
export const BLOCK_BYTES = 0x4000;
export const HEADER_BYTES = 8;
const CHECKSUM_SEED = 0xef;

/** FLASH_DEFL_DATA number `seq`, ready for the wire. */
export function deflFrame(block: Uint8Array, seq: number): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(16 + block.length);
  body.set(words(block.length, seq, 0, 0));
  body.set(block, 16);
  let checksum = CHECKSUM_SEED;
  for (let i = 0; i < block.length; i++) checksum ^= block[i]!; // below the length
  return slipEncode(packet(OP.deflData, body, checksum));
}

export function packet(op: number, body: Uint8Array, checksum = 0): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + body.length);
  const head = view(bytes);
  bytes[1] = op;
  head.setUint16(2, body.length, true);
  head.setUint32(4, checksum, true);
  bytes.set(body, HEADER_BYTES);
  return bytes;
}

export function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const head = view(bytes);
  values.forEach((value, i) => {
    head.setUint32(i * 4, value, true);
  });
  return bytes;
}
