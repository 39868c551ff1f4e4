/** The jobs by the clock, on real D1: silence and its mails, retention, expiry, the memory. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type JobName, type JobPorts, runJob } from './domain/job.ts';
import type { Mail } from './domain/mail.ts';
import { retentionTimes } from './domain/retention.ts';
import { adaptersOf } from './services.ts';
import { readingsInD1, sums } from './testing/kept.ts';
import { SupabaseTable } from './testing/supabase-table.ts';
import { addUnit, ask, count, freshWorld, nowS, queue, reading, send } from './testing/world.ts';

const ID = 'JBNB0001';
const DAY_MS = 86_400_000;
let clockMs: number;
let mails: Mail[];
let ports: JobPorts;
let zone: SupabaseTable;

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
  clockMs = Date.now();
  zone = new SupabaseTable();
  mails = [];
  ports = {
    ...adaptersOf(env),
    mailer: {
      // jobs that do not run here are late; incidents.test.ts has what follows from that
      send: async (mail) => {
        if (mail.subject.startsWith('JamBox units')) mails.push(mail);
      },
    },
    now: () => clockMs,
  };
});

afterEach(() => void vi.restoreAllMocks());

const run = (job: JobName) => runJob(ports, job);
const later = (ms: number) => {
  clockMs += ms;
};
const beat = (id = ID) => send('/api/heartbeat', { d: id });
/** A word of the unit at the test's clock, which the Worker's own does not follow. */
async function heardNow(id = ID) {
  const sql = 'UPDATE devices SET last_seen_s = ?2 WHERE id = ?1';
  await env.DB.prepare(sql)
    .bind(id, Math.floor(clockMs / 1000))
    .run();
}

describe('silence', () => {
  test('one mail for all, once; one when back, once', async () => {
    await addUnit('JBNB0002', 'token-of-the-other-unit-abcdefghijklmnopqrst');
    await heardNow();
    await heardNow('JBNB0002');
    later(DAY_MS - 1000);
    await run('hourly');
    expect(mails).toEqual([]);
    later(2000);
    await run('hourly');
    expect(mails.map((m) => m.subject)).toEqual(['JamBox units: 2 silent']);
    expect(mails[0]?.text).toMatch(/JBNB0001 \(Harbour Street Bakery\)[\s\S]*JBNB0002/);
    later(3_600_000);
    await run('hourly');
    expect(mails).toHaveLength(1);
    await heardNow();
    await run('hourly');
    await run('hourly');
    expect(mails.map((m) => m.subject).slice(1)).toEqual(['JamBox units: 1 well again']);
    expect(mails[1]?.text).not.toContain('JBNB0002');
    later(2 * DAY_MS);
    await run('hourly');
    expect(mails).toHaveLength(3);
    expect(mails[2]?.subject).toBe('JamBox units: 1 silent');
  });

  test('a mail that nobody took is tried again, under the same key', async () => {
    await heardNow();
    later(DAY_MS + 1000);
    const keys: string[] = [];
    const { mailer } = ports;
    ports.mailer = {
      send: async (mail) => {
        keys.push(mail.idempotency_key);
        throw new Error('no network');
      },
    };
    const { run: failed } = await run('hourly');
    expect(failed).toMatchObject({ ok: false, report: { silence: { failed: 'internal' } } });
    later(3_600_000);
    ports.mailer = mailer;
    await run('hourly');
    expect(mails).toHaveLength(1);
    expect(mails[0]?.idempotency_key).toBe(keys[0]);
  });

  test('readings alone are enough to be heard', async () => {
    await beat();
    later(DAY_MS + 1000);
    const sql = `UPDATE devices SET last_seen_s = last_seen_s - 1000`;
    await env.DB.prepare(sql).run();
    await send('/api/reading', reading(ID, 60));
    clockMs = Date.now() + DAY_MS - 500_000;
    await run('hourly');
    expect(mails).toEqual([]);
  });

  test.each(['maintenance', 'inactive'])('nobody is notified of a unit in %s', async (status) => {
    await heardNow();
    later(DAY_MS + 1000);
    await run('five_minutes');
    expect(await count('alerts')).toBe(1);
    await env.DB.prepare('UPDATE devices SET status = ?1').bind(status).run();
    await run('hourly');
    expect(mails).toEqual([]);
    later(DAY_MS);
    await run('hourly');
    expect(mails).toEqual([]);
  });

  test('a unit that never sends a heartbeat falls silent, too, and its row knows it', async () => {
    await send('/api/reading', reading(ID, 600, { fw: '2.0', bat: 90 }));
    const row = () =>
      env.DB.prepare(
        'SELECT last_seen_s, first_reading_s, firmware, battery_pct FROM devices',
      ).first<Record<string, number | string | null>>();
    expect(await row()).toMatchObject({ last_seen_s: null, first_reading_s: null });
    await run('five_minutes');
    const known = await row();
    expect(known).toMatchObject({ firmware: '2.0', battery_pct: 90 });
    expect(Math.abs(Number(known?.first_reading_s) - nowS())).toBeLessThan(60);
    // Its readings are gone one day; what is known of it stays.
    await env.DB.prepare('DELETE FROM readings').run();
    later(DAY_MS + 60_000);
    await run('hourly');
    expect(mails.map((m) => m.subject)).toEqual(['JamBox units: 1 silent']);
    expect(await row()).toEqual(known);
  });

  test('a unit that was never heard of lies in its box', async () => {
    later(5 * DAY_MS);
    await run('hourly');
    expect(mails).toEqual([]);
  });

  test('an anomaly is mailed once, and its end', async () => {
    const flag = 'UPDATE devices SET anomaly_reason = ?1, anomaly_since_s = ?2';
    await heardNow();
    await env.DB.prepare(flag).bind('too many requests', nowS()).run();
    await run('hourly');
    await run('hourly');
    expect(mails.map((m) => m.subject)).toEqual(['JamBox units: 1 anomalous']);
    expect(mails[0]?.text).toContain('too many requests');
    await ask('ada', `/api/v1/units/${ID}/clear-anomaly`, { method: 'POST' });
    await run('hourly');
    expect(mails[1]?.subject).toBe('JamBox units: 1 well again');
  });

  test('the alert is listed, acknowledged once, and ends with its cause', async () => {
    await heardNow();
    later(DAY_MS + 1000);
    await run('five_minutes');
    const list = async (query = '') =>
      (await (await ask('olga', `/api/v1/alerts${query}`)).json<{ alerts: never[] }>()).alerts;
    const [alert] = (await list()) as { started: number; device_id: string }[];
    const path = `/api/v1/alerts/${ID}/silent/${alert?.started}/acknowledge`;
    expect((await ask('otto', path, { method: 'POST' })).status).toBe(404);
    await ask('olga', path, { method: 'POST' });
    const again = await (await ask('ada', path, { method: 'POST' })).json();
    expect(again).toMatchObject({ acknowledged_by: 'id-olga', ended_at: null });
    await heardNow();
    await run('five_minutes');
    expect(await list()).toEqual([]);
    expect(await list('?state=all')).toHaveLength(1);
  });

  test('in development the mail lies in the mailbox, as text', async () => {
    const services = adaptersOf(env);
    const mail = { subject: '<b>1 silent</b>', text: 'a & b', idempotency_key: 'k' };
    await services.mailer.send(mail);
    await services.mailer.send(mail);
    const page = await ask(null, '/api/v1/dev/outbox');
    const html = await page.text();
    expect(html.match(/<article>/g)).toHaveLength(1);
    expect(html).toContain('&lt;b&gt;1 silent&lt;/b&gt;');
    expect(html).toContain('a &amp; b');
  });
});

test('a name from before it was checked makes no line of its own in a mail', async () => {
  const name = 'x)\n\nYour sign-in expires: https://evil.example.net\u202e';
  await env.DB.prepare('UPDATE devices SET name = ?1').bind(name).run();
  await heardNow();
  later(DAY_MS + 1000);
  await run('hourly');
  const lines = mails[0]?.text.split('\n') ?? [];
  expect(lines.filter((line) => /^Your|\u202e/.test(line))).toEqual([]);
  expect(lines.some((line) => line.startsWith('- JBNB0001 (x) Your sign-in'))).toBe(true);
});

describe('retention', () => {
  const times = {
    readings_days: 30,
    heartbeats_days: 90,
    webhooks_hours: 48,
    rollups_days: 800,
    traces_days: 400,
  };

  test('keeps what is young, deletes what is old, a bounded number at once', async () => {
    const s = nowS();
    const insert = `INSERT INTO readings (device_id, period_start_s, received_s, impressions,
      device_minutes) SELECT '${ID}', value, 0, 0, 0 FROM json_each(?1)`;
    const old = Array.from({ length: 7 }, (_, i) => s - 31 * 86_400 - i);
    await env.DB.prepare(insert)
      .bind(JSON.stringify([...old, s - 29 * 86_400]))
      .run();
    const limits = {
      readings_before_s: s - 30 * 86_400,
      heartbeats_before_s: 0,
      webhooks_before_s: 0,
      rollups_before_s: 0,
      traces_before_s: 0,
      ended_before_s: 0,
      answers_before_s: 0,
    };
    expect((await ports.retention.purge(limits, 5)).readings).toBe(5);
    expect((await ports.retention.purge(limits, 5)).readings).toBe(2);
    expect((await readingsInD1()).length).toBe(1);
  });

  test('a repeated reading never counts twice, however old', async () => {
    const oldest = reading(ID, 30 * 86_400 - 30, { vis: 1 });
    expect((await send('/api/reading', oldest)).status).toBe(201);
    clockMs = Date.now();
    await run('hourly');
    const again = await (await send('/api/reading', oldest)).json();
    expect(again).toMatchObject({ note: 'duplicate_ignored' });
    expect(await sums()).toMatchObject([{ readings: 1 }]);
  });

  test('heartbeats and raw bodies go after their time', async () => {
    const s = nowS();
    await env.DB.batch([
      env.DB.prepare(`INSERT INTO heartbeats (device_id, received_ms)
        VALUES ('${ID}', ${(s - 91 * 86_400) * 1000}), ('${ID}', ${(s - 89 * 86_400) * 1000})`),
      env.DB.prepare(`INSERT INTO hologram_messages VALUES (1, 'a', 'x', ${s - 49 * 3600}, '{}'),
        (1, 'b', 'x', ${s - 47 * 3600}, '{}')`),
    ]);
    const { run: done } = await run('hourly');
    expect(done.report.retention).toMatchObject({ readings: 0, heartbeats: 1, webhooks: 1 });
    expect([await count('heartbeats'), await count('hologram_messages')]).toEqual([1, 1]);
  });

  test('is set by settings that make sense', () => {
    expect(retentionTimes({})).toEqual(times);
    expect(retentionTimes({ RETENTION_READINGS_DAYS: '60' }).readings_days).toBe(60);
    for (const value of ['29', '0', '-1', 'x', '1.5']) {
      expect(() => retentionTimes({ RETENTION_READINGS_DAYS: value })).toThrow('30 or more');
    }
  });
});

describe('a run', () => {
  test('ends commands that nobody fetched for a day', async () => {
    await queue(ID, 'aaaa0001', 'reboot', -1);
    const { run: done } = await run('five_minutes');
    expect(done.report.commands).toEqual({ expired: 1 });
    const row = await env.DB.prepare('SELECT outcome, settled_s FROM commands').first();
    expect(row).toEqual({ outcome: 'expired', settled_s: expect.any(Number) });
  });

  test('goes on after a failed task, and is remembered with it', async () => {
    await send('/api/reading', reading(ID, 600));
    await queue(ID, 'aaaa0001', 'reboot', -1);
    zone.isDown = true;
    const { run: done, failures } = await run('five_minutes');
    expect(done).toMatchObject({ ok: false, report: { commands: { expired: 1 } } });
    expect(failures.map((f) => f.message)).toEqual([expect.stringContaining('Supabase did not')]);
    zone.isDown = false;
    await run('five_minutes');
    await run('hourly');
    const status = await (await ask('ada', '/api/v1/status')).json<{ jobs: object[] }>();
    expect(status.jobs).toMatchObject([
      { job: 'five_minutes', ok: true, report: { sync: { rows_synced: 1 } } },
      { job: 'hourly', ok: true },
    ]);
    expect(status).toMatchObject({ sync: { rows_waiting: 0 }, counts: { units: 1 } });
  });
});
