/**
 * `npm run fuzz:firmware -- [--seconds 60] [--seed 1] [--target http]`: the firmware's parsers on
 * hostile input, for so long each. Inputs that crash one are kept in .build/fuzz/crashes.
 */
import { parseArgs } from 'node:util';
import { AppError } from '../shared/errors.ts';
import { runCli } from './cli.ts';
import { buildFuzzer, fuzz, fuzzTargets } from './firmware/fuzz.ts';

const USAGE = `npm run fuzz:firmware -- [options]
  --seconds N    for each target (60)
  --seed N       (1)
  --target NAME  this one alone`;

runCli(USAGE, (args) => {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      target: { type: 'string' },
    },
  });
  const known = fuzzTargets();
  if (values.target !== undefined && !known.includes(values.target)) {
    throw new AppError('invalid', `--target "${values.target}" is none of ${known.join(', ')}.`);
  }
  const fuzzer = buildFuzzer();
  if ('missing' in fuzzer) {
    throw new AppError('not_found', `Not here: ${fuzzer.missing.join(', ')}.`, {
      hint: 'Install these Debian packages; with clang-14 and libclang-rt-14-dev it is libFuzzer.',
    });
  }
  console.log(fuzzer.name);
  const targets = values.target === undefined ? known : [values.target];
  const [seconds, seed] = [whole('seconds', values.seconds), whole('seed', values.seed)];
  const results = fuzz(fuzzer, { seconds, seed, targets }, ({ target, ok, runs, output }) => {
    console.log(`${target.padEnd(10)}${ok ? `${runs} runs` : `FAILED\n${output}`}`);
  });
  if (results.some(({ ok }) => !ok)) process.exitCode = 1;
});

function whole(name: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new AppError('invalid', `--${name} "${text}" must be a whole number from 1 to 999999.`);
}
