/**
 * Activation over real D1, with a clock of its own: who is braked when and for how long, what holds
 * when a store fails, and when two act at once.
 */
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import type { Role } from '../../shared/contracts/portal.ts';
import type { AppError } from '../../shared/errors.ts';
import { adaptersOf } from '../services.ts';
import { addUnit, BAKERY, count, freshWorld, TOKEN } from '../testing/world.ts';
import { type ActivationPorts, activateUnit } from './activation.ts';
import { setPin } from './pin.ts';
import { eachFailure, eachInterruption } from './testing/faults.ts';

const ID = 'JBNB0001';
const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 0, 28, 12);
const pinPepper = 'only-for-tests-only-for-tests-0000';

/** One unit with the PIN 4711, at no place or another. */
async function fresh(at: string | null = null): Promise<ActivationPorts> {
  await freshWorld();
  await addUnit(ID, TOKEN, at);
  const ports = { ...adaptersOf(env), pinPepper };
  await setPin(ports, { actor: 'id-ada', nowMs: 0 }, ID, { pin: '4711' });
  return ports;
}
const person = (name: string, role: Role) => ({
  ...{ user_id: `id-${name}`, email: `${name}@example.net`, role, second_factor: false },
});
const OLGA = person('olga', 'owner');
const OTTO = person('otto', 'owner');

interface Try {
  who?: typeof OLGA;
  pin?: string;
  id?: string;
  to?: string;
  atMs?: number;
  network?: string;
}
const activate = (ports: ActivationPorts, of: Try = {}) =>
  activateUnit(
    ports,
    { person: of.who ?? OLGA, network: of.network, nowMs: of.atMs ?? START_MS },
    of.id ?? ID,
    { pin: of.pin ?? '4711', location_id: of.to ?? BAKERY.id },
  );
/** `done`, or the code of the refusal. */
const outcome = (ports: ActivationPorts, of: Try) =>
  activate(ports, of).then(
    () => 'done',
    (failure) => (failure as AppError).code,
  );
const place = () =>
  env.DB.prepare('SELECT location_id FROM devices WHERE id = ?1').bind(ID).first('location_id');
async function trail() {
  const sql = "SELECT action FROM audit WHERE action <> 'unit.pin' ORDER BY id";
  return (await env.DB.prepare(sql).all<{ action: string }>()).results.map((row) => row.action);
}
async function left(): Promise<Record<string, number>> {
  const sql = 'SELECT key, taken FROM brakes WHERE taken > 0';
  const { results } = await env.DB.prepare(sql).all<{ key: string; taken: number }>();
  return Object.fromEntries(results.map(({ key, taken }) => [key, taken]));
}

describe('two at once', () => {
  test('the same press twice: both are told that it is done, and no try is counted', async () => {
    await eachInterruption(fresh, activate, activate, async (_before, outcomes) => {
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
      expect(await place()).toBe('bakery');
      expect(await left()).toEqual({});
      expect(await trail()).not.toContain('unit.activate_failed');
    });
  });

  test('two owners with one label: one has it, the other is told nothing', async () => {
    const calls = await eachInterruption(
      fresh,
      (ports) => activate(ports),
      (ports) => activate(ports, { who: OTTO, to: 'books' }),
      async (_before, outcomes) => {
        expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        const [olga, otto] = outcomes;
        expect(await place()).toBe(olga?.status === 'fulfilled' ? 'bakery' : 'books');
        const lost = olga?.status === 'rejected' ? olga : (otto as PromiseRejectedResult);
        expect(lost.reason).toMatchObject({
          code: 'invalid',
          message: 'pin: unknown unit, wrong PIN, or a unit of another place',
        });
        expect((await trail()).sort()).toEqual(['unit.activate', 'unit.activate_failed']);
      },
    );
    expect(calls).toContain('activations.activate');
  });

  test('withdrawn in between: it stays withdrawn', async () => {
    const withdraw = () =>
      env.DB.prepare("UPDATE devices SET status = 'inactive' WHERE id = ?1").bind(ID).run();
    await eachInterruption(fresh, activate, withdraw, async (_before, [activated]) => {
      expect(await place()).toBe(activated?.status === 'fulfilled' ? 'bakery' : null);
    });
  });
});

test('whatever fails, there is neither a move without its trace nor a label used up', async () => {
  const calls = await eachFailure(fresh, activate, async ({ thrown }, ports) => {
    expect(thrown).toBeDefined();
    const moves = (await trail()).filter((action) => action === 'unit.activate').length;
    expect(moves).toBe((await place()) === 'bakery' ? 1 : 0);
    await activate(ports);
    expect(await place()).toBe('bakery');
  });
  expect(calls.filter((call) => call === 'brakes.take')).toHaveLength(4);
  expect(calls.at(-1)).toBe('brakes.giveBack');
});

test('a wrong label passes through no failure', async () => {
  const wrong = (ports: ActivationPorts) => activate(ports, { pin: '4712' });
  await eachFailure(fresh, wrong, async () => expect(await place()).toBe(null));
  const sixth = async () => {
    const ports = await fresh();
    const five = 'INSERT INTO brakes (key, taken, ends_s) VALUES (?1, 5, ?2)';
    const ends = START_MS / 1000 + 60;
    await env.DB.prepare(five).bind(`pin:pair:id-olga:${ID}`, ends).run();
    return ports;
  };
  // with the right label even, once the brake holds
  await eachFailure(sixth, activate, async () => expect(await place()).toBe(null));
});

describe('brakes', () => {
  test('each at its number, for its time; the wrong ones alone are counted', async () => {
    const ports = await fresh();
    await outcome(ports, { network: '192.0.2.7' });
    expect(await left()).toEqual({});
    await outcome(ports, { network: '192.0.2.7', pin: '0000' });
    expect(await left()).toEqual({
      'pin:hour:id-olga': 1,
      'pin:day:id-olga': 1,
      'pin:net:192.0.2.7': 1,
      'pin:pair:id-olga:JBNB0001': 1,
      'pin:unit:JBNB0001': 1,
    });
    const ends = 'SELECT key FROM brakes WHERE ends_s = ?1';
    const ending = async (atMs: number) =>
      (
        await env.DB.prepare(ends)
          .bind(atMs / 1000)
          .all()
      ).results.length;
    expect(await ending(START_MS + HOUR_MS)).toBe(3);
    expect(await ending(START_MS + 24 * HOUR_MS)).toBe(2);
  });

  test('a person: ten an hour, twenty a day, from the first of them on', async () => {
    const ports = await fresh();
    const tryAt = (hours: number, n: number) =>
      outcome(ports, { pin: '0000', id: `JBNB1${100 + n}`, atMs: START_MS + hours * HOUR_MS });
    const hour = async (hours: number, from: number) => {
      const codes = [];
      for (let n = 0; n < 11; n += 1) codes.push(await tryAt(hours, from + n));
      return codes;
    };
    const passed = new Array(10).fill('invalid');
    expect(await hour(0, 0)).toEqual([...passed, 'rate_limited']);
    expect(await tryAt(0.99, 20)).toBe('rate_limited');
    // the hour refused three, before they came to the day
    expect(await hour(1, 30)).toEqual([...passed, 'rate_limited']);
    expect(await tryAt(2, 50)).toBe('rate_limited');
    expect(await tryAt(23.99, 51)).toBe('rate_limited');
    expect(await tryAt(24, 52)).toBe('invalid');
  });

  test('a unit: sixty PINs a day by everybody; its rightful owner learns what to do', async () => {
    const ports = await fresh();
    const wrong = { pin: '0000' };
    for (let n = 0; n < 12; n += 1) {
      const who = person(`stranger-${n}`, 'admin');
      for (let i = 0; i < 5; i += 1)
        expect(await outcome(ports, { ...wrong, who })).toBe('invalid');
    }
    const refused = activate(ports, { atMs: START_MS + 90_000 });
    await expect(refused).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfterS: 86_400 - 90,
      hint: 'Scan the label’s QR code, or ask who installed the unit to unlock it. Try again in 24 hours.',
    });
    expect(await outcome(ports, { atMs: START_MS + 24 * HOUR_MS })).toBe('done');
  });

  test('guessing is told to administrators once; a worn label is not guessing', async () => {
    const ports = await fresh();
    for (let n = 0; n < 8; n += 1) await outcome(ports, { pin: '0000' });
    expect([await count('notices'), (await trail()).at(-1)]).toEqual([0, 'unit.activate_refused']);
    for (let n = 0; n < 8; n += 1) await outcome(ports, { pin: '0000', id: `JBNB020${n}` });
    const { results } = await env.DB.prepare('SELECT kind, detail FROM notices').all();
    expect(results).toEqual([
      {
        kind: 'pin_guessing',
        detail: expect.stringMatching(/last by olga@example\.net \(id-olga\) at JBNB020\d\.$/),
      },
    ]);
    expect((await trail()).filter((action) => action === 'unit.activate_refused')).toHaveLength(2);
  });
});

describe('a notice of guessing', () => {
  /** Otto is at his limit of the hour, at another unit each time; nobody knows of it yet. */
  const atLimit = async () => {
    const ports = await fresh();
    const ten = "INSERT INTO brakes (key, taken, ends_s) VALUES ('pin:hour:id-otto', 10, ?1)";
    await env.DB.prepare(ten)
      .bind(START_MS / 1000 + 3000)
      .run();
    return ports;
  };
  const guess = (ports: ActivationPorts) => activate(ports, { who: OTTO, to: 'books', pin: '1' });
  const refusals = async () =>
    (await trail()).filter((action) => action === 'unit.activate_refused').length;

  test('is not lost with whatever fails while it is being written', async () => {
    const calls = await eachFailure(atLimit, guess, async ({ call, side, thrown }, ports) => {
      expect(thrown, call).toBeDefined();
      for (let n = 0; n < 3; n += 1)
        expect(await guess(ports).catch((e) => e.code)).toBe('rate_limited');
      // twice where nobody can know whether the first was written, and never a third time
      const isTwice = call === 'brakes.markTold' ? side === 'before' : false;
      const wasAnswerLost = call === 'notices.add' && side === 'after';
      expect(await count('notices'), `${call} ${side}`).toBe(isTwice || wasAnswerLost ? 2 : 1);
      expect(await refusals()).toBeGreaterThanOrEqual(1);
      expect(await place()).toBeNull();
    });
    expect(calls.slice(-4)).toEqual([
      ...['brakes.take', 'audit.add', 'notices.add', 'brakes.markTold'],
    ]);
  });

  test('is there once both are refused, when two guess at one moment', async () => {
    await eachInterruption(atLimit, guess, guess, async (before, outcomes) => {
      const codes = outcomes.map((o) => o.status === 'rejected' && (o.reason as AppError).code);
      expect(codes, before).toEqual(['rate_limited', 'rate_limited']);
      const told = await count('notices');
      expect(told, before).toBeGreaterThanOrEqual(1);
      expect(told, before).toBeLessThanOrEqual(2);
    });
  });

  test('comes again when a new time begins', async () => {
    const ports = await atLimit();
    await outcome(ports, { who: OTTO, to: 'books', pin: '1' });
    for (let n = 0; n < 12; n += 1) {
      await outcome(ports, {
        ...{ who: OTTO, to: 'books', pin: '1', id: `JBNB03${10 + n}`, atMs: START_MS + HOUR_MS },
      });
    }
    expect([await count('notices'), await refusals()]).toEqual([2, 2]);
  });
});

test('whoever sees all places takes a unit from each, beyond what a menu lists', async () => {
  const ports = await fresh();
  const more = `INSERT INTO locations (id, name, time_zone) WITH RECURSIVE n (i) AS (
      SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)
    SELECT 'z' || i, 'Z' || substr('000' || i, -4), 'Etc/UTC' FROM n`;
  await env.DB.prepare(more).run();
  await env.DB.prepare("UPDATE devices SET location_id = 'z1001'").run();
  await setPin(ports, { actor: 'id-ada', nowMs: 0 }, ID, { pin: '4711' });
  expect(await outcome(ports, { who: person('ines', 'installer') })).toBe('done');
  expect(await place()).toBe('bakery');
});
