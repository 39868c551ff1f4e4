/**
 * Updates over the air, as units ask in two spellings and administrators register them. Chunks of
 * 512 bytes with CRC-16/CCITT-FALSE; SHA-256 over the whole patch. Knows no storage.
 */
import * as v from 'valibot';
import { DeviceId, Sha256Hex } from './common.ts';
import { withAliases } from './field-aliases.ts';
import { unitText } from './text.ts';

/** Bytes of one chunk (device API). */
export const CHUNK_BYTES = 512;
/** What a unit's patch partition holds. */
const PATCH_MAX = 0x100000;

export const Version = v.pipe(
  v.string('must be text'),
  v.regex(/^[0-9A-Za-z][0-9A-Za-z.+_-]{0,31}$/, 'must be a version like 5.4'),
);

/** `{d, v}` or `{device_id, fw_version}`. */
export const OtaCheckRequest = v.pipe(
  withAliases({ d: DeviceId, v: Version }, { d: ['device_id'], v: ['fw_version'] }),
  v.transform((w) => ({ device_id: w.d, version: w.v })),
);

/** Query of GET /api/ota/chunk. */
export const OtaChunkQuery = v.pipe(
  withAliases(
    {
      d: DeviceId,
      from: Version,
      to: Version,
      chunk: v.pipe(
        v.string('must be a whole number'),
        v.regex(/^\d{1,5}$/, 'must be a whole number'),
        v.toNumber(),
      ),
    },
    { d: ['device_id'] },
  ),
  v.transform(({ d, ...rest }) => ({ ...rest, device_id: d })),
);

/** `{device_id, fw_version, status}` or `{d, v, success, error}`. */
export const OtaCompleteRequest = v.pipe(
  withAliases(
    {
      d: DeviceId,
      v: v.optional(Version),
      success: v.optional(v.boolean('must be true or false')),
      status: v.optional(unitText(40)),
      error: v.optional(unitText(200)),
    },
    { d: ['device_id'], v: ['fw_version'] },
  ),
  v.check((w) => w.success !== undefined || w.status !== undefined, 'success: is missing'),
  v.transform(({ d, v: version, success, status, error }) => ({
    device_id: d,
    version,
    success: success ?? status === 'success',
    error,
  })),
);
export type OtaComplete = v.InferOutput<typeof OtaCompleteRequest>;

export const NoUpdate = v.object({
  update_available: v.literal(false),
  reason: v.picklist(['up_to_date', 'no_patch', 'no_current_firmware', 'not_in_rollout']),
});
export type NoUpdate = v.InferOutput<typeof NoUpdate>;

/** Keys in this order: v5.x reads the first five, its old backend sent the others. */
export const Update = v.object({
  update_available: v.literal(true),
  target: v.string(),
  patch_size: v.number(),
  chunk_count: v.number(),
  sha256: v.string(),
  target_version: v.string(),
  patch_sha256: v.string(),
  chunk_size: v.number(),
  resume_from: v.number(),
});
export type Update = v.InferOutput<typeof Update>;

export const OtaChunk = v.object({
  chunk: v.number(),
  /** Base64 of at most {@link CHUNK_BYTES}. */
  data: v.string(),
  crc: v.number(),
  final: v.boolean(),
  crc16: v.number(),
  total: v.number(),
});
export type OtaChunk = v.InferOutput<typeof OtaChunk>;

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
/** Bytes that base64 with its padding stands for. */
const bytesOf = (base64: string) => (base64.length / 4) * 3 - (/=*$/.exec(base64)?.[0].length ?? 0);

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
    v.check((data) => bytesOf(data) <= PATCH_MAX, `must not be over ${PATCH_MAX} bytes`),
  ),
});
export type PatchRequest = v.InferOutput<typeof PatchRequest>;
/** Body of a registration: the patch and a few words around it. */
export const PATCH_BODY_MAX = BASE64_MAX + 1024;
