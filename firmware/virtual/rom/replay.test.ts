/** The board against 736 recorded exchanges with the vendor's boot ROM and flasher stubs. */
import { expect, test } from 'vitest';
import { toHex } from '../../../shared/bytes.ts';
import { slipEncode } from '../../../shared/esp/slip.ts';
import { Bench } from '../testing/bench.ts';
import {
  bytesOf,
  DIFFERENCES,
  RECORDED_MAC,
  recordedSequences,
  type Sequence,
} from '../testing/recording.ts';
import { OP } from './protocol.ts';

const EXCHANGES = 736;
const words = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);
const request = (op: number, data: Uint8Array) =>
  slipEncode(Uint8Array.of(0, op, data.length, 0, 0, 0, 0, 0, ...data));
const SYNC = request(OP.sync, Uint8Array.of(7, 7, 0x12, 0x20, ...new Array(32).fill(0x55)));
/** A whole upload, as far as the board is concerned. */
const UPLOAD = [
  request(OP.memBegin, words(4, 1, 0x1800, 0x40378000)),
  request(OP.memEnd, words(0, 0x40378000)),
];

const sequences = recordedSequences();
const differing: string[] = [];
let same = 0;

/** What the board says, exchange by exchange. */
function play({ loader, exchanges }: Sequence): string[] {
  const stubVersion = loader === 'legacy stub' ? 'legacy' : '1.2.2';
  const bench = new Bench({ mac: RECORDED_MAC, stubVersion });
  bench.board.holdBoot(true);
  bench.board.powerOn();
  for (const wire of loader === 'rom' ? [SYNC] : UPLOAD) bench.board.writeSerial(wire);
  const answers = exchanges.map((exchange) => {
    bench.bytes = [];
    bench.board.writeSerial(bytesOf(exchange.request));
    return toHex(Uint8Array.from(bench.bytes));
  });
  bench.board.dispose();
  return answers;
}

test.each(sequences.map((one) => [`${one.loader}: ${one.name}`, one] as const))(
  '%s',
  (_name, sequence) => {
    const answers = play(sequence);
    for (const [i, exchange] of sequence.exchanges.entries()) {
      const key = `${sequence.loader} ${sequence.name} ${exchange.step}`;
      if (DIFFERENCES.has(key)) {
        if (answers[i] !== exchange.answer) differing.push(key);
        continue;
      }
      expect(answers[i], exchange.what).toBe(exchange.answer);
      same++;
    }
  },
);

test('all that differ are listed, and all that are listed differ', () => {
  expect(differing).toEqual([...DIFFERENCES.keys()]);
  expect(same + differing.length).toBe(EXCHANGES);
});
