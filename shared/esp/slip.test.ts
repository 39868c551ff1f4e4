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

/** `recv_packet` of RFC 1055, over the bytes after a first END; null where its escape is broken. */
function rfc1055(wire: readonly number[]): (number[] | null)[] {
  const packets: (number[] | null)[] = [];
  let packet: number[] | null = [];
  for (let at = 0; at < wire.length; at += 1) {
    const byte = wire[at] ?? 0;
    if (byte === 0o300) {
      packets.push(packet);
      packet = [];
    } else if (byte === 0o333) {
      const next = wire[at + 1];
      if (next === 0o300) packet = null;
      else if (next !== undefined) at += 1;
      if (next === 0o334) packet?.push(0o300);
      else if (next === 0o335) packet?.push(0o333);
      else packet = null;
    } else packet?.push(byte);
  }
  return packets;
}

const noise = fc.array(fc.constantFrom(0, 1, 0xc0, 0xc0, 0xdb, 0xdb, 0xdc, 0xdd, 0xff), {
  maxLength: 30,
});

test('noise of all that SLIP knows gives the frames that RFC 1055 reads', () => {
  fc.assert(
    fc.property(noise, (wire) => {
      const frames = new SlipDecoder().push(Uint8Array.of(0xc0, ...wire));
      const expected = rfc1055(wire).filter((packet) => packet !== null && packet.length > 0);
      expect(frames.map((frame) => [...frame])).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  [[], [0xc0, 0xc0]],
  [[1], [0xc0, 1, 0xc0]],
  [[0xc0], [0xc0, 0xdb, 0xdc, 0xc0]],
  [[0xdb], [0xc0, 0xdb, 0xdd, 0xc0]],
  [
    [0xdb, 0xdc],
    [0xc0, 0xdb, 0xdd, 0xdc, 0xc0],
  ],
  [
    [0xdd, 0xc0, 0xc0],
    [0xc0, 0xdd, 0xdb, 0xdc, 0xdb, 0xdc, 0xc0],
  ],
])('%j is framed as %j', (payload, frame) => {
  expect([...slipEncode(Uint8Array.from(payload))]).toEqual(frame);
});

test('the longest frame is taken, one byte more is not, whether escaped or not', () => {
  for (const byte of [1, 0xc0, 0xdb]) {
    const longest = new Uint8Array(FRAME_BYTES_MAX).fill(byte);
    const decoder = new SlipDecoder();
    const [taken] = decoder.push(slipEncode(longest));
    expect(taken && Buffer.compare(taken, longest)).toBe(0);
    expect(decoder.push(slipEncode(new Uint8Array(FRAME_BYTES_MAX + 1).fill(byte)))).toEqual([]);
    expect(decoder.push(slipEncode(answer))).toEqual([answer]);
  }
});

test('a frame is the receiver’s own: the next one does not write over it', () => {
  const decoder = new SlipDecoder();
  const [first] = decoder.push(slipEncode(answer));
  decoder.push(slipEncode(Uint8Array.of(9, 9, 9)));
  expect(first).toEqual(answer);
});

test('after a reset half a frame is forgotten, and what comes waits for a begin', () => {
  const decoder = new SlipDecoder();
  decoder.push(Uint8Array.of(0xc0, 1, 0xdb));
  decoder.reset();
  expect(decoder.push(Uint8Array.of(0xdc, 2, 0xc0))).toEqual([]);
  expect(decoder.push(Uint8Array.of(3, 0xc0))).toEqual([Uint8Array.of(3)]);
});
