/** What is wrong with the service as a whole: found, mailed once, and over; on real D1. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../shared/errors.ts';
import { sha256Hex } from '../shared/hash.ts';
import { type JobName, type JobPorts, runJob } from './domain/job.ts';
import type { Mail } from './domain/mail.ts';
import { takeReading } from './domain/reading.ts';
import { aliveAt } from './platform/alive.ts';
import { type Adapters, adaptersOf } from './services.ts';
import { tell } from './testing/kept.ts';
import { SupabaseTable } from './testing/supabase-table.ts';
import { addUnit, count, freshWorld } from './testing/world.ts';

const MINUTE_MS = 60_000;
let clockMs: number;
let mails: Mail[];
let pings: number;
let zone: SupabaseTable;
let isMailDown: boolean;
let ports: JobPorts & Pick<Adapters, 'readings'>;

beforeEach(async () => {
  await freshWorld();
  clockMs = Date.now();
  mails = [];
  pings = 0;
  zone = new SupabaseTable();
  isMailDown = false;
  const services = adaptersOf(env);
  const down = (words: string) => Promise.reject(new AppError('unavailable', words));
  ports = {
    ...services,
    status: { ...services.status, syncedS: async () => clockS() },
    places: services.places && {
      ...services.places,
      lacking: async () => ({ rows: 0, synced_s: clockS() }),
    },
    mailer: {
      send: async (mail) => (isMailDown ? down('no Resend') : void mails.push(mail)),
    },
    alive: {
      ping: async () => {
        pings += 1;
      },
    },
    now: () => clockMs,
  };
});

afterEach(() => void vi.restoreAllMocks());

const run = (job: JobName = 'five_minutes') => runJob(ports, job);
const later = (minutes: number) => {
  clockMs += minutes * MINUTE_MS;
};
const subjects = () => mails.map(({ subject }) => subject);
const clockS = () => Math.floor(clockMs / 1000);
const id = (n: number) => `JBNB${String(n).padStart(4, '0')}`;
const ids = (n: number) => Array.from({ length: n }, (_, i) => id(i));
const tokenOf = (id: string) => `${id}-${'t'.repeat(40)}`;
async function fleet(n: number) {
  for (const id of ids(n)) await addUnit(id, tokenOf(id));
  await ports.unitsChanged();
}
/** Readings of units at the test's clock, which the Worker's own does not follow. */
async function heard(...units: string[]) {
  for (const d of units) {
    const credential = { device_id: d, token_sha256: await sha256Hex(tokenOf(d)) };
    const reading = { d, t: clockS() - 300, ts: 1 as const, i: 0, u: 0 };
    await takeReading(ports.readings, reading, credential, clockMs);
  }
}
/** Five minutes at a time, as the clock does it, with those units reporting in between. */
async function pass(minutes: number, ...reporting: string[]) {
  for (let t = 0; t < minutes; t += 5) {
    later(5);
    await heard(...reporting);
    await run();
  }
}

describe('a drop over the whole fleet', () => {
  test('is mailed within thirty minutes, once, and its end', async () => {
    const all = ids(20);
    await fleet(20);
    await pass(20, ...all);
    expect(mails).toEqual([]);
    const droppedMs = clockMs;
    while (mails.length === 0) await pass(5);
    expect(clockMs - droppedMs).toBeLessThanOrEqual(30 * MINUTE_MS);
    expect(subjects()).toEqual(['JamBench: No word from 20 of 20 units that reported before.']);
    // a day without a word is one incident
    for (let hour = 0; hour < 24; hour += 1) {
      later(60);
      await run();
    }
    expect(mails).toHaveLength(1);
    await pass(35, ...all);
    expect(subjects().slice(1)).toEqual(['JamBench: well again']);
    await pass(30, ...all);
    expect(mails).toHaveLength(2);
  });

  test('half of them is mailed; a quarter, or one alone, is not', async () => {
    await fleet(8);
    await pass(30, ...ids(8));
    await pass(60, ...ids(6));
    expect(mails).toEqual([]);
    await pass(30, ...ids(3));
    expect(subjects()).toEqual(['JamBench: No word from 5 of 8 units that reported before.']);
    await freshWorld();
    mails = [];
    await fleet(1);
    await pass(30, ...ids(1));
    await pass(60);
    expect(mails).toEqual([]);
  });

  test('units out of service, new, or set to report seldom are not missed', async () => {
    await fleet(6);
    await pass(30, ...ids(4));
    await env.DB.prepare("UPDATE devices SET status = 'maintenance' WHERE id < 'JBNB0002'").run();
    const config = `INSERT INTO device_configs (device_id, changed_json)
      SELECT id, '{"report_interval_ms":3600000}' FROM devices WHERE id >= 'JBNB0002'`;
    await env.DB.prepare(config).run();
    await tell();
    await pass(60);
    expect(mails).toEqual([]);
    await pass(180);
    expect(subjects()).toEqual([expect.stringContaining('No word from 2 of 2 units')]);
  });

  test('readings alone are a word', async () => {
    await fleet(2);
    await pass(30, ...ids(2));
    for (let t = 0; t < 90; t += 5) {
      await pass(5, ...ids(2));
    }
    expect(mails).toEqual([]);
  });
});

describe('jobs', () => {
  async function withSomethingToPush() {
    await fleet(1);
    await heard(id(0));
  }

  test('a failed one is mailed at once and once; what comes and goes is one incident', async () => {
    await withSomethingToPush();
    zone.isDown = true;
    await run();
    expect(subjects()).toEqual(['JamBench: The five-minute job failed: sync (unavailable).']);
    for (const down of [true, false, true, false, true]) {
      zone.isDown = down;
      later(5);
      await heard(id(0));
      await run();
    }
    expect(mails).toHaveLength(1);
    zone.isDown = false;
    await pass(40);
    expect(subjects().slice(1)).toEqual(['JamBench: well again']);
    expect(mails[1]?.text).toMatch(/^Over:\n- .* UTC to .* UTC: The five-minute job failed/);
    expect(await count('incidents')).toBe(1);
  });

  test('a late one is reported by the other', async () => {
    await run();
    await run('hourly');
    later(60);
    await run('hourly');
    expect(subjects()).toEqual(['JamBench: The five-minute job is late: it ran 60 minutes ago.']);
    await pass(40);
    expect(subjects().slice(1)).toEqual(['JamBench: well again']);
    await pass(120);
    expect(subjects().slice(2)).toEqual([
      'JamBench: The hourly job is late: it ran 135 minutes ago.',
    ]);
  });

  test('sums that do not get through are mailed although every job is well', async () => {
    ports.status = { ...ports.status, syncedS: async () => clockS() - 31 * 60 };
    await run();
    expect(mails[0]?.text).toContain('Supabase lacks what was counted in the last 31 minutes.');
  });

  test('a mail that nobody took is tried again, under the same key', async () => {
    await withSomethingToPush();
    zone.isDown = true;
    isMailDown = true;
    const { run: failed } = await run();
    expect(failed.report.incidents).toEqual({ failed: 'unavailable' });
    expect(failed.ok).toBe(false);
    later(5);
    isMailDown = false;
    await run();
    expect(mails).toHaveLength(1);
  });
});

describe('the watcher outside', () => {
  test('hears of every run that got through, of no other, and not of the hourly job', async () => {
    await run();
    await run('hourly');
    expect(pings).toBe(1);
    ports.notices.unmailed = () => Promise.reject(new Error('no table'));
    await run();
    expect(pings).toBe(1);
  });

  test('gets one GET; its address stays out of what is reported when it fails', async () => {
    const asked: string[] = [];
    const answering = (status: number) =>
      aliveAt('https://watch.example.net/secret', async (input) => {
        asked.push(String(input));
        return new Response('x', { status });
      });
    await answering(200).ping();
    expect(asked).toEqual(['https://watch.example.net/secret']);
    const failure = await answering(404)
      .ping()
      .catch((error: AppError) => error);
    expect(failure).toMatchObject({ code: 'unavailable' });
    expect(String((failure as AppError).message)).not.toContain('secret');
    await aliveAt(undefined).ping();
  });
});
