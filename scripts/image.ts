/**
 * App images on the command line.
 *   npm run -s image -- info app.bin     header, descriptor, segments, checksum and hash
 */

import { readFileSync } from 'node:fs';
import { hexDigits, toHex } from '../shared/bytes.ts';
import {
  type AppDescriptor,
  type AppImage,
  CHIP_ID_ESP32S3,
  readAppImage,
} from '../shared/esp/app-image.ts';
import { runCli, UsageError } from './cli.ts';

const USAGE = 'Usage: npm run -s image -- info app.bin';

runCli(USAGE, ([command, path, ...rest]) => {
  if (command !== 'info' || !path || rest.length > 0) throw new UsageError(USAGE);
  process.stdout.write(lines(readAppImage(readFileSync(path))));
});

function lines(image: AppImage): string {
  const chip = image.chipId === CHIP_ID_ESP32S3 ? 'ESP32-S3' : 'another chip';
  const text = [`chip      ${image.chipId} (${chip})`, `entry     ${address(image.entry)}`];
  const { descriptor } = image;
  if (descriptor) {
    text.push(
      `project   ${descriptor.projectName}`,
      `version   ${descriptor.version}`,
      `built     ${builtWords(descriptor)}`,
    );
  }
  image.segments.forEach((segment, i) => {
    text.push(`segment ${i} ${address(segment.loadAddress)}, ${segment.data.length} bytes`);
  });
  text.push('checksum  valid');
  text.push(image.sha256 ? `SHA-256   ${toHex(image.sha256)} (valid)` : 'SHA-256   none appended');
  text.push(`length    ${image.length} bytes`);
  return `${text.join('\n')}\n`;
}

function address(value: number): string {
  return `0x${hexDigits(value, 8)}`;
}

/** Virtual images carry no date: the same source must give the same bytes. */
function builtWords({ date, time, idfVersion }: AppDescriptor): string {
  return [`${date} ${time}`.trim(), idfVersion].filter((part) => part !== '').join(', ');
}
