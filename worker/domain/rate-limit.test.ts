/**
 * Limits by the hour, on real D1 against a count by hand, with a clock that also goes back: what is
 * over waits until the hour ends, and who cannot prove to be the unit uses up nothing of it.
 */
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import type { Role } from '../../shared/contracts/portal.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { adaptersOf } from '../services.ts';
import { forgetHours, hours } from '../testing/kept.ts';
import { addUnit, freshWorld, TOKEN, WRONG_TOKEN } from '../testing/world.ts';
import {
  admit,
  HOUR_S,
  HOURLY,
  type LimitedKind,
  limitChanges,
  limitFleetActions,
  refuseBeyond,
} from './rate-limit.ts';

const ID = 'JBNB0001';
const { admission } = adaptersOf(env);
const START_S = 1_780_000_000;

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
});

const ask = async (token: string, kind: LimitedKind, nowS: number) => {
  const who = { device_id: ID, token_sha256: await sha256Hex(token) };
  return admit(admission, who, kind, nowS * 1000).then(
    () => 'admitted' as const,
    ({ code, retryAfterS }) => ({ code, retryAfterS }),
  );
};

test('the count is that by hand, whatever the clock does', async () => {
  const steps = fc.array(
    fc.record({
      plus_s: fc.constantFrom(0, 1, 100, 1000, HOUR_S - 1, HOUR_S, -10, -HOUR_S),
      kind: fc.constantFrom('heartbeat', 'config'),
      isIt: fc.integer({ min: 0, max: 4 }).map((n) => n > 0),
    }),
    { minLength: 20, maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (asked) => {
      await forgetHours();
      const windows = new Map<string, { started: number; n: number }>();
      let nowS = START_S;
      for (const { plus_s, kind, isIt } of asked) {
        nowS += plus_s;
        const got = await ask(isIt ? TOKEN : WRONG_TOKEN, kind, nowS);
        if (!isIt) {
          expect(got).toMatchObject({ code: 'unauthenticated' });
          continue;
        }
        const now = windows.get(kind);
        const isOver = !now || nowS - now.started < 0 || nowS - now.started >= HOUR_S;
        const window = isOver ? { started: nowS, n: 1 } : { ...now, n: now.n + 1 };
        windows.set(kind, window);
        const retryAfterS = window.started + HOUR_S - nowS;
        const isRefused = window.n > HOURLY[kind];
        expect(got).toEqual(isRefused ? { code: 'rate_limited', retryAfterS } : 'admitted');
        expect(retryAfterS).toBeGreaterThan(0);
        expect(retryAfterS).toBeLessThanOrEqual(HOUR_S);
      }
    }),
    { numRuns: 5 },
  );
});

test('of many at once exactly as many are admitted as the hour has', async () => {
  await ask(TOKEN, 'config', START_S);
  const answers = await Promise.all(
    Array.from({ length: 15 }, () => ask(TOKEN, 'geolocation', START_S)),
  );
  expect(answers.filter((answer) => answer === 'admitted')).toHaveLength(HOURLY.geolocation);
  // each kind has its own hour
  expect(await ask(TOKEN, 'heartbeat', START_S)).toBe('admitted');
});

test('what is refused is written down once and no more', async () => {
  for (let n = 0; n < 14; n += 1) await ask(TOKEN, 'config', START_S);
  expect(await hours()).toEqual({ config: HOURLY.config + 1 });
  await ask(WRONG_TOKEN, 'ota_check', START_S);
  expect(await hours()).toEqual({ config: HOURLY.config + 1 });
});

test.each([
  [null, false],
  [1, false],
  [HOURLY.ota_chunk, false],
  [HOURLY.ota_chunk + 1, true],
])('%s requests are too many: %s', (requests, isOver) => {
  const window = requests === null ? null : { started_s: START_S, requests };
  const act = () => refuseBeyond(window, 'ota_chunk', START_S + 5);
  if (!isOver) return expect(act).not.toThrow();
  expect(act).toThrow(`more than ${HOURLY.ota_chunk} in an hour`);
  expect(act).toThrow(expect.objectContaining({ retryAfterS: HOUR_S - 5 }));
});

test.each<[Role, 'owner' | 'staff']>([
  ['owner', 'owner'],
  ['installer', 'staff'],
  ['admin', 'staff'],
])('changes of an %s count as those of %s, each person alone', async (role, limiter) => {
  const taken: string[] = [];
  const person = { user_id: 'id-x', email: 'x@example.net', role, second_factor: false };
  const of = (name: string, answer: boolean) => ({
    take: async (key: string) => {
      taken.push(`${name} ${key}`);
      return answer;
    },
  });
  await limitChanges({ owner: of('owner', true), staff: of('staff', true) }, person);
  expect(taken).toEqual([`${limiter} id-x`]);
  const full = limitChanges({ owner: of('owner', false), staff: of('staff', false) }, person);
  await expect(full).rejects.toMatchObject({ code: 'rate_limited', retryAfterS: 60 });
});

test.each<Role>(['owner', 'installer', 'admin'])(
  'many units at once have a limit of their own for an %s',
  async (role) => {
    const person = { user_id: 'id-x', email: 'x@example.net', role, second_factor: false };
    const taken: string[] = [];
    const limiter = (answer: boolean) => ({
      take: async (key: string) => taken.push(key) > 0 && answer,
    });
    await limitFleetActions(limiter(true), person);
    expect(taken).toEqual(['id-x']);
    const full = limitFleetActions(limiter(false), person);
    await expect(full).rejects.toMatchObject({ code: 'rate_limited', retryAfterS: 60 });
  },
);
