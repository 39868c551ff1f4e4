/**
 * manifest.json of a firmware bundle: a superset of the ESP Web Tools manifest, so that their
 * installer can flash the same bundle, with what the bench needs to check images before erasing.
 * Knows no transport. Fields: docs/formats/manifest.md.
 */
import * as v from 'valibot';
import { describeIssues } from '../contracts/common.ts';
import { AppError } from '../errors.ts';

const FLASH_BYTES_MAX = 0x800000;
const Offset = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(FLASH_BYTES_MAX));
/** A file beside the manifest: no folders, no parent, no host. */
const FileName = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must be a file name'));

export const ImageRole = v.picklist([
  'bootloader',
  'partition-table',
  'otadata',
  'provisioning',
  'jambox',
]);
export type ImageRole = v.InferOutput<typeof ImageRole>;

export const ManifestImage = v.object({
  role: ImageRole,
  path: FileName,
  offset: Offset,
  size: v.pipe(Offset, v.minValue(1)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  md5: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  version: v.optional(v.pipe(v.string(), v.maxLength(31))),
  project: v.optional(v.pipe(v.string(), v.maxLength(31))),
});
export type ManifestImage = v.InferOutput<typeof ManifestImage>;

const Region = v.object({ offset: Offset, size: Offset });

/** `virtual` images run on the virtual board only; the bench refuses to mix. */
export const TARGETS = ['esp32s3', 'virtual'] as const;

/** Beside the bundles' folders: which of them there are. */
export const BUNDLE_LIST = 'bundles.json';

/** A target this version does not know is one it does not ask for. */
export const BundleList = v.object({ bundles: v.array(v.string()) });
export type BundleList = v.InferOutput<typeof BundleList>;

export const Manifest = v.object({
  name: v.string(),
  version: v.string(),
  target: v.picklist(TARGETS),
  builds: v.array(
    v.object({
      chipFamily: v.literal('ESP32-S3'),
      parts: v.array(v.object({ path: FileName, offset: Offset })),
    }),
  ),
  jambench: v.object({
    format: v.literal(1),
    flash_size: v.number(),
    images: v.pipe(
      v.array(ManifestImage),
      v.check(
        (images) => new Set(images.map((i) => i.role)).size === images.length,
        'a role twice',
      ),
      v.check((images) => images.length === ImageRole.options.length, 'every role is needed'),
    ),
    fctry: Region,
    nvs: Region,
  }),
});
export type Manifest = v.InferOutput<typeof Manifest>;

/**
 * `json` as a manifest.
 * @throws AppError `image_corrupt` naming the field that is wrong
 */
export function parseManifest(json: unknown): Manifest {
  const result = v.safeParse(Manifest, json);
  if (result.success) return result.output;
  throw new AppError(
    'image_corrupt',
    `The firmware manifest is wrong: ${describeIssues(result.issues)}.`,
  );
}

/**
 * `json` as the list of bundles.
 * @throws AppError `image_corrupt` naming the field that is wrong
 */
export function parseBundleList(json: unknown): BundleList {
  const result = v.safeParse(BundleList, json);
  if (result.success) return result.output;
  throw new AppError(
    'image_corrupt',
    `The list of firmware is wrong: ${describeIssues(result.issues)}.`,
  );
}
