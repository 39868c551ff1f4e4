/**
 * Makes the firmware bundle for real units from two ESP-IDF builds.
 *   npm run -s firmware:pack -- BUILD BUILD [OUT]    a build of provisioning and one of jambox
 *   npm run -s firmware:pack -- DIR [OUT]            a folder that holds both, under these names
 * OUT is web/public/firmware/esp32s3 unless it is given.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, UsageError } from './cli.ts';
import { type Packed, packBundle } from './firmware/pack.ts';
import { isBuildDir, readBuild } from './firmware/pack-source.ts';
import { writeBundle } from './firmware/pack-write.ts';

const PARTITIONS = join(import.meta.dirname, '../firmware/esp32s3/partitions.csv');
const OUT_DIR = join(import.meta.dirname, '../web/public/firmware/esp32s3');
const USAGE = 'Usage: npm run -s firmware:pack -- BUILD_PROVISIONING BUILD_JAMBOX [OUT]';

runCli(USAGE, (args) => {
  const { builds, out } = parse(args);
  const packed = packBundle(builds.map(readBuild), readFileSync(PARTITIONS, 'utf8'));
  const written = writeBundle(out, packed.files);
  process.stdout.write(report(packed, out, written));
});

function parse(args: string[]): { builds: string[]; out: string } {
  const [first, second] = args;
  if (first === undefined || first.startsWith('-')) throw new UsageError(USAGE);
  const two = second !== undefined && (isBuildDir(first) || isBuildDir(second));
  const builds = two ? [first, second] : [join(first, 'provisioning'), join(first, 'jambox')];
  const rest = args.slice(two ? 2 : 1);
  if (rest.length > 1 || (isBuildDir(first) && !two)) throw new UsageError(USAGE);
  return { builds, out: rest[0] ?? OUT_DIR };
}

function report({ version, files, sizes }: Packed, out: string, written: number): string {
  const lines = sizes.map(({ app, bytes, room }) => {
    const percent = ((bytes / room) * 100).toFixed(1);
    return `${app}: ${bytes} bytes, ${percent} % of its slot\n`;
  });
  const what = `firmware ${version} (esp32s3)`;
  return `${lines.join('')}${what}: ${written} of ${files.size} files written to ${out}\n`;
}
