/**
 * Mails about units: nothing that is open is left out, nothing is lost by a failure or by what
 * happens while a mail is on its way. On real D1; the mails themselves by alerts made up here.
 */
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { d1Stores } from '../d1/stores.ts';
import { addUnit, freshWorld } from '../testing/world.ts';
import type { AlertId } from './alert.ts';
import type { Mail, Mailer } from './mail.ts';
import { mailAlerts, reviewAlerts, type SilenceStore, type UnmailedAlert } from './silence.ts';
import { eachFailure, eachInterruption } from './testing/faults.ts';

const ID = 'JBNB0001';
const NOW = Date.now();
const NOW_S = Math.floor(NOW / 1000);

let mails: Mail[];
interface Ports {
  silence: SilenceStore;
  mailer: Mailer;
}
const flag = (reason: string) =>
  env.DB.prepare('UPDATE devices SET anomaly_reason = ?1, anomaly_since_s = ?2')
    .bind(reason, NOW_S - 600)
    .run();
const run = ({ silence, mailer }: Ports, nowMs = NOW) => mailAlerts(silence, mailer, nowMs);

/** One unit, flagged for one reason that no mail has reported. */
async function flagged(): Promise<Ports> {
  await freshWorld();
  await addUnit(ID);
  await flag('too many requests');
  mails = [];
  const send = async (mail: Mail) => void mails.push(mail);
  return { silence: d1Stores(env.DB).silence, mailer: { send } };
}

const text = () => mails.map((mail) => mail.text).join('\n');

describe('nothing is lost', () => {
  test('of a reason that comes while a mail about another is on its way', async () => {
    const second = async ({ silence }: Ports) => {
      await flag('too many requests; a flood of readings');
      await reviewAlerts(silence, NOW + 1000);
    };
    const met = await eachInterruption(flagged, run, second, async (before, _outcomes, sound) => {
      await run(sound, NOW + 3_600_000);
      expect(text(), before).toContain('a flood of readings');
      const sent = mails.length;
      await run(sound, NOW + 7_200_000);
      expect(mails, 'and once is enough').toHaveLength(sent);
    });
    expect(met).toContain('silence.markMailed');
  });

  test('of an end that comes while the mail about its beginning is on its way', async () => {
    const end = async ({ silence }: Ports) => {
      await env.DB.prepare('UPDATE devices SET anomaly_since_s = NULL').run();
      await reviewAlerts(silence, NOW + 1000);
    };
    await eachInterruption(flagged, run, end, async (before, _outcomes, sound) => {
      await run(sound, NOW + 3_600_000);
      // who heard of the beginning hears of the end; who did not needs neither
      expect(text().includes('Well again'), before).toBe(text().includes('To be looked at'));
    });
  });

  test('at any call that fails, and what is sent again has the same key', async () => {
    const failed = await eachFailure(flagged, run, async ({ thrown }, sound) => {
      expect(thrown).toBeInstanceOf(Error);
      await run(sound, NOW + 3_600_000);
      expect(new Set(mails.map((mail) => mail.idempotency_key)).size).toBe(1);
      expect(text()).toContain('too many requests');
      const sent = mails.length;
      await run(sound, NOW + 7_200_000);
      expect(mails).toHaveLength(sent);
    });
    expect(failed).toEqual([
      ...['silence.review', 'silence.unmailed', 'mailer.send', 'silence.markMailed'],
    ]);
  });
});

describe('a unit that is withdrawn', () => {
  const sql = (text: string) => env.DB.prepare(text).run();
  /** What makes an alert of a kind, and what takes its cause away. */
  const CAUSES: Record<'silent' | 'anomaly' | 'radio', { begins: string; ends: string }> = {
    silent: {
      begins: `UPDATE devices SET last_seen_s = ${NOW_S - 2 * 86_400}`,
      ends: 'UPDATE devices SET last_seen_s = NULL',
    },
    anomaly: {
      begins: `UPDATE devices SET anomaly_reason = 'odd', anomaly_since_s = ${NOW_S - 600}`,
      ends: 'UPDATE devices SET anomaly_reason = NULL, anomaly_since_s = NULL',
    },
    radio: {
      begins: `UPDATE devices SET radio = 1, radio_since_s = ${NOW_S - 600}`,
      ends: 'UPDATE devices SET radio = 0, radio_since_s = NULL',
    },
  };
  const WITHDRAW = "UPDATE devices SET status = 'inactive'";
  const kinds = Object.entries(CAUSES);
  const broken = async (begins: string): Promise<Ports> => {
    const ports = await flagged();
    await sql('UPDATE devices SET anomaly_reason = NULL, anomaly_since_s = NULL');
    await sql(begins);
    return ports;
  };
  const open = 'SELECT COUNT(*) AS n FROM alerts WHERE ended_s IS NULL';

  test.each(kinds)('%s: is well again in no mail, whenever it goes', async (kind, cause) => {
    const withdraw = async ({ silence }: Ports) => {
      await sql(WITHDRAW);
      await sql(cause.ends);
      await reviewAlerts(silence, NOW + 1000);
    };
    const fresh = () => broken(cause.begins);
    await eachInterruption(fresh, run, withdraw, async (before, _outcomes, sound) => {
      for (const hours of [1, 2]) await run(sound, NOW + hours * 3_600_000);
      expect(text(), `${kind}, ${before}`).not.toContain('Well again');
      expect(mails.length, before).toBeLessThanOrEqual(1);
      expect(await env.DB.prepare(open).first('n')).toBe(0);
    });
  });

  test.each(kinds)('%s: nor by a mail that failed and goes again', async (kind, cause) => {
    await eachFailure(
      () => broken(cause.begins),
      run,
      async ({ call }, sound) => {
        await sql(WITHDRAW);
        await sql(cause.ends);
        for (const hours of [1, 2]) await run(sound, NOW + hours * 3_600_000);
        expect(text(), `${kind}, ${call}`).not.toContain('Well again');
      },
    );
  });

  test.each(kinds)('%s: but one in service that recovers is, once', async (kind, cause) => {
    const recovers = kind === 'silent' ? `UPDATE devices SET last_seen_s = ${NOW_S}` : cause.ends;
    for (const status of ['active', 'maintenance']) {
      // nobody expects a word of a unit that is being repaired
      if (kind === 'silent' && status === 'maintenance') continue;
      const ports = await broken(cause.begins);
      await run(ports);
      await env.DB.prepare('UPDATE devices SET status = ?1').bind(status).run();
      await sql(recovers);
      for (const hours of [1, 2]) await run(ports, NOW + hours * 3_600_000);
      expect(text().match(/Well again/g), status).toHaveLength(1);
      expect(mails).toHaveLength(2);
    }
  });
});

describe('a mail', () => {
  const KINDS = Object.keys({
    ...{ silent: 1, anomaly: 1, credential: 1, radio: 1 },
  } satisfies Record<AlertId['kind'], 1>) as AlertId['kind'][];
  const words = fc.string({
    unit: fc.constantFrom('a', '\n', '\u202e', '/', ',', 'é'),
    maxLength: 6,
  });
  const alerts = fc.uniqueArray(
    fc.record<UnmailedAlert>({
      device_id: fc.constantFrom('JBNB0001', 'JBNB0002', 'JBNB0003'),
      kind: fc.constantFrom(...KINDS),
      started_s: fc.integer({ min: 0, max: 4_000_000_000 }),
      name: fc.option(words),
      location_name: fc.option(words),
      detail: words,
      ended_s: fc.option(fc.integer({ min: 0, max: 4_000_000_000 })),
      mailed_s: fc.constant(null),
    }),
    { minLength: 1, maxLength: 8, selector: (a) => `${a.device_id}${a.kind}${a.started_s}` },
  );
  const mailOf = async (unmailed: UnmailedAlert[], nowMs = NOW): Promise<Mail> => {
    const sent: Mail[] = [];
    const marked: UnmailedAlert[] = [];
    const silence: SilenceStore = {
      review: async () => ({ opened: 0, ended: 0 }),
      unmailed: async () => unmailed,
      markMailed: async (some) => void marked.push(...some),
    };
    const report = await run(
      { silence, mailer: { send: async (mail) => void sent.push(mail) } },
      nowMs,
    );
    expect(report.told).toBe(unmailed.length);
    expect(marked).toEqual(unmailed);
    return sent[0] as Mail;
  };

  test('has a line for each alert, of whatever kind, and counts them all', async () => {
    await fc.assert(
      fc.asyncProperty(alerts, async (unmailed) => {
        const { subject, text } = await mailOf(unmailed);
        const lines = text.split('\n').filter((line) => line.startsWith('- '));
        expect(lines.map((line) => line.slice(2, 10)).sort()).toEqual(
          unmailed.map((a) => a.device_id).sort(),
        );
        expect(text).not.toMatch(/\u202e/);
        const counted = [...subject.matchAll(/\d+/g)].reduce((sum, [n]) => sum + Number(n), 0);
        expect(counted).toBe(unmailed.length);
      }),
    );
  });

  test('has the same key as another exactly when it says the same', async () => {
    // Resend refuses a key that it knows with other words, and then nobody hears of anything.
    const change = fc.constantFrom<Partial<UnmailedAlert>>(
      ...[{}, { name: 'Door' }, { name: null }, { location_name: 'Quay' }],
      ...[{ detail: 'other' }, { ended_s: 60 }, { ended_s: null }, { device_id: 'JBNB0009' }],
    );
    await fc.assert(
      fc.asyncProperty(alerts, change, async (unmailed, more) => {
        const one = await mailOf(unmailed);
        const later = await mailOf(unmailed, NOW + 3_600_000);
        expect(later).toEqual(one);
        const other = await mailOf([
          { ...(unmailed[0] as UnmailedAlert), ...more },
          ...unmailed.slice(1),
        ]);
        if (other.idempotency_key === one.idempotency_key) expect(other).toEqual(one);
      }),
    );
  });
});

describe('two hundred and one alerts', () => {
  beforeEach(flagged);

  test('go in two mails, each in one of them', async () => {
    const ports = await flagged();
    await env.DB.prepare('DELETE FROM devices').run();
    const add = `INSERT INTO devices
        (id, token_sha256, registered_s, anomaly_since_s, anomaly_reason)
      SELECT printf('JBNB%04d', value), 'x' || value, 0, 9, 'odd' FROM json_each(?1)`;
    const ids = Array.from({ length: 201 }, (_, n) => n + 1);
    await env.DB.prepare(add).bind(JSON.stringify(ids)).run();
    expect((await run(ports)).told).toBe(200);
    expect((await run(ports)).told).toBe(1);
    expect((await run(ports)).told).toBe(0);
    const told = [...text().matchAll(/JBNB\d{4}/g)].map(([id]) => id);
    expect([told.length, new Set(told).size, mails.length]).toEqual([201, 201, 2]);
  });
});

test('which mail went to whom is kept with its alert, from its start to its end', async () => {
  const { silence } = await flagged();
  const told = { silence, mailer: { to: 'ada@example.net', send: async () => {} } };
  const kept = async () => {
    const sql = 'SELECT at_s - ?1 AS after_s, ended, recipients FROM alert_mails ORDER BY at_s';
    return (await env.DB.prepare(sql).bind(NOW_S).all()).results;
  };
  await run(told);
  const start = { after_s: 0, ended: 0, recipients: 'ada@example.net' };
  expect(await kept()).toEqual([start]);
  await flag('too many requests; a flood of readings');
  await run(told, NOW + 3_600_000);
  await env.DB.prepare('UPDATE devices SET anomaly_since_s = NULL').run();
  await run({ silence, mailer: { ...told.mailer, to: 'eve@example.net' } }, NOW + 7_200_000);
  await run(told, NOW + 9_000_000);
  expect(await kept()).toEqual([
    start,
    { ...start, after_s: 3600 },
    { after_s: 7200, ended: 1, recipients: 'eve@example.net' },
  ]);
  // with the alert they go, by retention as well
  await env.DB.prepare('DELETE FROM alerts').run();
  expect(await kept()).toEqual([]);
});
