/** What the platform calls, and what the Worker knows by these words. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CRONS } from './domain/job.ts';

test('the clock of wrangler.toml and the jobs are the same', () => {
  const wrangler = readFileSync('wrangler.toml', 'utf8');
  const crons = /^crons = \[(.*)\]$/m
    .exec(wrangler)?.[1]
    ?.split(', ')
    .map((c) => JSON.parse(c));
  expect(crons).toEqual(Object.keys(CRONS));
});
