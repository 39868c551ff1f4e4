import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SlipDecoder, slipEncode } from './slip.ts';

const frame = fc.uint8Array({ minLength: 1, maxLength: 80 });

test('frames survive the wire however it is cut', () => {
  fc.assert(
    fc.property(fc.array(frame), fc.integer({ min: 1, max: 9 }), (frames, piece) => {
      const wire = frames.flatMap((one) => [...slipEncode(one)]);
      const decoder = new SlipDecoder();
      const decoded: Uint8Array[] = [];
      for (let at = 0; at < wire.length; at += piece) {
        decoded.push(...decoder.push(Uint8Array.from(wire.slice(at, at + piece))));
      }
      expect(decoded).toEqual(frames);
    }),
  );
});

test('noise before a frame and a broken frame do no harm to the next', () => {
  const decoder = new SlipDecoder();
  const good = Uint8Array.of(1, 0xc0, 0xdb, 2);
  const wire = [7, 7, 0xc0, 5, 0xdb, 5, 0xc0, ...slipEncode(good)];
  expect(decoder.push(Uint8Array.from(wire))).toEqual([good]);
});

test('drops a frame longer than any command', () => {
  const decoder = new SlipDecoder();
  expect(decoder.push(slipEncode(new Uint8Array(0x5000)))).toEqual([]);
  expect(decoder.push(slipEncode(Uint8Array.of(1)))).toEqual([Uint8Array.of(1)]);
});
