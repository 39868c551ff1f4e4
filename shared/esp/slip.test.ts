import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FRAME_BYTES_MAX, SlipDecoder, slipEncode } from './slip.ts';

const payload = fc.uint8Array({ minLength: 1, maxLength: 300 });

test('what is encoded comes back, in whatever pieces it arrives', () => {
  fc.assert(
    fc.property(fc.array(payload, { minLength: 1, maxLength: 5 }), fc.nat(40), (frames, size) => {
      const wire = frames.flatMap((frame) => [...slipEncode(frame)]);
      const decoder = new SlipDecoder();
      const found: Uint8Array[] = [];
      for (let at = 0; at < wire.length; at += size + 1) {
        found.push(...decoder.push(Uint8Array.from(wire.slice(at, at + size + 1))));
      }
      expect(found).toEqual(frames);
    }),
  );
});

const answer = Uint8Array.of(1, 0xc0, 0xdb);

test('bytes before the first frame are passed by', () => {
  const banner = new TextEncoder().encode('waiting for download\r\n');
  expect(new SlipDecoder().push(Uint8Array.from([...banner, ...slipEncode(answer)]))).toEqual([
    answer,
  ]);
});

test('a stray C0 in noise, or one that is missing, does not cost the next frame', () => {
  const stray = [7, 0xc0, 7, ...slipEncode(answer), 7, 0xc0, 0xc0, ...slipEncode(answer)];
  const missing = [...slipEncode(answer).slice(0, -1), ...slipEncode(answer)];
  for (const wire of [stray, missing]) {
    const frames = new SlipDecoder().push(Uint8Array.from(wire));
    expect(frames.filter((frame) => frame.length === answer.length)).toEqual([answer, answer]);
  }
});

test('a frame with a broken escape is dropped whole, the next one survives', () => {
  const wire = [0xc0, 1, 0xdb, 7, 2, 0xc0, ...slipEncode(Uint8Array.of(9))];
  const frames = new SlipDecoder().push(Uint8Array.from(wire));
  expect(frames).toContainEqual(Uint8Array.of(9));
  expect(frames.some((frame) => frame[0] === 1)).toBe(false);
});

test('an endless frame does not grow for ever', () => {
  const decoder = new SlipDecoder();
  decoder.push(Uint8Array.of(0xc0));
  expect(decoder.push(new Uint8Array(FRAME_BYTES_MAX + 10).fill(1))).toEqual([]);
  expect(decoder.push(slipEncode(Uint8Array.of(5)))).toContainEqual(Uint8Array.of(5));
});
