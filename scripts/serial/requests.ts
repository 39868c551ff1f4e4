/** Frames that the probe sends beside the recorded ones: SYNC, registers, the stub's upload. */
import { blockChecksum, OP } from '../../firmware/virtual/rom/protocol.ts';
import { slipEncode } from '../../shared/esp/slip.ts';

/** Little-endian words. */
export function words(...values: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

/** One request on the wire. */
export function request(op: number, data: Uint8Array, checksum = 0): Uint8Array {
  const head = [0, op, data.length & 0xff, data.length >> 8, checksum, 0, 0, 0];
  return slipEncode(Uint8Array.from([...head, ...data]));
}

export const SYNC = request(
  OP.sync,
  Uint8Array.of(7, 7, 0x12, 0x20, ...new Array<number>(32).fill(0x55)),
);

/** A program for RAM: its parts and where it begins. */
export interface RamProgram {
  parts: readonly { address: number; bytes: Uint8Array }[];
  entry: number;
}

const RAM_BLOCK_BYTES = 0x1800;

/** The requests that upload and start `program`, in order; each has one answer. */
export function uploadOf({ parts, entry }: RamProgram): Uint8Array[] {
  const requests: Uint8Array[] = [];
  for (const { address, bytes } of parts) {
    const blocks = Math.ceil(bytes.length / RAM_BLOCK_BYTES);
    requests.push(request(OP.memBegin, words(bytes.length, blocks, RAM_BLOCK_BYTES, address)));
    for (let seq = 0; seq < blocks; seq++) {
      const block = bytes.subarray(seq * RAM_BLOCK_BYTES, (seq + 1) * RAM_BLOCK_BYTES);
      const data = Uint8Array.from([...words(block.length, seq, 0, 0), ...block]);
      requests.push(request(OP.memData, data, blockChecksum(block)));
    }
  }
  requests.push(request(OP.memEnd, words(0, entry)));
  return requests;
}
