/**
 * Fetches a firmware bundle and proves it: manifest by its schema, every image by size, SHA-256 and
 * its own checksums. Responses may come from the service worker's cache, so that units can be
 * prepared without a network. Knows no unit.
 */

import { msg, str } from '@lit/localize';
import { AppError } from '../../shared/errors.ts';
import {
  BUNDLE_LIST,
  type Manifest,
  type ManifestImage,
  parseBundleList,
  parseManifest,
} from '../../shared/esp/manifest.ts';
import { readPartitionTable } from '../../shared/esp/partition-table.ts';
import type { BundleImage, FirmwareBundle, ImageRole } from '../app/flash-types.ts';
import type { FirmwareSource } from '../app/ports.ts';
import type { Target } from '../app/unit-state.ts';
import { checkHash, checkImage } from './image-check.ts';
import { inPlace, type OffThread } from './off-thread.ts';

type Fetch = (url: string, init?: { signal?: AbortSignal }) => Promise<Response>;

/** Images that carry an ESP image header. */
const ESP_IMAGES: readonly ImageRole[] = ['bootloader', 'provisioning', 'jambox'];

/**
 * @param fetch bound to where it belongs: `(url, init) => fetch(url, init)`
 * @param base folder that holds `bundles.json`, `virtual/` and `esp32s3/`, with a slash at its end
 */
export function firmwareSource(
  fetch: Fetch,
  base = '/firmware/',
  thread: Pick<OffThread, 'imageFacts'> = inPlace,
): FirmwareSource {
  return {
    async load(target, signal) {
      await askedFor(fetch, base, target, signal);
      const folder = `${base}${target}/`;
      const manifest = await loadManifest(fetch, `${folder}manifest.json`, target, signal);
      const images = await Promise.all(
        manifest.jambench.images.map((image) =>
          loadImage(image, { fetch, folder, target, signal, thread }),
        ),
      );
      return bundle(manifest, images);
    },
  };
}

/** Which bundles there are is asked first: a build without one for real chips is no fault. */
async function askedFor(fetch: Fetch, base: string, target: Target, signal?: AbortSignal) {
  const response = await get(fetch, base + BUNDLE_LIST, signal);
  const { bundles } = parseBundleList(await readJson(response));
  if (!bundles.includes(target)) throw missing(`${base}${target}/`);
}

async function loadManifest(
  fetch: Fetch,
  url: string,
  target: Target,
  signal?: AbortSignal,
): Promise<Manifest> {
  const response = await get(fetch, url, signal);
  const manifest = parseManifest(await readJson(response));
  if (manifest.target === target) return manifest;
  throw new AppError(
    'image_wrong_target',
    msg(str`The bundle at ${url} says it is for ${manifest.target}, not for ${target}.`),
  );
}

/** A server that answers every unknown path with the page's HTML has no bundle either. */
async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text.trimStart().startsWith('<')) throw missing(response.url);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('image_corrupt', msg('The firmware manifest is no JSON.'), { cause });
  }
}

/** Where the images of one bundle lie, and for which chip they must be. */
interface ImageSource {
  fetch: Fetch;
  folder: string;
  target: Target;
  signal: AbortSignal | undefined;
  thread: Pick<OffThread, 'imageFacts'>;
}

async function loadImage(
  image: ManifestImage,
  { fetch, folder, target, signal, thread }: ImageSource,
): Promise<BundleImage> {
  const response = await get(fetch, folder + image.path, signal);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { role, offset, size, sha256 } = image;
  if (bytes.length < size) {
    throw new AppError(
      'image_truncated',
      msg(str`${image.path} has ${bytes.length} bytes of the ${size} that the manifest names.`),
    );
  }
  await checkHash(image.path, bytes, sha256);
  if (ESP_IMAGES.includes(role)) {
    checkImage(image.path, await thread.imageFacts(bytes), target);
  }
  if (role === 'partition-table') readPartitionTable(bytes);
  return { role, offset, bytes, sha256, version: image.version ?? null };
}

async function get(fetch: Fetch, url: string, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, signal ? { signal } : {});
  } catch (cause) {
    if (signal?.aborted) throw new AppError('cancelled', msg('Stopped.'));
    throw new AppError('unavailable', msg('The firmware cannot be fetched: no connection.'), {
      cause,
    });
  }
  if (response.status === 404) throw missing(url);
  if (response.ok) return response;
  throw new AppError('unavailable', msg(str`The server answered ${response.status} for ${url}.`));
}

function missing(url: string): AppError {
  return new AppError(
    'bundle_missing',
    msg(str`There is no firmware for this kind of unit (${url}).`),
  );
}

function bundle(manifest: Manifest, images: readonly BundleImage[]): FirmwareBundle {
  const { name, version, target, jambench } = manifest;
  return {
    target,
    name,
    version,
    flashBytes: jambench.flash_size,
    fctry: jambench.fctry,
    // parseManifest has made sure of every role, once
    images: Object.fromEntries(
      images.map((image) => [image.role, image]),
    ) as FirmwareBundle['images'],
  };
}
