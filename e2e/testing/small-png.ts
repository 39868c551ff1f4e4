/**
 * Pictures of pages for the documentation: PNG with a palette of 256 colours, which flat surfaces
 * and text need no more than, at a third of the size. Reads what Chromium writes: 8 bits, RGB or
 * RGBA, not interlaced (PNG, 3rd edition, W3C 2025). Knows no page.
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const COLOURS_MAX = 256;

/** Samples of a picture, row by row, and how many bytes a pixel has. */
export interface Pixels {
  width: number;
  height: number;
  channels: 3 | 4;
  data: Uint8Array;
}

/** The same picture with 256 colours that are unlike; any other becomes the nearest of these. */
export function smallPng(png: Buffer): Buffer {
  const { width, height, channels, data } = readPng(png);
  const counts = new Map<number, number>();
  const colours = new Uint32Array(width * height);
  for (let i = 0; i < colours.length; i += 1) {
    const at = i * channels;
    const colour = ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
    colours[i] = colour;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const byCount = [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour);
  const palette = paletteOf(byCount);
  const indexOf = new Map(byCount.map((colour) => [colour, nearest(palette, colour).index]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    const start = y * (width + 1) + 1;
    for (let x = 0; x < width; x += 1)
      rows[start + x] = indexOf.get(colours[y * width + x] ?? 0) ?? 0;
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3], 8); // bits of an index, colour type “indexed”
  const plte = Buffer.from(palette.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255]));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('PLTE', plte),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The frequent first, as many as stand apart: a small green mark matters more than a shade. */
function paletteOf(byCount: readonly number[]): number[] {
  for (let apart = 0; ; apart = apart * 2 + 1) {
    const palette: number[] = [];
    for (const colour of byCount) {
      if (nearest(palette, colour).distance <= apart && palette.length > 0) continue;
      palette.push(colour);
      if (palette.length > COLOURS_MAX) break;
    }
    if (palette.length <= COLOURS_MAX) return palette;
  }
}

/** @returns which it is, and its distance, squared */
function nearest(palette: readonly number[], colour: number): { index: number; distance: number } {
  const far = (a: number, shift: number) => (((a >> shift) & 255) - ((colour >> shift) & 255)) ** 2;
  let best = { index: 0, distance: Number.POSITIVE_INFINITY };
  for (const [index, one] of palette.entries()) {
    const distance = far(one, 16) + far(one, 8) + far(one, 0);
    if (distance < best.distance) best = { index, distance };
    if (distance === 0) break;
  }
  return best;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(data.length, 0);
  around.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)]);
}

/** @throws Error for a PNG of another kind */
export function readPng(png: Buffer): Pixels {
  const parts: Buffer[] = [];
  let [width, height, channels] = [0, 0, 3 as 3 | 4];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
      const [bits, colour, , , interlaced] = data.subarray(8);
      if (bits !== 8 || (colour !== 2 && colour !== 6) || interlaced !== 0)
        throw new Error('only PNG of 8 bits, RGB or RGBA, not interlaced');
      channels = colour === 2 ? 3 : 4;
    }
    if (type === 'IDAT') parts.push(data);
    at += length + 12;
  }
  const lines = inflateSync(Buffer.concat(parts));
  return { width, height, channels, data: unfiltered(lines, width * channels, height, channels) };
}

/** Each line begins with how its bytes were made smaller: by those to the left and above. */
function unfiltered(lines: Buffer, lineBytes: number, height: number, pixel: number): Uint8Array {
  const data = new Uint8Array(lineBytes * height);
  for (let y = 0; y < height; y += 1) {
    const filter = lines[y * (lineBytes + 1)] ?? 0;
    const from = y * (lineBytes + 1) + 1;
    const to = y * lineBytes;
    for (let x = 0; x < lineBytes; x += 1) {
      const left = x < pixel ? 0 : (data[to + x - pixel] ?? 0);
      const up = y === 0 ? 0 : (data[to + x - lineBytes] ?? 0);
      const corner = x < pixel || y === 0 ? 0 : (data[to + x - lineBytes - pixel] ?? 0);
      data[to + x] = (lines[from + x] ?? 0) + predicted(filter, left, up, corner);
    }
  }
  return data;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    default:
      return paeth(left, up, corner);
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
