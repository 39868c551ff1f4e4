/**
 * What every `ReadingStore` does, whichever it is: the same questions to both, the same answers and
 * the same rows afterwards, with whatever can be forgotten forgotten between two steps.
 */
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Reading } from '../../shared/contracts/reading.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { unitChange } from '../domain/audit.ts';
import type { Stretch } from '../domain/judgement.ts';
import { takeReading } from '../domain/reading.ts';
import { d1JudgementStore } from '../testing/earlier/judgement.ts';
import { READING_STORES, STORE_NAMES, type StoreUnderTest } from '../testing/reading-stores.ts';
import {
  addUnit,
  BAKERY,
  BOOKS,
  freshWorld,
  nowS,
  queueUntold,
  TOKEN,
  WRONG_TOKEN,
} from '../testing/world.ts';

const ID = 'JBNB0001';
const START_S = Math.floor(nowS() / 300) * 300 - 86_400;

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
});

function take(under: StoreUnderTest, reading: object, token = TOKEN, atMs = Date.now()) {
  return sha256Hex(token).then((token_sha256) =>
    takeReading(
      under.store,
      { d: ID, i: 10, u: 4, ts: 1, ...reading } as Reading,
      { device_id: ID, token_sha256 },
      atMs,
    ),
  );
}

function judge(stretch: Stretch, isCounted: boolean, atMs = 1) {
  const what = { ...stretch, is_counted: isCounted };
  const change = unitChange({ actor: 'id-ada', nowMs: atMs }, 'unit.sums', stretch.device_id, {
    after: what,
  });
  return d1JudgementStore(env.DB).judge(stretch, isCounted, change);
}

describe.each(STORE_NAMES)('%s', (name) => {
  test('a reading is stored once, whatever it is asked in between', async () => {
    const under = READING_STORES[name]();
    const first = await take(under, { t: START_S });
    expect(first.answer).toEqual({ status: 'ok', config_version: 1 });
    await under.pause();
    const again = await take(under, { t: START_S });
    expect(again.answer).toEqual({ status: 'ok', config_version: 1, note: 'duplicate_ignored' });
    const other = await take(under, { t: START_S, i: 11 });
    expect(other.answer.note).toBeUndefined();
    expect(await under.kept()).toHaveLength(2);
  });

  test('a wrong token, an inactive unit and a unit that nobody knows are told alike', async () => {
    const under = READING_STORES[name]();
    await expect(take(under, { t: START_S }, WRONG_TOKEN)).rejects.toThrow('unknown unit or wrong');
    await take(under, { t: START_S });
    await env.DB.prepare("UPDATE devices SET status = 'inactive'").run();
    await under.tell();
    await expect(take(under, { t: START_S + 300 })).rejects.toThrow('unknown unit or wrong');
    await env.DB.prepare('UPDATE devices SET status = ?, token_sha256 = ?')
      .bind('active', await sha256Hex(WRONG_TOKEN))
      .run();
    await under.tell();
    await under.pause();
    await expect(take(under, { t: START_S + 300 })).rejects.toThrow('unknown unit or wrong');
    await take(under, { t: START_S + 300 }, WRONG_TOKEN);
    expect(await under.kept()).toHaveLength(2);
  });

  test('it is counted where the unit stood when its period began', async () => {
    const under = READING_STORES[name]();
    await take(under, { t: START_S });
    const move = 'UPDATE devices SET location_id = ?, located_s = ?';
    await env.DB.prepare(move)
      .bind(BOOKS.id, START_S + 1000)
      .run();
    await under.tell();
    await under.pause();
    await take(under, { t: START_S + 999 });
    await take(under, { t: START_S + 1300 });
    const places = (await under.kept()).map((r) => r.location_id);
    expect(places).toEqual([BAKERY.id, BAKERY.id, BOOKS.id]);
    expect((await under.sums()).map((s) => [s.location_id, s.impressions])).toEqual([
      [BAKERY.id, 10],
      [BAKERY.id, 10],
      [BOOKS.id, 10],
    ]);
  });

  test('a command is told once to an old unit, and until acknowledged to a new one', async () => {
    const under = READING_STORES[name]();
    await queueUntold(ID, '00000001');
    await under.tell();
    expect((await take(under, { t: START_S })).answer.command).toBe('send_now');
    await under.pause();
    expect((await take(under, { t: START_S + 300 })).answer.command).toBeUndefined();
    await queueUntold(ID, '00000002').catch(() => {});
    await env.DB.batch([
      env.DB.prepare("UPDATE commands SET outcome = 'delivered' WHERE id = '00000001'"),
    ]);
    await queueUntold(ID, '00000003', 'fetch_config').catch(() => {});
    await under.tell();
    const waiting = await env.DB.prepare('SELECT id FROM commands WHERE outcome IS NULL').first(
      'id',
    );
    const v6 = { seq: 9, fw: '6.0' };
    const told = await take(under, { t: START_S + 600, ...v6 });
    expect(told.answer.command_id).toBe(waiting);
    await under.pause();
    // A repeat is told, too: its first answer may have been lost.
    expect((await take(under, { t: START_S + 600, ...v6 })).answer.command_id).toBe(waiting);
    const done = await take(under, { t: START_S + 900, seq: 10, fw: '6.0', ack: waiting });
    expect(done.answer.command_id).toBeUndefined();
    await under.pause();
    expect(
      (await take(under, { t: START_S + 1200, seq: 11, fw: '6.0' })).answer.command,
    ).toBeUndefined();
  });

  test('what a unit cannot have counted stays out, and flags it', async () => {
    const under = READING_STORES[name]();
    await take(under, { t: START_S, i: 1, u: 9 });
    await take(under, { t: START_S + 300, i: 9_999_999, u: 4 });
    expect((await under.kept()).map((r) => [r.doubt, r.is_counted])).toEqual([
      ['impressions', 0],
      ['ceiling', 0],
    ]);
    expect(await under.sums()).toEqual([]);
    const reason = await env.DB.prepare('SELECT anomaly_reason FROM devices').first<string>(
      'anomaly_reason',
    );
    expect(reason).toMatch(/^reading of .* UTC not counted: fewer probe requests than devices$/);
  });

  test('a time that was taken out stays out for what comes later', async () => {
    const under = READING_STORES[name]();
    await take(under, { t: START_S });
    await judge({ device_id: ID, from_s: START_S + 300, to_s: START_S + 600 }, false);
    await under.tell();
    await take(under, { t: START_S + 300 });
    await take(under, { t: START_S + 600 });
    expect((await under.kept()).map((r) => r.doubt)).toEqual([null, 'excluded', null]);
  });
});

/** One sending in the life of a unit, and what may happen before it. */
const step = fc.record({
  before: fc.constantFrom('nothing', 'nothing', 'nothing', 'pause', 'command', 'move', 'judge'),
  slot: fc.nat(40),
  offS: fc.constantFrom(0, 0, 0, 1, 150, 299),
  clock: fc.constantFrom(1 as const, 1 as const, 0 as const, undefined),
  seq: fc.option(fc.nat(45), { nil: undefined }),
  i: fc.oneof(fc.nat(3), fc.nat(500_000)),
  u: fc.nat(40),
  vis: fc.option(fc.nat(30), { nil: undefined }),
  bat: fc.option(fc.constantFrom(50, 49.5), { nil: undefined }),
  bt: fc.option(fc.constant(START_S - 999), { nil: undefined }),
  cell_rssi: fc.option(fc.integer({ min: -127, max: 20 }), { nil: undefined }),
  ble_u: fc.option(fc.nat(9), { nil: undefined }),
  ble_apple: fc.option(fc.nat(9), { nil: undefined }),
  age: fc.constantFrom(0, 400, 90_000),
  fw: fc.constantFrom(undefined, '4.0', '5.3', '6.0'),
  ack: fc.constantFrom(undefined, undefined, '00000001', '00000003'),
  waitS: fc.constantFrom(0, 0, 5, 700),
});

test('any story leaves the same rows and answers in both', async () => {
  const story = fc.array(step, { minLength: 1, maxLength: 60, size: 'max' });
  await fc.assert(
    fc.asyncProperty(story, async (steps) => {
      const answers: unknown[][] = [];
      const kept: unknown[] = [];
      for (const name of STORE_NAMES) {
        await freshWorld();
        await addUnit(ID);
        const under = READING_STORES[name]();
        answers.push(await play(under, steps));
        kept.push(await under.kept());
      }
      expect(answers[1]).toEqual(answers[0]);
      expect(kept[1]).toEqual(kept[0]);
    }),
    { numRuns: 12 },
  );
}, 120_000);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function play(under: StoreUnderTest, steps: readonly Step[]): Promise<unknown[]> {
  const answers: unknown[] = [];
  let atS = START_S + 50_000;
  let commands = 0;
  for (const [n, s] of steps.entries()) {
    const { before, slot, offS, clock, waitS, age, ...said } = s;
    atS += waitS;
    if (before === 'pause') await under.pause();
    if (before === 'command') {
      commands += 1;
      await env.DB.prepare(
        "UPDATE commands SET outcome = 'superseded' WHERE outcome IS NULL",
      ).run();
      await queueUntold(ID, `0000000${commands % 9}${commands}`);
    }
    if (before === 'move') {
      const to = n % 2 ? BOOKS.id : BAKERY.id;
      const sql = 'UPDATE devices SET location_id = ?, located_s = ?';
      await env.DB.prepare(sql)
        .bind(to, START_S + slot * 300)
        .run();
    }
    if (before === 'judge') {
      const stretch = {
        device_id: ID,
        from_s: START_S + slot * 300,
        to_s: START_S + slot * 300 + 900,
      };
      await judge(stretch, n % 2 === 1, n);
    }
    await under.tell();
    const t = clock === 0 ? slot * 300 : START_S + slot * 300 + offS;
    const reading = { ...said, t, ts: clock, age: clock === 0 ? age : undefined };
    const found = await take(under, reading, TOKEN, atS * 1000).catch((e: Error) => e.message);
    answers.push(typeof found === 'string' ? found : found.answer);
  }
  return answers;
}
