/**
 * NVS images on the command line.
 *   npm run -s nvs -- in.csv out.bin 0x6000      CSV → image
 *   npm run -s nvs -- --read image.bin           image → CSV on standard output
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { AppError } from '../shared/errors.ts';
import { formatNvsCsv, parseNvsCsv, readNvs, writeNvs } from '../shared/esp/nvs.ts';
import { runCli, UsageError } from './cli.ts';

const USAGE = 'Usage: npm run -s nvs -- in.csv out.bin 0x6000 | npm run -s nvs -- --read image.bin';

runCli(USAGE, (args) => {
  const [first, second, third] = args;
  if (first === '--read' && second && args.length === 2) return read(second);
  if (first && second && third && args.length === 3) return write(first, second, third);
  throw new UsageError(USAGE);
});

function write(csvPath: string, imagePath: string, sizeText: string): void {
  const size = Number(sizeText);
  if (!Number.isInteger(size)) throw new UsageError(`"${sizeText}" is not a size. ${USAGE}`);
  // Paths in the CSV are as Espressif's generator takes them: from where the command runs.
  const entries = parseNvsCsv(textOf(csvPath), {
    readFile: (path) => readFileSync(path),
    note: (sentence) => process.stderr.write(`${sentence}\n`),
  });
  writeFileSync(imagePath, writeNvs(entries, size));
}

/** Another encoding read as UTF-8 would change values without a word. */
function textOf(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new AppError('invalid', `${path} is not UTF-8 text.`, {
      hint: 'Save it as CSV UTF-8; spreadsheets offer that beside plain CSV.',
    });
  }
}

function read(imagePath: string): void {
  const { entries, skipped } = readNvs(readFileSync(imagePath));
  process.stdout.write(formatNvsCsv(entries));
  for (const { page, entry, reason } of skipped) {
    const where = entry === null ? `page ${page}` : `page ${page}, entry ${entry}`;
    process.stderr.write(`Left out: ${where}: ${reason}.\n`);
  }
  if (skipped.length > 0) process.exitCode = 1;
}
