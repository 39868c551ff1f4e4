/** What `--script` of the board names: events from a file, or made up from a seed. */
import { readFileSync } from 'node:fs';
import { randomScript } from '../../firmware/virtual/script/random-script.ts';
import { parseScript, type Script } from '../../firmware/virtual/script/script.ts';
import { numberOption } from '../cli.ts';

/** Of a random script. */
const SCRIPT_DAYS = 30;

/** A file, or `random:` and a seed. */
export function readScript(source: string): Script {
  const seed = /^random:(.*)$/.exec(source)?.[1];
  if (seed === undefined) return parseScript(readFileSync(source, 'utf8'));
  return randomScript({ seed: numberOption('script', seed, 0, 0xffffffff), days: SCRIPT_DAYS });
}
