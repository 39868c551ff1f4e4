/** POST /api/reading/batch by the front door: each reading is judged as if it came alone. */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { BATCH_COLUMNS } from '../../../shared/contracts/reading-batch.ts';
import { aloneOf, batchRow, type RowFields } from '../../testing/batch.ts';
import { keptReadings, sums } from '../../testing/kept.ts';
import { wireText } from '../../testing/old-unit.ts';
import { addUnit, freshWorld, nowS, queue, send, WRONG_TOKEN } from '../../testing/world.ts';

const ID = 'JBNB0001';
const PATH = '/api/reading/batch';
/** Longest answer that a unit's modem has room for (docs/formats/device-api.md). */
const ANSWER_MAX = 330;

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
});

/** One for all tests: a period that ends between two looks at the clock would be another one. */
const NOW_S = nowS();
const PERIOD_S = Math.floor(NOW_S / 300) * 300;

/** The reading numbered `seq`, whose period began so many periods ago. */
const fields = (seq: number, periodsAgo: number, more: RowFields = {}): RowFields => ({
  ...{ seq, t: PERIOD_S - periodsAgo * 300, age: periodsAgo * 300 },
  ...{ i: 40 + seq, u: 4, of: 0, dwell_0_1: 2, dwell_1_5: 1, rssi_near: 4, vis: 3, occ: 5 },
  ...more,
});
const list = (n: number, from = 1) =>
  Array.from({ length: n }, (_, i) => fields(from + i, n - i + 2));
const batch = (all: readonly RowFields[], more: object = {}) => ({
  ...{ d: ID, fw: '6.0.0', bt: NOW_S - 90_000, cell_rssi: -90, cd: 40, sf: 0 },
  ...more,
  r: all.map(batchRow),
});
const post = (all: readonly RowFields[], more?: object, how = {}) =>
  send(PATH, batch(all, more), how);
const outcomes = async (answer: Response) => {
  const { outcomes } = await answer.json<{ outcomes: string }>();
  return [answer.status, outcomes];
};

const bySeq = async () => (await keptReadings()).sort((a, b) => Number(a.seq) - Number(b.seq));

describe('twelve at once', () => {
  test('are twelve readings, with all that each says', async () => {
    expect(await outcomes(await post(list(12)))).toEqual([201, 's'.repeat(12)]);
    const kept = await bySeq();
    expect(kept[0]).toMatchObject({
      ...{ variant: 's1', cached: 40, age_s: 14 * 300, impressions: 41, visits: 3 },
    });
    expect(kept[11]).toMatchObject({ variant: 's12', cached: 29, impressions: 52 });
  });

  test('and the same one by one leave the same rows and sums', async () => {
    const all = list(12);
    await post(all);
    const rows = async () =>
      (await bySeq()).map((r) => [
        ...[r.period_start_s, r.variant, r.impressions, r.device_minutes, r.visits, r.dwell_0_1],
        ...[r.rssi_near, r.doubt, r.is_counted, r.location_id, r.generation],
      ]);
    const together = { rows: await rows(), sums: await sums() };
    await freshWorld();
    await addUnit(ID);
    for (const one of all) await send('/api/reading', aloneOf(ID, one));
    expect({ rows: await rows(), sums: await sums() }).toEqual(together);
  });

  test('sent again, in part, or one by one are the ones that are there', async () => {
    const all = list(12);
    await post(all.slice(0, 5));
    expect(await outcomes(await post(all))).toEqual([201, 'kkkkksssssss']);
    expect(await outcomes(await post(all))).toEqual([201, 'k'.repeat(12)]);
    expect(await outcomes(await post([...all.slice(3, 5), ...all.slice(3, 5)]))).toEqual([
      ...[201, 'kkkk'],
    ]);
    const alone = await (await send('/api/reading', aloneOf(ID, all[7] ?? {}))).json();
    expect(alone).toMatchObject({ note: 'duplicate_ignored' });
    expect((await keptReadings()).length).toBe(12);
    const impressions = (await sums()).reduce((sum, row) => sum + Number(row.impressions), 0);
    expect(impressions).toBe(all.reduce((sum, { i = 0 }) => sum + i, 0));
  });

  test('one twice in a batch is stored once', async () => {
    const [one = {}, two = {}] = list(2);
    expect(await outcomes(await post([one, one, two, one]))).toEqual([201, 'sksk']);
    expect((await keptReadings()).length).toBe(2);
  });
});

describe('a bad one among good ones', () => {
  test.each<[string, RowFields]>([
    ['a count below nothing', { i: -1 }],
    ['half a person', { u: 0.5 }],
    ['no number', { seq: undefined } as RowFields],
    ['no counts', { i: undefined } as RowFields],
    ['a time long ago', { t: 1_600_000_000 }],
    ['a time to come', { t: 4_000_000_000 }],
  ])('%s is refused, and the others are taken', async (_, wrong) => {
    const log = vi.spyOn(console, 'log');
    const all = list(4);
    all[1] = { ...all[1], ...wrong };
    expect(await outcomes(await post(all))).toEqual([201, 'srss']);
    expect((await keptReadings()).length).toBe(3);
    const lines = log.mock.calls.map(([line]) => String(line));
    expect(lines.filter((line) => line.includes('readings_refused'))).toHaveLength(1);
    log.mockRestore();
  });

  test('one that cannot have been counted is kept out of the sums alone, and told', async () => {
    const all = list(3);
    all[1] = { ...all[1], i: 1, u: 40 };
    expect(await outcomes(await post(all))).toEqual([201, 'sss']);
    expect((await bySeq()).map(({ is_counted }) => is_counted)).toEqual([1, 0, 1]);
    const flag = await env.DB.prepare('SELECT anomaly_reason FROM devices').first('anomaly_reason');
    expect(flag).toMatch(/not counted/);
  });

  test('alone it is refused as it would be by itself, and nothing is stored', async () => {
    const answer = await post([{ ...fields(1, 3), i: -1 }]);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ error: 'i: must not be negative' });
    expect((await keptReadings()).length).toBe(0);
  });
});

describe('what is no batch', () => {
  test.each<[string, object, number]>([
    ['without readings', { r: [] }, 400],
    ['with thirteen', { r: list(13).map(batchRow) }, 400],
    ['with text for a row', { r: ['x'] }, 400],
    ['with a list of texts', { r: [['7', '1769602500']] }, 400],
    ['with a row without end', { r: [Array(60).fill(1)] }, 400],
    ['with no row at all', { r: null }, 400],
    ['larger than a body may be', { r: list(12).map(batchRow), x: 'x'.repeat(4096) }, 413],
  ])('%s, is refused as a whole', async (_, body, status) => {
    expect((await send(PATH, { d: ID, ...body })).status).toBe(status);
    expect((await keptReadings()).length).toBe(0);
  });

  test('is explained to its own unit only', async () => {
    for (const r of [[], [batchRow({ ...fields(1, 3), i: -1 })], list(3).map(batchRow)]) {
      const answer = await send(PATH, { d: ID, r }, { token: WRONG_TOKEN });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toEqual({ error: 'unknown unit or wrong token' });
    }
    expect((await keptReadings()).length).toBe(0);
  });
});

test('a command comes with the batch, until one acknowledges it', async () => {
  await queue(ID, 'c0ffee00', 'fetch_config');
  const told = { command: 'fetch_config', command_id: 'c0ffee00' };
  const all = list(9);
  expect(await (await post(all.slice(0, 3))).json()).toMatchObject(told);
  // Whichever of the rows are taken: the word is the batch's.
  const more = all.slice(3, 6);
  more[0] = { ...more[0], t: 1_600_000_000 };
  const acked = await (await post(more, { ack: 'c0ffee00' })).json();
  expect(acked).toEqual({ status: 'ok', config_version: 1, outcomes: 'rss' });
  const outcome = await env.DB.prepare('SELECT outcome FROM commands').first('outcome');
  expect(outcome).toBe('acked');
  expect(await (await post(all.slice(6))).json()).not.toHaveProperty('command');
});

test('an acknowledgement with nothing to take is none', async () => {
  await queue(ID, 'c0ffee00', 'reboot');
  const old = { ...fields(1, 3), t: 1_600_000_000 };
  expect((await post([old], { ack: 'c0ffee00' })).status).toBe(400);
  expect(await env.DB.prepare('SELECT outcome FROM commands').first('outcome')).toBeNull();
});

test('the longest answer is within what a modem hands over', async () => {
  await queue(ID, 'f'.repeat(40), 'fetch_config');
  await env.DB.prepare('UPDATE devices SET config_version = 2147483647').run();
  const wire = await wireText(await post(list(12)));
  expect(wire).toContain('"outcomes":"ssssssssssss"');
  expect(wire.length).toBeLessThanOrEqual(ANSWER_MAX);
});

test('the body of the busiest twelve that firmware writes is within the limit', () => {
  const most = Object.fromEntries(BATCH_COLUMNS.map((name) => [name, 10_000_000]));
  const rows = Array(12).fill(batchRow({ ...most, t: 1_769_602_500, seq: 4_294_967_295 }));
  const body = JSON.stringify({ ...batch([]), fw: 'x'.repeat(32), ack: 'x'.repeat(40), r: rows });
  expect(body.length).toBeLessThanOrEqual(4096);
});

describe('how often', () => {
  const isFlagged = async (d: string) => {
    const sql = 'SELECT anomaly_reason FROM devices WHERE id = ?';
    return (await env.DB.prepare(sql).bind(d).first('anomaly_reason')) !== null;
  };

  test('a full queue drains at once without being taken for a flood', async () => {
    const d = 'JBNB0781';
    await addUnit(d);
    for (let from = 1; from < 97; from += 12) {
      const all = Array.from({ length: 12 }, (_, i) => fields(from + i, 100 - from - i));
      expect(await outcomes(await post(all, { d }))).toEqual([201, 's'.repeat(12)]);
    }
    expect((await keptReadings()).length).toBe(96);
    expect(await isFlagged(d)).toBe(false);
  });

  test('a batch of twelve counts as three requests: seventeen a minute are a flood', async () => {
    const d = 'JBNB0782';
    await addUnit(d);
    // The limiter's minutes are those of the clock: one of two holds more than fifty of them.
    for (let n = 0; n < 34; n += 1) expect((await post(list(12), { d })).status).toBe(201);
    expect(await isFlagged(d)).toBe(true);
    expect((await keptReadings()).length).toBe(12);
  });
});
