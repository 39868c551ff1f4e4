/** Pictures for the documentation lose nothing that can be seen. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readPng, smallPng } from './small-png.ts';

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** A PNG of RGB lines, each with its filter before it. */
function pngOf(width: number, height: number, lines: number[][]): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const data = deflateSync(Buffer.from(lines.flat()));
  const parts = [chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', new Uint8Array())];
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts]);
}

/** What a palette PNG shows, as RGB; its lines have no filter. */
function shown(png: Buffer): number[] {
  const found: Record<string, Buffer> = {};
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    found[png.toString('latin1', at + 4, at + 8)] = png.subarray(at + 8, at + 8 + length);
    at += length + 12;
  }
  const width = found.IHDR?.readUInt32BE(0) ?? 0;
  const lines = inflateSync(found.IDAT ?? Buffer.alloc(0));
  const indices = [...lines].filter((_, i) => i % (width + 1) !== 0);
  return indices.flatMap((i) => [...(found.PLTE?.subarray(3 * i, 3 * i + 3) ?? [])]);
}

test('every filter of PNG is undone', () => {
  const lines = [
    [0, 10, 20, 30, 40, 50, 60],
    [1, 10, 20, 30, 1, 1, 1],
    [2, 1, 2, 3, 4, 5, 6],
    [3, 5, 5, 5, 5, 5, 5],
    [4, 1, 1, 1, 255, 255, 255],
  ];
  const { data } = readPng(pngOf(2, 5, lines));
  expect([...data]).toEqual([
    ...[10, 20, 30, 40, 50, 60],
    ...[10, 20, 30, 11, 21, 31],
    ...[11, 22, 33, 15, 26, 37],
    ...[10, 16, 21, 17, 26, 34],
    ...[11, 17, 22, 16, 25, 33],
  ]);
});

test('a picture of few colours is shown exactly', () => {
  const png = pngOf(2, 2, [
    [0, 255, 0, 0, 0, 255, 0],
    [0, 0, 0, 255, 255, 0, 0],
  ]);
  expect(shown(smallPng(png))).toEqual([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 0, 0]);
});

test('of more than 256 colours near ones become one, a rare one that stands apart stays', () => {
  const grey = (n: number) => [n, n, n];
  const greys = Array.from({ length: 256 }, (_, n) => grey(n)).flat();
  const rare = [...Array.from({ length: 254 }, () => grey(0)).flat(), 100, 101, 100, 0, 255, 0];
  const png = pngOf(256, 3, [
    [0, ...greys],
    [0, ...greys],
    [0, ...rare],
  ]);
  const last = shown(smallPng(png)).slice(-6);
  expect(last.slice(3)).toEqual([0, 255, 0]);
  for (const part of last.slice(0, 3)) expect(Math.abs(part - 100)).toBeLessThanOrEqual(2);
});

test('a PNG that has a palette already is none of Chromium’s', () => {
  const palette = smallPng(pngOf(1, 1, [[0, 1, 2, 3]]));
  expect(() => readPng(palette)).toThrow('only PNG of 8 bits');
});
