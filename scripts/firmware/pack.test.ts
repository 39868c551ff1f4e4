import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError, type ErrorCode } from '../../shared/errors.ts';
import {
  DROM_LOAD_ADDRESS,
  IROM_LOAD_ADDRESS,
  writeAppDescriptor,
  writeAppImage,
} from '../../shared/esp/app-image.ts';
import { parseManifest } from '../../shared/esp/manifest.ts';
import { parsePartitionsCsv, writePartitionTable } from '../../shared/esp/partition-table.ts';
import { APP_SHARE_MAX, packBundle } from './pack.ts';
import { isBuildDir, readBuild } from './pack-source.ts';
import { writeBundle } from './pack-write.ts';

const CSV = readFileSync('firmware/esp32s3/partitions.csv', 'utf8');
const SLOT_BYTES = 0x200000;
const ESP32C3 = 5;

/** How a synthetic build departs from a good one. */
interface Oddity {
  /** Chip id in the app's and in the bootloader's header. */
  appChip?: number;
  bootloaderChip?: number;
  /** Target as the build's JSON files say. */
  target?: string;
  chip?: string;
  flashSize?: string;
  /** Version the JSON says, and the one in the image. */
  version?: string;
  imageVersion?: string;
  imageProject?: string;
  payloadBytes?: number;
  appOffset?: string;
  csv?: string;
  /** Applied to the app's bytes when they are done. */
  spoil?: (app: Uint8Array) => Uint8Array;
}

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pack-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function appImage(project: string, odd: Oddity): Uint8Array {
  const descriptor = writeAppDescriptor({
    secureVersion: 0,
    version: odd.imageVersion ?? odd.version ?? '6.0.0',
    projectName: odd.imageProject ?? project,
    time: '',
    date: '',
    idfVersion: 'v5.4.4',
    elfSha256: new Uint8Array(32),
  });
  const payload = new Uint8Array(odd.payloadBytes ?? 4096).fill(project.length);
  const image = writeAppImage({
    entry: IROM_LOAD_ADDRESS,
    ...(odd.appChip === undefined ? {} : { chipId: odd.appChip }),
    segments: [
      { loadAddress: DROM_LOAD_ADDRESS, data: descriptor },
      { loadAddress: IROM_LOAD_ADDRESS, data: payload },
    ],
  });
  return odd.spoil ? odd.spoil(image) : image;
}

/** A build directory with the files and the JSON that ESP-IDF 5.4 writes. */
function build(project: string, odd: Oddity = {}): string {
  const dir = join(root, project);
  const put = (name: string, bytes: Uint8Array | string) => {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), bytes);
  };
  const target = odd.target ?? 'esp32s3';
  const entry = (offset: string, file: string) => ({ offset, file, encrypted: 'false' });
  const args = {
    write_flash_args: ['--flash_mode', 'dio', '--flash_size', '8MB', '--flash_freq', '80m'],
    flash_settings: { flash_mode: 'dio', flash_size: odd.flashSize ?? '8MB', flash_freq: '80m' },
    bootloader: entry('0x0', 'bootloader/bootloader.bin'),
    app: entry(odd.appOffset ?? '0x20000', `${project}.bin`),
    'partition-table': entry('0x8000', 'partition_table/partition-table.bin'),
    otadata: entry('0xf000', 'ota_data_initial.bin'),
    extra_esptool_args: { after: 'hard_reset', stub: true, chip: odd.chip ?? target },
  };
  put('flasher_args.json', JSON.stringify(args));
  const about = { version: '1.2', project_name: project, project_version: odd.version ?? '6.0.0' };
  put('project_description.json', JSON.stringify({ ...about, target }));
  put(
    'partition_table/partition-table.bin',
    writePartitionTable(parsePartitionsCsv(odd.csv ?? CSV)),
  );
  put(`${project}.bin`, appImage(project, odd));
  const boot = { loadAddress: 0x3fce2810, data: new Uint8Array(512).fill(7) };
  const chip = odd.bootloaderChip === undefined ? {} : { chipId: odd.bootloaderChip };
  put('bootloader/bootloader.bin', writeAppImage({ entry: 0x403c9700, segments: [boot], ...chip }));
  return dir;
}

function pack(provisioning: Oddity = {}, jambox: Oddity = {}) {
  const dirs = [build('provisioning', provisioning), build('jambox', jambox)];
  return packBundle(dirs.map(readBuild), CSV);
}

function codeOf(run: () => unknown): ErrorCode | null {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return null;
}

test('two good builds make a bundle that the bench and ESP Web Tools understand', () => {
  const { files, version, sizes } = pack();
  const text = new TextDecoder().decode(files.get('manifest.json'));
  const manifest = parseManifest(JSON.parse(text));
  expect(manifest).toMatchObject({ target: 'esp32s3', version: '6.0.0', name: 'JamBox' });
  expect(version).toBe('6.0.0');
  expect(manifest.jambench.images.map(({ role, offset }) => [role, offset])).toEqual([
    ['bootloader', 0],
    ['partition-table', 0x8000],
    ['otadata', 0xf000],
    ['provisioning', 0x20000],
    ['jambox', 0x20000],
  ]);
  expect(manifest.builds[0]!.parts.map(({ path }) => path)).not.toContain('provisioning.bin');
  for (const image of manifest.jambench.images) {
    expect(files.get(image.path)!.length).toBe(image.size);
  }
  expect(files.get('otadata.bin')!.every((byte) => byte === 0xff)).toBe(true);
  expect(files.get('jambox.bin')).toEqual(
    new Uint8Array(readFileSync(join(root, 'jambox/jambox.bin'))),
  );
  expect(sizes.map(({ app, room }) => [app, room])).toEqual([
    ['provisioning', SLOT_BYTES],
    ['jambox', SLOT_BYTES],
  ]);
});

test('the order of the builds does not matter', () => {
  const dirs = [build('jambox'), build('provisioning')];
  expect(packBundle(dirs.map(readBuild), CSV).files).toEqual(pack().files);
});

test('the bundle is written whole, and equal files are left alone', () => {
  const { files } = pack();
  const out = join(root, 'out');
  expect(writeBundle(out, files)).toBe(6);
  expect(writeBundle(out, files)).toBe(0);
  expect(writeBundle(out, new Map(files).set('otadata.bin', new Uint8Array(1)))).toBe(1);
});

describe('refuses', () => {
  test.each<[string, ErrorCode, Oddity]>([
    ['an app for another chip', 'image_wrong_chip', { appChip: ESP32C3 }],
    ['a bootloader for another chip', 'image_wrong_chip', { bootloaderChip: ESP32C3 }],
    ['a build for another target', 'image_wrong_chip', { target: 'esp32c3' }],
    ['JSON files of two targets', 'image_wrong_chip', { chip: 'esp32c3' }],
    ['a virtual image', 'image_wrong_target', { imageProject: 'jambox-virtual' }],
    ['an image of another program', 'invalid', { imageProject: 'hello_world' }],
    ['an image of another version than its build', 'invalid', { imageVersion: '5.9.0' }],
    ['two versions', 'invalid', { version: '6.0.1' }],
    ['another size of flash', 'invalid', { flashSize: '4MB' }],
    ['another flash map', 'invalid', { csv: CSV.replace('0x420000', '0x430000') }],
    ['an app for another offset', 'invalid', { appOffset: '0x10000' }],
    ['an app that fills more than its share', 'image_too_big', { payloadBytes: 0x1d0000 }],
    ['a cut image', 'image_truncated', { spoil: (app) => app.subarray(0, -40) }],
    ['a flipped bit', 'image_corrupt', { spoil: (app) => app.with(1000, app[1000]! ^ 1) }],
  ])('%s', (_, code, oddity) => {
    expect(codeOf(() => pack({}, oddity))).toBe(code);
    if (oddity.imageProject !== 'jambox-virtual') {
      expect(codeOf(() => pack(oddity, {}))).toBe(code);
    }
  });

  test('what fills more than its share, to within a few lines of the image', () => {
    const limit = Math.floor(SLOT_BYTES * APP_SHARE_MAX) & ~15;
    const around = 384; // header, descriptor, checksum line and hash are 344 bytes at most
    expect(codeOf(() => pack({}, { payloadBytes: limit - around }))).toBeNull();
    expect(codeOf(() => pack({}, { payloadBytes: limit - around / 2 }))).toBe('image_too_big');
  });

  test('two builds of one program', () => {
    const dirs = [build('jambox'), build('jambox')];
    expect(() => packBundle(dirs.map(readBuild), CSV)).toThrow('0 builds of provisioning');
  });
});

describe('the command', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['scripts/firmware-pack.ts', ...args], { encoding: 'utf8' });

  test('takes a folder of builds, or two builds, and says how full the slots are', () => {
    const builds = [build('provisioning'), build('jambox')];
    const one = run(root, join(root, 'one'));
    const two = run(...builds, join(root, 'two'));
    expect([one.status, two.status]).toEqual([0, 0]);
    expect(one.stdout).toMatch(/jambox: \d+ bytes, 0\.2 % of its slot/);
    const manifests = ['one', 'two'].map((out) => readFileSync(join(root, out, 'manifest.json')));
    expect(manifests[0]).toEqual(manifests[1]);
  });

  test('says what is wrong, and writes nothing', () => {
    build('provisioning');
    const half = run(root, join(root, 'out'));
    expect(half.status).toBe(1);
    expect(half.stderr).toContain('flasher_args.json is missing');
    expect(existsSync(join(root, 'out'))).toBe(false);
    expect(run().status).toBe(2);
    expect(run(join(root, 'provisioning')).status).toBe(2);
  });
});

describe('a build directory', () => {
  test.each(['flasher_args.json', 'project_description.json', 'jambox.bin'])(
    'without %s is refused by its name',
    (name) => {
      const dir = build('jambox');
      rmSync(join(dir, name));
      expect(() => readBuild(dir)).toThrow(`${name} is missing`);
    },
  );

  test('with a file that is not as ESP-IDF writes it is refused', () => {
    const dir = build('jambox');
    writeFileSync(join(dir, 'flasher_args.json'), '{"app": {"offset": "ota_0"}}');
    expect(() => readBuild(dir)).toThrow(/not as ESP-IDF writes it/);
    writeFileSync(join(dir, 'flasher_args.json'), '{');
    expect(() => readBuild(dir)).toThrow(/is no JSON/);
  });

  test('differs from a folder of builds', () => {
    const dir = build('jambox');
    expect(isBuildDir(dir)).toBe(true);
    expect(isBuildDir(root)).toBe(false);
  });
});
