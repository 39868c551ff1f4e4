import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slipEncode } from '../../../shared/esp/slip.ts';
import { RomReceiver, StubReceiver } from './receivers.ts';

const frame = fc.uint8Array({ minLength: 1, maxLength: 80 });

test('the ROM takes frames however the wire is cut', () => {
  fc.assert(
    fc.property(fc.array(frame), fc.integer({ min: 1, max: 9 }), (frames, piece) => {
      const wire = frames.flatMap((one) => [...slipEncode(one)]);
      const receiver = new RomReceiver();
      const received: Uint8Array[] = [];
      for (let at = 0; at < wire.length; at += piece) {
        received.push(...receiver.push(Uint8Array.from(wire.slice(at, at + piece))));
      }
      expect(received).toEqual(frames);
    }),
  );
});

test('the stub takes one frame a burst, in any pieces', () => {
  fc.assert(
    fc.property(fc.array(frame), fc.integer({ min: 1, max: 9 }), (frames, piece) => {
      const receiver = new StubReceiver();
      const received = frames.flatMap((one) => {
        const wire = slipEncode(one);
        const starts = [...wire.keys()].filter((at) => at % piece === 0);
        return starts.flatMap((at) => receiver.push(wire.subarray(at, at + piece)));
      });
      expect(received).toEqual(frames);
    }),
  );
  const two = [...slipEncode(Uint8Array.of(1)), ...slipEncode(Uint8Array.of(2))];
  expect(new StubReceiver().push(Uint8Array.from(two))).toEqual([Uint8Array.of(1)]);
});

const good = Uint8Array.of(1, 0xc0, 0xdb, 2);

test('noise before a frame does no harm while it holds no C0', () => {
  const wire = Uint8Array.from([7, 7, ...slipEncode(good)]);
  expect(new RomReceiver().push(wire)).toEqual([good]);
  expect(new StubReceiver().push(wire)).toEqual([good]);
});

test('two more C0 before a frame do no harm, three cost the stub the frame', () => {
  const after = (count: number) => [...new Array(count).fill(0xc0), ...slipEncode(good)];
  expect(new StubReceiver().push(Uint8Array.from(after(2)))).toEqual([good]);
  const stub = new StubReceiver();
  expect(stub.push(Uint8Array.from(after(3)))).toEqual([]);
  expect(stub.push(slipEncode(good))).toEqual([good]);
  expect(new RomReceiver().push(Uint8Array.from(after(3)))).toEqual([good]);
});

test('drops a frame longer than any command', () => {
  for (const receiver of [new RomReceiver(), new StubReceiver()]) {
    expect(receiver.push(slipEncode(new Uint8Array(0x5000)))).toEqual([]);
    expect(receiver.push(slipEncode(Uint8Array.of(1)))).toEqual([Uint8Array.of(1)]);
  }
});
