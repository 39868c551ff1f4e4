/**
 * The flash of a soak's unit: the built virtual firmware and an identity at the start, and what the
 * journal of readings says at the end. Knows no board.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { AppError } from '../../shared/errors.ts';
import { type Manifest, parseManifest } from '../../shared/esp/manifest.ts';
import { writeNvs } from '../../shared/esp/nvs.ts';

const BUNDLE = join(import.meta.dirname, '../../web/public/firmware/virtual');
const NAMESPACE = 'jambox';
/** Partition `readings` of firmware/esp32s3/partitions.csv; entries as in reading_codec.h. */
const JOURNAL = { offset: 0x520000, size: 0x10000, slot: 128, magic: 0x524a, crcAt: 108 };

/** The whole chip, ready to run the production app as `unit`. */
export function preparedFlash(unit: string, token: string): Uint8Array {
  const manifest = readManifest();
  const { flash_size, images, fctry } = manifest.jambench;
  const flash = new Uint8Array(flash_size).fill(0xff);
  for (const { role, path, offset } of images) {
    if (role !== 'provisioning') flash.set(readFileSync(join(BUNDLE, path)), offset);
  }
  const text = (key: string, value: string) =>
    ({ namespace: NAMESPACE, key, type: 'string', value }) as const;
  const entries = [
    text('id', unit),
    text('token', token),
    text('host', 'sensors.example.net'),
    { namespace: NAMESPACE, key: 'port', type: 'u16', value: 80n } as const,
    text('apn', 'hologram'),
    text('bands', '2,4,12,13,66'),
  ];
  flash.set(writeNvs(entries, fctry.size), fctry.offset);
  return flash;
}

/** Readings that the unit has counted as dropped: in its newest entry. */
export function droppedCount(flash: Uint8Array): number {
  const view = new DataView(flash.buffer, flash.byteOffset + JOURNAL.offset, JOURNAL.size);
  let newest = 0;
  let dropped = 0;
  for (let at = 0; at < JOURNAL.size; at += JOURNAL.slot) {
    const body = new Uint8Array(view.buffer, view.byteOffset + at, JOURNAL.crcAt);
    const whole = crc32(body) === view.getUint32(at + JOURNAL.crcAt, true);
    if (!whole || view.getUint16(at, true) !== JOURNAL.magic) continue;
    const seq = view.getUint32(at + 4, true);
    if (seq < newest) continue;
    newest = seq;
    dropped = view.getUint32(at + 32, true);
  }
  return dropped;
}

function readManifest(): Manifest {
  const path = join(BUNDLE, 'manifest.json');
  if (!existsSync(path)) {
    throw new AppError('bundle_missing', 'The virtual firmware is not built.', {
      hint: 'Run npm run build:firmware first.',
    });
  }
  return parseManifest(JSON.parse(readFileSync(path, 'utf8')));
}
