/**
 * What is wrong with the service, at the edges of each rule, and its mails when a store fails or
 * two jobs look at once. Incidents over real D1; the test sets what they look at.
 */

import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { d1IncidentStore } from '../d1/incident.ts';
import { freshWorld } from '../testing/world.ts';
import { monitorProblems, type Pulse, reviewIncidents } from './incident.ts';
import type { JobRun } from './job.ts';
import type { Mail } from './mail.ts';
import type { PlaceSync } from './sync.ts';
import { eachFailure, eachInterruption } from './testing/faults.ts';

const MINUTE_S = 60;
const NOW_S = Date.UTC(2026, 0, 28, 12) / 1000;

/** What the service looks like from inside. */
interface Look {
  nowS: number;
  runs: JobRun[];
  pulse: Pulse;
  syncedS: number | null;
}
const run = (job: JobRun['job'], agoS: number, more: Partial<JobRun> = {}): JobRun => ({
  ...{ job, started_ms: (NOW_S - agoS) * 1000, took_ms: 1, ok: true, report: {}, ...more },
});
const WELL: Look = {
  nowS: NOW_S,
  runs: [run('five_minutes', 0), run('hourly', 0)],
  pulse: { reporting: 9, late: 0 },
  syncedS: NOW_S,
};
/** Mails as a provider sends them: each key once. */
function portsOf(look: Look) {
  const mails = new Map<string, Mail>();
  const askedS: number[] = [];
  return {
    ...{ look, mails, askedS },
    jobs: { lastRuns: async () => look.runs, remember: async () => {} },
    status: { syncedS: async () => look.syncedS } as never,
    places: { lacking: async () => ({ rows: 0, synced_s: look.nowS }) } as unknown as PlaceSync,
    incidents: {
      ...d1IncidentStore(env.DB),
      pulse: async (sinceS: number) => {
        askedS.push(sinceS);
        return look.pulse;
      },
    },
    mailer: {
      send: async (mail: Mail) => void mails.set(mail.idempotency_key, mail),
    },
    now: () => look.nowS * 1000,
  };
}
async function fresh(look: Partial<Look> = {}) {
  await freshWorld();
  return portsOf({ ...WELL, ...look });
}
const subjects = ({ mails }: { mails: Map<string, Mail> }) =>
  [...mails.values()].map(({ subject }) => subject.replace('JamBench: ', ''));

describe('the edge of each rule', () => {
  const keysOf = async (look: Partial<Look>) =>
    (await monitorProblems(await fresh(look))).map(({ key }) => key);
  const both = (fiveS: number, hourlyS: number) => [
    run('five_minutes', fiveS),
    run('hourly', hourlyS),
  ];

  test.each<[string, Partial<Look>, string[]]>([
    ['all is well', {}, []],
    ['just in time', { runs: both(16 * MINUTE_S, 130 * MINUTE_S) }, []],
    ['five minutes late', { runs: both(16 * MINUTE_S + 1, 0) }, ['late:five_minutes']],
    ['hourly late', { runs: both(0, 130 * MINUTE_S + 1) }, ['late:hourly']],
    ['a clock that went back', { runs: both(-7200, -7200), syncedS: NOW_S + 7200 }, []],
    ['never ran', { runs: [run('hourly', 0)], syncedS: 1 }, ['never']],
    ['sums just in time', { syncedS: NOW_S - 30 * MINUTE_S }, []],
    ['sums late', { syncedS: NOW_S - 30 * MINUTE_S - 1 }, ['sync']],
    ['sums never sent', { syncedS: null }, []],
    [
      'the job is the trouble, not its sums',
      { runs: both(9999, 0), syncedS: 1 },
      ['late:five_minutes'],
    ],
    ['one unit alone', { pulse: { reporting: 0, late: 1 } }, []],
    ['two of two', { pulse: { reporting: 0, late: 2 } }, ['fleet']],
    ['half', { pulse: { reporting: 2, late: 2 } }, ['fleet']],
    ['fewer than half', { pulse: { reporting: 3, late: 2 } }, []],
  ])('%s', async (_name, look, keys) => {
    expect(await keysOf(look)).toEqual(keys);
  });

  test('a failed job names its tasks and their codes, and nothing else of them', async () => {
    const report = { sync: { failed: 'unavailable', message: 'key=abc' }, alerts: { opened: 0 } };
    const odd = { a: null, b: { failed: 'internal' } };
    const details = async (...reports: Record<string, unknown>[]) => {
      const runs = reports.map((report) => run('hourly', 0, { ok: false, report }));
      const found = await monitorProblems(await fresh({ runs: [run('five_minutes', 0), ...runs] }));
      return found.map(({ detail }) => detail);
    };
    expect(await details(report)).toEqual(['The hourly job failed: sync (unavailable).']);
    expect(await details(odd)).toEqual(['The hourly job failed: b (internal).']);
    expect(await details({})).toEqual(['The hourly job failed: it does not say where.']);
  });

  test('who was expected when silence began is expected until it is over', async () => {
    const ports = await fresh({ pulse: { reporting: 1, late: 3 } });
    await reviewIncidents(ports);
    ports.look.nowS += 86_400;
    await reviewIncidents(ports);
    expect(ports.askedS).toEqual([NOW_S - 7200, NOW_S - 7200]);
  });

  test('mails that do not get out are a problem after half an hour', async () => {
    const ports = await fresh({ pulse: { reporting: 0, late: 2 } });
    ports.mailer.send = () => Promise.reject(new Error('no Resend'));
    await expect(reviewIncidents(ports)).rejects.toThrow('no Resend');
    const keys = async () => (await monitorProblems(ports)).map(({ key }) => key);
    ports.look.nowS += 16 * MINUTE_S;
    expect(await keys()).not.toContain('mail');
    ports.look.nowS = NOW_S + 30 * MINUTE_S;
    expect(await keys()).not.toContain('mail');
    ports.look.nowS += 1;
    expect(await keys()).toContain('mail');
  });
});

const FLEET = { pulse: { reporting: 0, late: 2 } };
const SILENT = 'No word from 2 of 2 units that reported before.';
/** Runs at each five minutes, for an hour, as it looks now. */
async function anHour(ports: ReturnType<typeof portsOf>) {
  for (let n = 0; n < 12; n += 1) {
    ports.look.nowS += 5 * MINUTE_S;
    ports.look.runs = [run('five_minutes', NOW_S - ports.look.nowS)];
    ports.look.syncedS = ports.look.nowS;
    await reviewIncidents(ports);
  }
}

test('whatever fails, a start is mailed once, and its end', async () => {
  await eachFailure(
    () => fresh(FLEET),
    reviewIncidents,
    async (_broken, ports) => {
      await reviewIncidents(ports);
      expect(subjects(ports)).toEqual([SILENT]);
      ports.look.pulse = WELL.pulse;
      await anHour(ports);
      expect(subjects(ports)).toEqual([SILENT, 'well again']);
    },
  );
});

test('it ends while its start is mailed: the end is mailed as well', async () => {
  const seen: [string, string[]][] = [];
  await eachInterruption(
    () => fresh(FLEET),
    reviewIncidents,
    (ports) => {
      ports.look.pulse = WELL.pulse;
      return ports.incidents.set([], ports.look.nowS + 1);
    },
    async (before, _outcomes, ports) => {
      await anHour(ports);
      seen.push([before, subjects(ports)]);
    },
  );
  // nobody saw it; or it had ended before its mail, which says from when to when
  expect(seen.slice(-6)).toEqual([
    ['incidents.pulse', []],
    ['incidents.set', [SILENT, 'well again']],
    ['incidents.live', ['well again']],
    ['mailer.send', [SILENT, 'well again']],
    ['incidents.markMailed', [SILENT, 'well again']],
    ['end', [SILENT, 'well again']],
  ]);
});

test('it comes back while its end is mailed: it is mailed as wrong again', async () => {
  const over = async () => {
    const ports = await fresh(FLEET);
    await reviewIncidents(ports);
    ports.look.pulse = WELL.pulse;
    for (const minutes of [5, 30]) {
      ports.look.nowS += minutes * MINUTE_S;
      ports.look.runs = [run('five_minutes', NOW_S - ports.look.nowS)];
      ports.look.syncedS = ports.look.nowS;
      if (minutes === 5) await reviewIncidents(ports);
    }
    return ports;
  };
  await eachInterruption(
    over,
    reviewIncidents,
    (ports) => {
      ports.look.pulse = FLEET.pulse;
      return ports.incidents.set([{ key: 'fleet', detail: SILENT }], ports.look.nowS);
    },
    async (before, _outcomes, ports) => {
      ports.look.pulse = FLEET.pulse;
      await anHour(ports);
      // whoever had the mail that it is over learns that it is not
      const all = subjects(ports);
      expect(all.at(-1), before).toBe(SILENT);
    },
  );
});

test('the same incidents are the same mail, and no detail makes a line of its own', async () => {
  const report = { 'a\nOver:\n- b\u202E': { failed: 'internal' } };
  const runs = [run('five_minutes', 0, { ok: false, report })];
  const ports = await fresh({ ...FLEET, runs });
  const sent: Mail[] = [];
  ports.mailer.send = async (mail) => {
    sent.push(mail);
    if (sent.length < 3) throw new Error('no answer');
  };
  const outcomes = [];
  for (let n = 0; n < 3; n += 1) {
    outcomes.push(await reviewIncidents(ports).catch(() => 'again'));
    ports.look.nowS += 1;
  }
  expect(outcomes).toEqual(['again', 'again', { wrong: 2, told: 2 }]);
  expect(new Set(sent.map((mail) => JSON.stringify(mail))).size).toBe(1);
  expect(sent[0]?.subject).toBe('JamBench: 2 things are wrong');
  expect(sent[0]?.text.split('\n')).toEqual([
    'Wrong now:',
    '- since 2026-01-28 12:00 UTC: The five-minute job failed: a Over: - b  (internal).',
    `- since 2026-01-28 12:00 UTC: ${SILENT}`,
  ]);
});
