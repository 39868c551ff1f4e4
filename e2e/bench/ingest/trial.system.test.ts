/**
 * A short kill trial on every run, and proof that it can fail: a Worker that answers before it has
 * stored must be found out.
 */
import { expect, test } from 'vitest';
import { killTrial } from './trial.ts';
import { APP } from './variants.ts';

/** Seconds on a machine with nothing else to do. */
const TIMEOUT_MS = 300_000;
const KILLED = { kills: 2, seconds: 4, connections: 32, hang_up: 0.3 };
const NOTHING_WRONG = { lost: 0, twice: 0, wrong_sums: 0, given_up: 0, held: 0, refusals: {} };

test(
  'killed twice while three in ten clients hang up: nothing is lost, stuck or counted twice',
  async () => {
    const trial = await killTrial(APP, KILLED);
    expect(trial).toMatchObject(NOTHING_WRONG);
    expect(trial.sent).toBeGreaterThan(KILLED.connections);
    expect(trial.unanswered).toBeGreaterThan(0);
    expect(trial.repeats).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

test(
  'a Worker that answers before it has stored is found out',
  async () => {
    const hasty = { ...APP, main: 'worker/testing/hasty-worker.ts' };
    expect((await killTrial(hasty, KILLED)).lost).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);
