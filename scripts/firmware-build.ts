/**
 * `npm run build:firmware`: compiles both programs for the virtual board and writes the bundle the
 * page serves, web/public/firmware/virtual/. Less than a second when nothing has changed.
 */
import { readFileSync } from 'node:fs';
import { AppError } from '../shared/errors.ts';
import { runCli } from './cli.ts';
import { appJob } from './firmware/app-job.ts';
import { makeBundle } from './firmware/bundle.ts';
import { type CppResult, compile } from './firmware/cpp.ts';
import { writeBundle } from './firmware/pack-write.ts';

const OUT_DIR = 'web/public/firmware/virtual';
const PARTITIONS = 'firmware/esp32s3/partitions.csv';
const VERSION_HEADER = 'firmware/apps/version.h';

async function main(): Promise<void> {
  const started = performance.now();
  const version = firmwareVersion();
  const provisioning = await compile(appJob('provisioning'));
  const jambox = await compile(appJob('jambox'));
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

runCli('npm run build:firmware: both programs for the virtual board', main);
