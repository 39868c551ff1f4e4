/**
 * The mail about a shop's week, from the switch to its end: front door, real D1, the real job with
 * a clock and a mailer that a test sees into.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { EMPTY_COUNTS } from '../../../shared/metrics/bucket.ts';
import type { Bucket } from '../../domain/insights.ts';
import type { Mail } from '../../domain/mail.ts';
import { storeOf, theUnit } from '../../domain/testing/insights-store.ts';
import { mailWeeks } from '../../domain/week-mail.ts';
import { adaptersOf } from '../../services.ts';
import { ask, BAKERY, count, freshWorld } from '../../testing/world.ts';

const PATH = `/api/v1/locations/${BAKERY.id}/week-mail`;
let mails: Mail[];
let refuses: boolean;

beforeEach(async () => {
  await freshWorld();
  mails = [];
  refuses = false;
});

const put = (body: object) => ask('olga', PATH, { method: 'PUT', body });
const on = (language = 'en') => put({ is_on: true, language });
/** As if it had been switched on long ago. */
const longAgo = () => env.DB.prepare("UPDATE week_mails SET sent_monday = '2026-01-05'").run();

function bucket(iso: string, visits: number): Bucket {
  const bucket_start_s = Date.parse(iso) / 1000;
  return { ...EMPTY_COUNTS, bucket_start_s, readings: 1, visits };
}
/** Los Angeles is eight hours behind in January: noon there is 20:00. */
const BUCKETS = [
  bucket('2026-01-13T20:00:00Z', 100),
  bucket('2026-01-20T20:00:00Z', 125),
  bucket('2026-01-24T20:00:00Z', 40),
];

function run(iso: string, buckets = BUCKETS) {
  const send = async (mail: Mail) => {
    if (refuses) throw new AppError('unavailable', 'Nobody took it.');
    mails.push(mail);
  };
  const insights = storeOf(buckets, [theUnit(buckets)]);
  return mailWeeks({ ...adaptersOf(env), insights, mailer: { send } }, Date.parse(iso));
}

test('it is off until the owner says otherwise, and off again after', async () => {
  const off = { is_on: false, language: 'en', email: 'olga@example.net' };
  expect(await (await ask('olga', PATH)).json()).toEqual(off);
  expect(await (await on('de')).json()).toEqual({ ...off, is_on: true, language: 'de' });
  expect(await (await ask('olga', PATH)).json()).toEqual({ ...off, is_on: true, language: 'de' });
  await put({ is_on: false, language: 'de' });
  expect(await count('week_mails')).toBe(0);
  expect((await put({ is_on: true, language: 'fr' })).status).toBe(400);
});

test('on Monday from seven by the shop’s clock, once', async () => {
  await on();
  await longAgo();
  await run('2026-01-26T14:59:00Z');
  expect(mails).toHaveLength(0);
  await run('2026-01-26T15:00:00Z');
  await run('2026-01-26T16:00:00Z');
  await run('2026-01-28T16:00:00Z');
  expect(mails).toHaveLength(1);
  await run('2026-02-02T16:00:00Z');
  expect(mails).toHaveLength(2);
});

test('what it says, and to whom', async () => {
  const days = [{ day: '2026-01-20', sales: 25, takings: null }];
  await ask('olga', `/api/v1/locations/${BAKERY.id}/shop-days`, { body: { days } });
  const note = { sales: null, takings: null, note: 'Market\nday' };
  const saturday = `/api/v1/locations/${BAKERY.id}/shop-days/2026-01-24`;
  await ask('olga', saturday, { method: 'PUT', body: note });
  await on();
  await longAgo();
  await run('2026-01-26T15:00:00Z');
  const [mail] = mails;
  expect(mail).toMatchObject({
    to: 'olga@example.net',
    subject: 'Harbour Street Bakery: your week, January 19 to January 25',
  });
  for (const words of [
    'About 170 visitors.',
    '25% more than in the week before.',
    'Busiest day: Tuesday.',
    '25 sales: about 20% of visitors bought something.',
    '- Monday: no data',
    '- Tuesday: 125',
    '- Saturday: Market day',
    'http://bench.example.net/store/bakery?range=week&day=2026-01-25',
    mail?.end_url,
  ]) {
    expect(mail?.text).toContain(words);
  }
});

test.each([
  ['de', 'Etwa 170 Besucher.', 'Dienstag: 125'],
  ['es', 'Aproximadamente 170 visitantes.', 'martes: 125'],
])('in %s', async (language, ...words) => {
  await on(language);
  await longAgo();
  await run('2026-01-26T15:00:00Z');
  for (const said of words) expect(mails[0]?.text).toContain(said);
});

test('more sales than visitors are no share of them', async () => {
  const days = [{ day: '2026-01-20', sales: 126, takings: null }];
  await ask('olga', `/api/v1/locations/${BAKERY.id}/shop-days`, { body: { days } });
  await on();
  await longAgo();
  await run('2026-01-26T15:00:00Z');
  expect(mails[0]?.text).toContain('126 sales: more than visitors, who are an estimate.');
  expect(mails[0]?.text).not.toContain('bought something');
});

test('a week without a number says what to check', async () => {
  await on();
  await longAgo();
  await run('2026-01-26T15:00:00Z', []);
  expect(mails[0]?.text).toContain('Nothing was counted in this week.');
  expect(mails[0]?.text).not.toContain('About');
});

test('one that nobody took goes out later; whoever lost the shop gets none', async () => {
  await on();
  await longAgo();
  refuses = true;
  await expect(run('2026-01-26T15:00:00Z')).rejects.toMatchObject({ code: 'unavailable' });
  refuses = false;
  await env.DB.prepare("DELETE FROM memberships WHERE user_id = 'id-olga'").run();
  await run('2026-01-26T16:00:00Z');
  expect(mails).toHaveLength(0);
  await env.DB.prepare("INSERT INTO memberships VALUES ('id-olga', 'bakery')").run();
  await run('2026-01-27T16:00:00Z');
  expect(mails).toHaveLength(1);
});

test('the link asks first, and ends them without a sign-in', async () => {
  await on('de');
  await longAgo();
  await run('2026-01-26T15:00:00Z');
  const path = new URL(mails[0]?.end_url ?? '').pathname;
  const asked = await ask(null, path);
  expect(asked.headers.get('Content-Security-Policy')).toContain("form-action 'self'");
  expect(await asked.text()).toContain('Möchten Sie die Montagsmails zu Harbour Street Bakery');
  expect(await count('week_mails')).toBe(1);
  const ended = await ask(null, path, { method: 'POST' });
  expect(await ended.text()).toContain('sind abbestellt');
  expect(await count('week_mails')).toBe(0);
  for (const method of ['GET', 'POST']) {
    expect(await (await ask(null, path, { method })).text()).toContain('have ended already');
  }
});

test('a name that is markup stays a name', async () => {
  await env.DB.prepare("UPDATE locations SET name = '<img src=x>' WHERE id = 'bakery'").run();
  await on();
  await longAgo();
  await run('2026-01-26T15:00:00Z');
  const said = await (await ask(null, new URL(mails[0]?.end_url ?? '').pathname)).text();
  expect(said).toContain('&lt;img src=x&gt;');
  expect(said).not.toContain('<img');
});
