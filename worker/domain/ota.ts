/**
 * Updates over the air: the offer to a unit, its chunks, what became of it, and how
 * administrators register them. Knows no HTTP and no SQL.
 */

import {
  CHUNK_BYTES,
  type FirmwareRequest,
  type NoUpdate,
  type OtaChunk,
  type OtaComplete,
  type PatchRequest,
  type Update,
} from '../../shared/contracts/ota.ts';
import { AppError } from '../../shared/errors.ts';
import { sha256, sha256Hex } from '../../shared/hash.ts';
import { type Change, type ChangeContext, changeOf } from './audit.ts';

export interface CurrentFirmware {
  version: string;
  rollout_percent: number;
}

export interface Patch {
  from_version: string;
  to_version: string;
  size: number;
  /** 64 lowercase hex digits. */
  sha256: string;
  chunk_count: number;
}

export interface PatchChunk {
  chunk: number;
  data_base64: string;
  crc: number;
}

/** A chunk of the version on offer, with the share of units that get it. */
export interface OfferedChunk extends PatchChunk {
  total: number;
  rollout_percent: number;
}

export interface UpdateResult {
  device_id: string;
  reported_ms: number;
  version: string | null;
  success: boolean;
  error: string | null;
}

export interface OtaStore {
  /** The firmware units should have, and the patch that leads there from `version`. */
  offer(version: string): Promise<{ current: CurrentFirmware | null; patch: Patch | null }>;
  /** Null also when the version is not the one on offer. */
  chunk(from: string, to: string, chunk: number): Promise<OfferedChunk | null>;
  record(result: UpdateResult): Promise<void>;
  registerFirmware(firmware: FirmwareRequest, nowS: number, change: Change): Promise<void>;
  /** False when another patch between the two is there already. */
  registerPatch(patch: Patch, chunks: PatchChunk[], nowS: number, change: Change): Promise<boolean>;
  status(before: UpdateKey | undefined, limit: number): Promise<OtaStatus>;
}

export interface UpdateKey {
  reported_ms: number;
  device_id: string;
}

export interface OtaStatus {
  firmware: (CurrentFirmware & { is_current: boolean })[];
  patches: Patch[];
  /** Newest first. */
  results: UpdateResult[];
}

/** The offer to a unit with this firmware. */
export async function checkForUpdate(
  store: OtaStore,
  deviceId: string,
  version: string,
): Promise<Update | NoUpdate> {
  const no = (reason: NoUpdate['reason']): NoUpdate => ({ update_available: false, reason });
  const { current, patch } = await store.offer(version);
  if (!current) return no('no_current_firmware');
  if (current.version === version) return no('up_to_date');
  if (!patch) return no('no_patch');
  if ((await shareOf(deviceId, current.version)) >= current.rollout_percent) {
    return no('not_in_rollout');
  }
  return {
    update_available: true,
    target: patch.to_version,
    patch_size: patch.size,
    chunk_count: patch.chunk_count,
    sha256: patch.sha256,
    target_version: patch.to_version,
    patch_sha256: patch.sha256,
    chunk_size: CHUNK_BYTES,
    resume_from: 0,
  };
}

/** 0 … 99: the same unit always for one version, other units first for the next. */
async function shareOf(deviceId: string, version: string): Promise<number> {
  const digest = await sha256(`${deviceId} ${version}`);
  return new DataView(digest.buffer).getUint32(0) % 100;
}

/**
 * A chunk of the offer as it is now: a withdrawn release stops reaching units
 * that have begun to load it, too. @throws AppError `not_found`
 */
export async function chunkOf(
  store: OtaStore,
  wanted: { device_id: string; from: string; to: string; chunk: number },
): Promise<OtaChunk> {
  const found = await store.chunk(wanted.from, wanted.to, wanted.chunk);
  if (!found) throw new AppError('not_found', 'no such chunk');
  if ((await shareOf(wanted.device_id, wanted.to)) >= found.rollout_percent) {
    throw new AppError('not_found', 'no longer offered to this unit');
  }
  const { chunk, data_base64: data, crc, total } = found;
  return { chunk, data, crc, final: chunk === total - 1, crc16: crc, total };
}

export async function recordUpdate(store: OtaStore, report: OtaComplete, nowMs: number) {
  const { device_id, version = null, success, error = null } = report;
  await store.record({ device_id, reported_ms: nowMs, version, success, error });
}

export async function registerFirmware(
  store: OtaStore,
  { actor, nowMs }: ChangeContext,
  firmware: FirmwareRequest,
): Promise<void> {
  const after = { current: firmware.current, rollout_percent: firmware.rollout_percent };
  const target = `ota:${firmware.version}`;
  const change = changeOf({ actor, nowMs }, 'ota.firmware', target, { after });
  await store.registerFirmware(firmware, Math.floor(nowMs / 1000), change);
}

/**
 * Takes a patch in, cut into chunks.
 * @throws AppError `invalid` when it is not what its hash says, `conflict`
 */
export async function registerPatch(
  store: OtaStore,
  { actor, nowMs }: ChangeContext,
  wanted: PatchRequest,
): Promise<Patch> {
  const bytes = Uint8Array.from(atob(wanted.data), (c) => c.charCodeAt(0));
  const hash = await sha256Hex(bytes);
  if (wanted.sha256 !== undefined && wanted.sha256 !== hash) {
    throw new AppError('invalid', 'sha256: is not that of the patch');
  }
  const chunks = cut(bytes);
  const patch: Patch = {
    from_version: wanted.from,
    to_version: wanted.to,
    size: bytes.length,
    sha256: hash,
    chunk_count: chunks.length,
  };
  const after = { from: wanted.from, to: wanted.to, size: bytes.length };
  const change = changeOf({ actor, nowMs }, 'ota.patch', `ota:${wanted.to}`, { after });
  if (await store.registerPatch(patch, chunks, Math.floor(nowMs / 1000), change)) return patch;
  throw new AppError('conflict', `There is another patch from ${wanted.from} to ${wanted.to}.`, {
    hint: 'Units may be fetching it; give the new one another version.',
  });
}

function cut(bytes: Uint8Array): PatchChunk[] {
  const chunks: PatchChunk[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const part = bytes.subarray(at, at + CHUNK_BYTES);
    const data_base64 = btoa(String.fromCharCode(...part));
    chunks.push({ chunk: chunks.length, data_base64, crc: crc16(part) });
  }
  return chunks;
}

/** CRC-16/CCITT-FALSE: polynomial 0x1021, initial 0xFFFF, not reflected; 123456789 → 0x29B1. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
    }
  }
  return crc;
}
