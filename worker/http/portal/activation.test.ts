/** Activation by the front door: one answer for every failure, and brakes on whoever guesses. */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { runJob } from '../../domain/job.ts';
import type { Mail } from '../../domain/mail.ts';
import { adaptersOf } from '../../services.ts';
import { addUnit, ask, count, freshWorld, type Name, TOKEN } from '../../testing/world.ts';

const ID = 'JBNB0001';
const SECRET = 'abcdefghijklmnopqrstuv';
const unitPath = (id: string) => `/api/v1/units/${id}`;
const put = (who: Name, path: string, body: object) => ask(who, path, { method: 'PUT', body });
const tryWith = (who: Name, body: object, id = ID, headers = {}) =>
  ask(who, `${unitPath(id)}/activate`, { body, headers });
const activate = (who: Name, pin: string, location_id: string, id = ID) =>
  tryWith(who, { pin, location_id }, id);
const status = async (answer: Promise<Response>) => (await answer).status;
/** What a client sees of a failure, without the id of the request. */
async function toOutcome(answer: Response) {
  const { error } = await answer.json<{ error: Record<string, string> }>();
  const { request_id: _, ...rest } = error;
  return { status: answer.status, ...rest, retry: answer.headers.get('Retry-After') };
}
const actions = async () =>
  (
    await env.DB.prepare('SELECT action FROM audit ORDER BY id').all<{ action: string }>()
  ).results.map(({ action }) => action);
const endBrakes = () => env.DB.prepare('UPDATE brakes SET ends_s = 1').run();

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID, TOKEN, null);
  await put('ada', `${unitPath(ID)}/pin`, { pin: '4711', secret: SECRET });
});

describe('a label', () => {
  test('brings the unit to an own place; PIN and secret are kept nowhere', async () => {
    expect(await status(activate('olga', '4711', 'bakery'))).toBe(200);
    // a token that waits in an outbox since before comes too late
    const row = env.DB.prepare('SELECT settled_ms FROM devices WHERE id = ?1').bind(ID);
    expect(Date.now() - ((await row.first<number>('settled_ms')) ?? 0)).toBeLessThan(60_000);
    const detail = await (await ask('olga', `${unitPath(ID)}/detail`)).json();
    expect(detail).toMatchObject({ location_id: 'bakery', status: 'active' });
    for (const table of ['device_pins', 'audit', 'brakes', 'notices']) {
      const rows = JSON.stringify((await env.DB.prepare(`SELECT * FROM ${table}`).all()).results);
      expect(rows).not.toMatch(`"4711"|${SECRET}`);
    }
  });

  test('proves by the secret of its QR code, which is not a PIN', async () => {
    const location_id = 'bakery';
    expect(await status(tryWith('olga', { secret: `${SECRET.slice(1)}w`, location_id }))).toBe(400);
    expect(await status(tryWith('olga', { pin: SECRET, location_id }))).toBe(400);
    expect(await status(tryWith('olga', { secret: SECRET, location_id }))).toBe(200);
  });

  test.each(['471', '47111', 'abcd', 4711])('%j is no PIN', async (pin) => {
    expect(await status(activate('olga', pin as string, 'bakery'))).toBe(400);
  });
});

describe('one answer', () => {
  test('for wrong PIN, unknown unit, one without PIN, of others, and withdrawn', async () => {
    await addUnit('JBNB0002', 'other-unit-token-abcdefghijklmnopqrstuvwxyz0', null);
    await addUnit('JBNB0003', 'third-unit-token-abcdefghijklmnopqrstuvwxyz0', 'books');
    await put('ada', `${unitPath('JBNB0003')}/pin`, { pin: '4711' });
    await addUnit('JBNB0004', 'last-unit-token-abcdefghijklmnopqrstuvwxyz01', null);
    await put('ada', `${unitPath('JBNB0004')}/pin`, { pin: '4711' });
    await put('ada', `${unitPath('JBNB0004')}/status`, { status: 'inactive' });
    const answers = [];
    for (const [pin, id] of [
      ['0000', ID],
      ['4711', 'JBNB0099'],
      ['4711', 'JBNB0002'],
      ['4711', 'JBNB0003'],
      ['4711', 'JBNB0004'],
    ] as const) {
      answers.push(await toOutcome(await activate('olga', pin, 'bakery', id)));
    }
    expect(new Set(answers.map((a) => JSON.stringify(a))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 400, code: 'invalid', retry: null });
    const failed = (await actions()).filter((action) => action === 'unit.activate_failed');
    expect(failed).toHaveLength(5);
    const find = (id: string) => adaptersOf(env).units.find(id);
    expect(await find('JBNB0003')).toMatchObject({ location_id: 'books' });
    expect(await find('JBNB0004')).toMatchObject({ location_id: null, status: 'inactive' });
  });

  test('a place of others is refused before the label is looked at', async () => {
    expect(await status(activate('otto', '4711', 'bakery'))).toBe(404);
    expect(await count('brakes')).toBe(0);
  });

  test('whether a unit exists does not show in a refusal', async () => {
    const last = async (id: string) => {
      for (let i = 0; i < 5; i += 1) await activate('olga', '0001', 'bakery', id);
      return toOutcome(await activate('olga', '4711', 'bakery', id));
    };
    const real = await last(ID);
    await endBrakes();
    const none = await last('JBNB0099');
    expect(real).toMatchObject({ status: 429, code: 'rate_limited' });
    expect({ ...none, retry: 0, hint: '' }).toEqual({ ...real, retry: 0, hint: '' });
  });
});

describe('brakes', () => {
  test('five wrong ones of a stranger lock him, not the rightful owner', async () => {
    for (let i = 0; i < 5; i += 1) await activate('otto', '0001', 'books');
    const refused = await activate('otto', '4711', 'books');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(3500);
    expect(await status(activate('olga', '4711', 'bakery'))).toBe(200);
  });

  test('a lock ends with its time', async () => {
    for (let i = 0; i < 6; i += 1) await activate('olga', '0001', 'bakery');
    expect(await status(activate('olga', '4711', 'bakery'))).toBe(429);
    await endBrakes();
    expect(await status(activate('olga', '4711', 'bakery'))).toBe(200);
  });

  test('trying units one after the other is refused, notified once, and in the trail', async () => {
    const codes: number[] = [];
    for (let n = 100; n < 140; n += 1) {
      codes.push(await status(activate('otto', '0000', 'books', `JBNB0${n}`)));
    }
    expect(codes.filter((code) => code === 400)).toHaveLength(10);
    expect(codes.slice(10).every((code) => code === 429)).toBe(true);
    const trail = await actions();
    expect(trail.filter((action) => action === 'unit.activate_refused')).toHaveLength(1);
    const mails: Mail[] = [];
    const mailer = { send: async (mail: Mail) => void mails.push(mail) };
    const ports = { ...adaptersOf(env), footTraffic: { push: async () => {} }, mailer };
    await runJob(ports, 'five_minutes');
    await runJob(ports, 'five_minutes');
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toMatch(/Too many wrong PINs, last by otto@example\.net/);
    const { notices } = await (await ask('ada', '/api/v1/notices')).json<{ notices: object[] }>();
    expect(notices).toMatchObject([{ kind: 'pin_guessing' }]);
  });

  test('who is refused uses up nothing of what others have at a unit', async () => {
    for (let i = 0; i < 100; i += 1) await activate('otto', '0000', 'books', ID);
    const sql = `SELECT taken FROM brakes WHERE key = 'pin:unit:${ID}'`;
    expect(await env.DB.prepare(sql).first<number>('taken')).toBeLessThanOrEqual(10);
  });

  test('a PIN locked by others: the QR code opens, and so does whoever installed it', async () => {
    const lock = `INSERT OR REPLACE INTO brakes (key, taken, ends_s)
      VALUES ('pin:unit:${ID}', 60, unixepoch() + 3600)`;
    const unlock = (who: Name, id = ID) =>
      status(ask(who, `${unitPath(id)}/unlock-pin`, { method: 'POST' }));
    await env.DB.prepare(lock).run();
    const refused = await toOutcome(await activate('olga', '4711', 'bakery'));
    expect(refused).toMatchObject({ status: 429, message: 'Others tried too many PINs here.' });
    expect(JSON.stringify(refused)).toContain('Scan the label’s QR code');
    expect(await status(tryWith('olga', { secret: SECRET, location_id: 'bakery' }))).toBe(200);

    await env.DB.prepare(lock).run();
    expect(await status(activate('olga', '4711', 'bakery'))).toBe(429);
    expect(await unlock('olga')).toBe(403);
    expect(await unlock('ines')).toBe(403);
    await env.DB.prepare("UPDATE devices SET prepared_by = 'id-ines', registered_s = ?1")
      .bind(Math.floor(Date.now() / 1000))
      .run();
    expect(await unlock('ines')).toBe(200);
    expect(await status(activate('olga', '4711', 'bakery'))).toBe(200);
    expect(await actions()).toContain('unit.unlock_pin');
    expect(await unlock('ada', 'JBNB0099')).toBe(404);
  });

  test('tries at once cannot outrun a brake', async () => {
    const tries = Array.from({ length: 40 }, () => status(activate('olga', '0000', 'bakery')));
    const codes = await Promise.all(tries);
    expect(codes.filter((code) => code === 400)).toHaveLength(5);
    expect(codes.filter((code) => code === 429)).toHaveLength(35);
  });

  test('right ones cost nothing: a whole box of units in an hour', async () => {
    for (let n = 10; n < 40; n += 1) {
      const id = `JBNB00${n}`;
      await addUnit(id, `${n}-unit-token-abcdefghijklmnopqrstuvwxyz0123`, null);
      await put('ada', `${unitPath(id)}/pin`, { pin: '4711' });
      expect(await status(activate('olga', '4711', 'bakery', id))).toBe(200);
    }
  });

  test('a network is braked as a whole, whoever sits in it', async () => {
    const people = ['olga', 'otto', 'ada'] as const;
    const from = { 'CF-Connecting-IP': '192.0.2.7' };
    const codes: number[] = [];
    for (let n = 0; n < 60; n += 1) {
      const who = people[n % 3] ?? 'olga';
      const location_id = who === 'otto' ? 'books' : 'bakery';
      const id = `JBNB0${200 + n}`;
      codes.push(await status(tryWith(who, { pin: '0000', location_id }, id, from)));
      // this test is not about the person's own brake
      await env.DB.prepare("UPDATE brakes SET ends_s = 1 WHERE key NOT LIKE 'pin:net:%'").run();
    }
    expect(codes.filter((code) => code === 400)).toHaveLength(40);
    expect(codes.slice(40).every((code) => code === 429)).toBe(true);
  });
});

describe('reserving', () => {
  const reserve = (who: Name, device_id?: string) =>
    ask(who, '/api/v1/units/reserve', { body: device_id ? { device_id } : {} });
  const release = (who: Name, id: string) =>
    ask(who, `${unitPath(id)}/reservation`, { method: 'DELETE' });

  test('nobody holds over a hundred; an administrator may, and releases anybody’s', async () => {
    const codes: number[] = [];
    for (let n = 0; n < 104; n += 1) codes.push(await status(reserve('ines')));
    expect(codes.filter((code) => code === 201)).toHaveLength(100);
    expect(codes.slice(100)).toEqual([429, 429, 429, 429]);
    expect(await status(reserve('ines', 'JBNB0009'))).toBe(201);
    expect(await status(reserve('ada'))).toBe(201);
    expect(await status(release('ines', 'JBNB0010'))).toBe(200);
    expect(await status(release('ines', 'JBNB0010'))).toBe(404);
    expect(await status(reserve('ines'))).toBe(201);
    expect(await status(release('ada', 'JBNB0011'))).toBe(200);
    await env.DB.prepare('UPDATE reservations SET expires_s = 1').run();
    expect(await status(reserve('ines'))).toBe(201);
  });

  test('not what another holds', async () => {
    await reserve('ada', 'JBNB0042');
    expect(await status(release('ines', 'JBNB0042'))).toBe(404);
    expect(await count('reservations')).toBe(1);
  });
});
