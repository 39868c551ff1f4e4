/**
 * `node scripts/firmware-pins.ts LOCK`: holds the component manager's lock of a build against
 * firmware/esp32s3/pins.json, fails where they differ, and says what is not pinned yet.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { runCli } from './cli.ts';
import { differences, gaps, Pins } from './firmware/pins.ts';

const PROJECT = join(import.meta.dirname, '..', 'firmware', 'esp32s3');
const read = (name: string) => readFileSync(join(PROJECT, name), 'utf8');

runCli('node scripts/firmware-pins.ts [LOCK]: a build against what is pinned', ([lock]) => {
  const pins = v.parse(Pins, JSON.parse(read('pins.json')));
  const committed = existsSync(join(PROJECT, 'dependencies.lock'));
  // the form in which GitHub shows a line on the page of the run
  for (const gap of gaps(pins, committed)) console.log(`::warning::${gap}`);
  const wrong = lock ? differences(pins, readFileSync(lock, 'utf8')) : [];
  for (const sentence of wrong) console.log(`::error::${sentence}`);
  return wrong.length === 0 ? 0 : 1;
});
