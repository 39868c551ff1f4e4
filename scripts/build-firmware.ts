/**
 * `npm run build:firmware`: compiles both programs for the virtual board and writes the bundle the
 * page serves, web/public/firmware/virtual/. Less than a second when nothing has changed.
 */
import { readFileSync } from 'node:fs';
import { AppError } from '../shared/errors.ts';
import { makeBundle } from './firmware/bundle.ts';
import { type CppResult, compile, cppFiles } from './firmware/cpp.ts';
import { writeBundle } from './firmware/pack-write.ts';

const OUT_DIR = 'web/public/firmware/virtual';
const PARTITIONS = 'firmware/esp32s3/partitions.csv';
const VERSION_HEADER = 'firmware/apps/version.h';

/** Size before speed: the image goes over a serial line, and counting needs little. */
const FLAGS = [
  '--target=wasm32-wasip1',
  '-std=c++20',
  '-Oz',
  '-fno-exceptions',
  '-fno-rtti',
  '-fno-threadsafe-statics',
  '-mexec-model=reactor',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-Wl,--strip-all',
  '-Wl,--gc-sections',
  // A stack that overflows traps instead of writing into data.
  '-Wl,--stack-first',
];

async function main(): Promise<void> {
  const started = performance.now();
  const version = firmwareVersion();
  const provisioning = await compileApp('provisioning');
  const jambox = await compileApp('jambox');
  const files = makeBundle({
    version,
    provisioning: provisioning.wasm,
    jambox: jambox.wasm,
    partitionsCsv: readFileSync(PARTITIONS, 'utf8'),
  });
  const written = writeBundle(OUT_DIR, files);
  process.stdout.write(`${line('provisioning', provisioning)}${line('jambox', jambox)}`);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(
    `firmware ${version} (virtual): ${written} of ${files.size} files written to ${OUT_DIR}, ${seconds} s\n`,
  );
}

function compileApp(app: 'provisioning' | 'jambox'): Promise<CppResult> {
  const isProgram = (path: string) => path.endsWith('.cc') && !path.endsWith('_test.cc');
  const core = cppFiles('core', isProgram);
  const own = cppFiles(`apps/${app}`, isProgram);
  const platform = ['apps/wasm/abort.cc', 'apps/wasm/platform.cc', `apps/wasm/${app}_main.cc`];
  return compile({ name: app, sources: [...core, ...own, ...platform], flags: FLAGS });
}

/** The version is written once, in the C++ header both programs include. */
function firmwareVersion(): string {
  const match = /kFirmwareVersion = "([^"]+)"/.exec(readFileSync(VERSION_HEADER, 'utf8'));
  if (!match?.[1]) throw new AppError('invalid', `${VERSION_HEADER} has no kFirmwareVersion.`);
  return match[1];
}

function line(app: string, result: CppResult): string {
  const how = result.cached ? 'cached' : `compiled in ${(result.ms / 1000).toFixed(1)} s`;
  return `${app}: ${result.wasm.length} bytes of WebAssembly, ${how}\n`;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${error.message}\n${error.hint}\n`);
  process.exitCode = 1;
}
