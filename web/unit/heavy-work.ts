/**
 * What flashing computes, whichever thread does it: zlib, frames, MD5s, checksum and hash of an
 * image. Pure; the words for people are made where the page's texts are.
 */
import { md5 } from '@noble/hashes/legacy.js';
import { type AppImage, readAppImage } from '../../shared/esp/app-image.ts';
import { divide, zlibCompress } from './compress.ts';
import { BLOCK_BYTES, deflFrame } from './stub-frames.ts';

/** Bytes from `begin` to before `end`. */
export interface Run {
  begin: number;
  end: number;
}

/** A run as it travels. */
export interface Packed {
  /** FLASH_DEFL_DATA frames with their delimiters, in order. */
  frames: Uint8Array<ArrayBuffer>[];
  /** Of the bytes themselves. */
  md5: Uint8Array;
}

/** An image that has proven itself; its segments stay where it lies. */
export type ImageFacts = Omit<AppImage, 'segments'>;

export async function pack(bytes: Uint8Array): Promise<Packed> {
  const stream = await zlibCompress(bytes);
  const frames = divide(stream, BLOCK_BYTES).map(deflFrame);
  stream.fill(0); // one of the regions carries the token
  return { frames, md5: md5(bytes) };
}

export function md5s(bytes: Uint8Array, runs: readonly Run[]): Uint8Array[] {
  return runs.map(({ begin, end }) => md5(bytes.subarray(begin, end)));
}

/** @throws AppError as {@link readAppImage} */
export function imageFacts(bytes: Uint8Array): ImageFacts {
  const { segments: _, ...facts } = readAppImage(bytes);
  return facts;
}
