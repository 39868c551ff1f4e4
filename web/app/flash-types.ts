/**
 * What is written to a unit, and how far it is: the nouns between the prepare flow and the flasher.
 * Knows neither the manifest's JSON nor the loader's commands.
 */
import type { Target } from './unit-state.ts';

export type ImageRole = 'bootloader' | 'partition-table' | 'otadata' | 'provisioning' | 'jambox';

/** One image of a bundle, its bytes proven against size and SHA-256 of the manifest. */
export interface BundleImage {
  role: ImageRole;
  /** Byte offset in flash. */
  offset: number;
  bytes: Uint8Array;
  /** 64 lowercase hex digits, as the manifest says and the bytes are. */
  sha256: string;
  version: string | null;
}

/** A complete set of images for one target. */
export interface FirmwareBundle {
  target: Target;
  name: string;
  version: string;
  flashBytes: number;
  images: Readonly<Record<ImageRole, BundleImage>>;
  /** Identity partition, byte offset and size. */
  fctry: { offset: number; size: number };
}

/** Bytes for one place in flash. */
export interface FlashRegion {
  /** Shown beside the progress bar, e.g. `provisioning app`. */
  name: string;
  /**
   * `image`: must be an ESP image for this chip and target, with valid checksum and hash.
   * `table`: must be a readable partition table. `data`: anything that fits.
   */
  kind: 'image' | 'table' | 'data';
  offset: number;
  bytes: Uint8Array;
  /** Expected hash; null for bytes born in the page. */
  sha256: string | null;
  /** Room at `offset`: the size of its partition, in bytes. */
  room: number;
}

/** A piece of flash; both in bytes. */
export interface FlashPlace {
  offset: number;
  length: number;
}

/** How far reading or erasing is, in bytes. */
export interface FlashProgress {
  done: number;
  total: number;
  /** null until half a second of work allows an estimate. */
  remainingMs: number | null;
}

/** Progress over all regions of one write, in uncompressed bytes. */
export interface WriteProgress extends FlashProgress {
  stage: 'check' | 'write' | 'verify';
  region: string;
}

/**
 * Why a region is written, or not: the chip holds it already (`same`), nothing (`blank`), some of
 * it (`changed`) or something else (`other`).
 */
export type WriteReason = 'same' | 'blank' | 'changed' | 'other';

/** What becomes of one region; sizes in bytes. */
export interface RegionWrite {
  name: string;
  offset: number;
  bytes: number;
  /** Of these, those that are not in flash yet. */
  toWrite: number;
  reason: WriteReason;
}

/** What a write did. */
export interface WriteReport {
  regions: (RegionWrite & { elapsedMs: number })[];
  elapsedMs: number;
}
