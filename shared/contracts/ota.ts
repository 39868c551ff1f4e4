/**
 * Updates over the air, as units ask in two spellings and scripts register them. Chunks of 512
 * bytes with CRC-16/CCITT-FALSE; SHA-256 over the whole patch. Knows no storage.
 */
import * as v from 'valibot';
import { DeviceId, Sha256Hex } from './common.ts';

/** Bytes of one chunk (device API). */
export const CHUNK_BYTES = 512;
/** What a unit's patch partition holds. */
export const PATCH_MAX = 0x100000;

export const Version = v.pipe(
  v.string('must be text'),
  v.regex(/^[0-9A-Za-z][0-9A-Za-z.+_-]{0,31}$/, 'must be a version like 5.4'),
);

const anyField = v.optional(v.unknown());

/** `{d, v}` or `{device_id, fw_version}`. */
export const OtaCheckRequest = v.pipe(
  v.object({ d: anyField, device_id: anyField, v: anyField, fw_version: anyField }),
  v.transform((w) => ({ device_id: w.d ?? w.device_id, version: w.v ?? w.fw_version })),
  v.object({ device_id: DeviceId, version: Version }),
);

/** Query of GET /api/ota/chunk. */
export const OtaChunkQuery = v.pipe(
  v.object({ d: anyField, device_id: anyField, from: anyField, to: anyField, chunk: anyField }),
  v.transform(({ d, device_id, ...rest }) => ({ ...rest, device_id: d ?? device_id })),
  v.object({
    device_id: DeviceId,
    from: Version,
    to: Version,
    chunk: v.pipe(
      v.string('must be a whole number'),
      v.regex(/^\d{1,5}$/, 'must be a whole number'),
      v.toNumber(),
    ),
  }),
);

/** `{device_id, fw_version, status}` or `{d, v, success, error}`. */
export const OtaCompleteRequest = v.pipe(
  v.object({
    d: anyField,
    device_id: anyField,
    v: anyField,
    fw_version: anyField,
    status: anyField,
    success: anyField,
    error: anyField,
  }),
  v.transform((w) => ({
    device_id: w.d ?? w.device_id,
    version: w.v ?? w.fw_version ?? undefined,
    success: w.success ?? (typeof w.status === 'string' ? w.status === 'success' : undefined),
    error: w.error ?? undefined,
  })),
  v.object({
    device_id: DeviceId,
    version: v.optional(Version),
    success: v.boolean('must be true or false'),
    error: v.optional(v.pipe(v.string('must be text'), v.maxLength(200))),
  }),
);
export type OtaComplete = v.InferOutput<typeof OtaCompleteRequest>;

export interface NoUpdate {
  update_available: false;
  reason: 'up_to_date' | 'no_patch' | 'no_current_firmware' | 'not_in_rollout';
}

/** Keys in this order: v5.x reads the first four, its old backend sent the others. */
export interface Update {
  update_available: true;
  target: string;
  patch_size: number;
  chunk_count: number;
  sha256: string;
  target_version: string;
  patch_sha256: string;
  chunk_size: number;
  resume_from: number;
}

export interface OtaChunk {
  chunk: number;
  data: string;
  crc: number;
  final: boolean;
  crc16: number;
  total: number;
}

/** POST /api/ota/register-firmware */
export const FirmwareRequest = v.strictObject({
  version: Version,
  /** Units are offered this one from now on. */
  current: v.optional(v.boolean(), true),
  rollout_percent: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100)), 100),
});
export type FirmwareRequest = v.InferOutput<typeof FirmwareRequest>;

/** Base64 of the largest patch. */
const BASE64_MAX = Math.ceil(PATCH_MAX / 3) * 4;

/** POST /api/ota/register-patch */
export const PatchRequest = v.strictObject({
  from: Version,
  to: Version,
  sha256: v.optional(Sha256Hex),
  /** The patch, base64 with padding. */
  data: v.pipe(
    v.string(),
    v.minLength(4, 'must not be empty'),
    v.maxLength(BASE64_MAX, `must not be over ${PATCH_MAX} bytes`),
    v.base64('must be base64'),
  ),
});
export type PatchRequest = v.InferOutput<typeof PatchRequest>;
/** Body of a registration: the patch and a few words around it. */
export const PATCH_BODY_MAX = BASE64_MAX + 1024;
