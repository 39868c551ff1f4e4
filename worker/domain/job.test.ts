/**
 * A run of the jobs over ports that do little: whichever call fails, every other task is done, the
 * run is not well, somebody hears of it, and nobody outside gets a sign of life.
 */
import { describe, expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { CRONS, type JobName, type JobPorts, type JobRun, runFiveMinutes, runJob } from './job.ts';
import type { Mail } from './mail.ts';
import { RETAINED, type RetentionReport, retentionTimes } from './retention.ts';
import { eachFailure, LOST } from './testing/faults.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
let nowMs = NOW;
let runs: JobRun[];
let pings: number;
let mails: Mail[];
let looks: number;

const dropTakenOver = async () => false;

function quiet(): JobPorts {
  [runs, pings, mails, looks, nowMs] = [[], 0, [], 0, NOW];
  const nothing = async () => {};
  const none = Object.fromEntries(RETAINED.map((kind) => [kind, 0])) as RetentionReport;
  const run = { target: 1, cursor: { location_id: '', bucket_start_s: 0 } };
  return {
    alive: {
      ping: async () => {
        pings += 1;
      },
    },
    rollups: {
      ...{ begin: async () => run, dirty: async () => [], advance: nothing, finish: nothing },
      countDirty: async () => 0,
    },
    footTraffic: { push: nothing },
    places: {
      push: async () => ({ rollups_computed: 0, rows_synced: 0, rows_left: 0 }),
      lacking: async () => ({ rows: 0, synced_s: NOW / 1000 }),
    },
    retention: { isTakenOver: async () => false, dropTakenOver, purge: async () => none },
    retentionTimes: retentionTimes({}),
    commandExpiry: { expire: async () => 3 },
    erasures: {
      ...{ waiting: async () => [{ location_id: 'bakery', device_ids: [] }], done: nothing },
      failed: nothing,
    },
    placeKeeper: { forgetPlace: nothing },
    unitsChanged: async () => 0,
    newsOfUnits: async () => 0,
    unitsMoved: async () => ({ moved: 0, left: 0 }),
    sumsMoved: async () => 0,
    silence: {
      review: async () => ({ opened: 1, ended: 2 }),
      unmailed: async () => [],
      markMailed: nothing,
    },
    mailer: { send: async (mail) => void mails.push(mail) },
    notices: {
      ...{ add: nothing, list: async () => [], unmailed: async () => [], markMailed: nothing },
    },
    weekMails: { due: async () => [] } as unknown as JobPorts['weekMails'],
    insights: {} as JobPorts['insights'],
    shopDays: {} as JobPorts['shopDays'],
    people: { dismissed: async () => [] } as unknown as JobPorts['people'],
    sharedMemberships: { add: nothing, remove: nothing, removeAll: nothing },
    accounts: {
      ...{ invite: async () => null, find: async () => null },
      ...{ remove: nothing, removeSecondFactors: nothing },
    },
    jobs: {
      remember: async (job) => void runs.push(structuredClone(job)),
      lastRuns: async () => runs.slice(-1),
    },
    incidents: {
      pulse: async () => ({ reporting: 0, late: 0 }),
      set: async () => {
        looks += 1;
      },
      live: async () => [],
      markMailed: nothing,
    },
    status: {
      ping: nothing,
      counts: async () => Promise.reject(new Error('nobody asks')),
      syncedS: async () => Math.floor(nowMs / 1000),
    },
    now: () => nowMs,
  };
}

const TASKS = {
  five_minutes: [
    'shards',
    'sync',
    'commands',
    'alerts',
    'dismissals',
    'erasures',
    'notices',
    'incidents',
  ],
  hourly: ['silence', 'weeks', 'retention', 'incidents'],
} satisfies Record<JobName, string[]>;

describe.each(Object.values(CRONS))('the %s job', (job) => {
  test('does all its tasks, and only a five-minute run is a sign of life', async () => {
    const { run, failures } = await runJob(quiet(), job);
    expect([run.ok, failures]).toEqual([true, []]);
    expect(Object.keys(run.report).filter((name) => name !== 'alive')).toEqual(TASKS[job]);
    expect([pings, looks]).toEqual([job === 'five_minutes' ? 1 : 0, 1]);
    expect(runs.at(-1)).toEqual(run);
  });

  test('whichever call fails: the rest is done, it is remembered and looked into', async () => {
    const failed = await eachFailure(
      quiet,
      (ports) => runJob(ports, job),
      ({ call, side, thrown }) => {
        expect(thrown, call).toBeUndefined();
        if (call === 'alive.ping') return;
        if (call !== 'jobs.remember') expect(pings, call).toBe(0);
        // this run finds what it looked for, unless looking is what failed
        if (!/^(incidents|status|jobs.lastRuns|places.lacking)/.test(call))
          expect(looks, call).toBe(1);
        if (call !== 'jobs.remember') expect(runs.at(-1)?.ok, `${call} ${side}`).toBe(false);
        const bad = Object.values(runs.at(-1)?.report ?? {}).filter(
          (task) => typeof task === 'object' && task !== null && 'failed' in task,
        );
        expect(bad.length, call).toBeLessThanOrEqual(1);
        expect(Object.keys(runs.at(-1)?.report ?? {}).length).toBeGreaterThan(0);
      },
    );
    expect(failed).toContain('jobs.remember');
    expect(failed).toContain('incidents.set');
  });

  test('says what failed in a closed word, and gives its failures to the log', async () => {
    const ports = quiet();
    const secret = 'key sk_live_123';
    ports.silence.review = () => Promise.reject(new Error(secret));
    const { run, failures } = await runJob(ports, job);
    expect(failures.map(({ code }) => code)).toEqual(['internal']);
    expect(JSON.stringify(run)).not.toContain(secret);
  });

  test('takes no less than no time when the clock goes back', async () => {
    const ports = quiet();
    ports.silence.review = async () => {
      nowMs -= 3_600_000;
      return { opened: 0, ended: 0 };
    };
    const { run } = await runJob(ports, job);
    expect(run).toMatchObject({ started_ms: NOW, took_ms: 0 });
  });
});

test('a run that cannot be remembered is not well, and says why', async () => {
  const ports = quiet();
  ports.jobs.remember = () => Promise.reject(new Error(LOST));
  const { run, failures } = await runJob(ports, 'five_minutes');
  expect(run).toMatchObject({ ok: false, report: { commands: { expired: 3 } } });
  expect(failures.map(({ code }) => code)).toEqual(['unavailable', 'unavailable']);
  expect([looks, pings]).toEqual([1, 0]);
});

test('asked for by hand, it answers with its sync or its first failure', async () => {
  const ports = quiet();
  expect(await runFiveMinutes(ports)).toEqual({
    ...{ rollups_computed: 0, rows_synced: 0, rows_left: 0 },
  });
  const first = new AppError('unavailable', 'no Supabase');
  ports.rollups.begin = () => Promise.reject(first);
  ports.silence.review = () => Promise.reject(new Error('second'));
  await expect(runFiveMinutes(ports)).rejects.toBe(first);
});
