/**
 * Reads what ESP-IDF left in a build directory: `project_description.json`, `flasher_args.json` and
 * the three images they name. Proves only that the files are there and readable; what they hold is
 * judged by pack.ts. Source: ESP-IDF, "Build System", project_description.json.in and
 * flasher_args.json.in of 5.4.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describeIssues } from '../../shared/contracts/common.ts';
import { AppError } from '../../shared/errors.ts';

const ARGS_FILE = 'flasher_args.json';
const DESCRIPTION_FILE = 'project_description.json';
const BUILD_HINT = 'Build both programs first; docs/firmware-build.md says how.';

const FlashedFile = v.object({
  offset: v.pipe(v.string(), v.regex(/^0x[0-9a-f]{1,8}$/i), v.transform(Number)),
  file: v.pipe(v.string(), v.minLength(1)),
});
const FlasherArgs = v.object({
  flash_settings: v.object({ flash_size: v.string() }),
  bootloader: FlashedFile,
  'partition-table': FlashedFile,
  app: FlashedFile,
  extra_esptool_args: v.object({ chip: v.string() }),
});
const Description = v.object({
  project_name: v.string(),
  project_version: v.string(),
  target: v.string(),
});

/** A file of the build and the flash offset it is for. */
export interface BuiltFile {
  bytes: Uint8Array;
  offset: number;
}

/** One ESP-IDF build. */
export interface IdfBuild {
  /** For messages. */
  dir: string;
  project: string;
  version: string;
  /** `esp32s3`; the same in both files, or the build is half of one and half of another. */
  chip: string;
  /** As ESP-IDF writes it: `8MB`. */
  flashSize: string;
  bootloader: BuiltFile;
  partitionTable: BuiltFile;
  app: BuiltFile;
}

/** Whether `dir` is an ESP-IDF build directory. */
export function isBuildDir(dir: string): boolean {
  return existsSync(join(dir, ARGS_FILE));
}

/**
 * @throws AppError `invalid` naming the file that is missing or not as ESP-IDF writes it,
 * `image_wrong_chip` when the two files disagree about the chip
 */
export function readBuild(dir: string): IdfBuild {
  const args = readJson(FlasherArgs, dir, ARGS_FILE);
  const about = readJson(Description, dir, DESCRIPTION_FILE);
  const { chip } = args.extra_esptool_args;
  if (chip !== about.target) {
    throw new AppError(
      'image_wrong_chip',
      `${dir} was built for ${about.target} and would be flashed as ${chip}.`,
      { hint: 'Remove the build directory and build again.' },
    );
  }
  const load = ({ file, offset }: v.InferOutput<typeof FlashedFile>): BuiltFile => ({
    bytes: new Uint8Array(read(dir, file)),
    offset,
  });
  return {
    dir,
    project: about.project_name,
    version: about.project_version,
    chip,
    flashSize: args.flash_settings.flash_size,
    bootloader: load(args.bootloader),
    partitionTable: load(args['partition-table']),
    app: load(args.app),
  };
}

function readJson<T extends v.GenericSchema>(
  schema: T,
  dir: string,
  name: string,
): v.InferOutput<T> {
  let json: unknown;
  try {
    json = JSON.parse(read(dir, name).toString('utf8'));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new AppError('invalid', `${join(dir, name)} is no JSON.`, { cause, hint: BUILD_HINT });
  }
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  const wrong = describeIssues(result.issues);
  throw new AppError('invalid', `${join(dir, name)} is not as ESP-IDF writes it: ${wrong}.`, {
    hint: 'Use ESP-IDF 5.4 or later.',
  });
}

function read(dir: string, name: string): Buffer {
  const path = join(dir, name);
  if (existsSync(path) && statSync(path).isFile()) return readFileSync(path);
  throw new AppError('invalid', `${path} is missing.`, { hint: BUILD_HINT });
}
