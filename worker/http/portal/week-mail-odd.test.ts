/**
 * The mail about a week where names are odd and where clocks changed on its Sunday: the switch, the
 * job and the page that ends it are real, the sums are a list.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { EMPTY_COUNTS } from '../../../shared/metrics/bucket.ts';
import { addDays, dayBounds } from '../../../shared/metrics/time-zone.ts';
import type { Bucket } from '../../domain/insights.ts';
import type { Mail } from '../../domain/mail.ts';
import { storeOf, theUnit } from '../../domain/testing/insights-store.ts';
import { mailWeeks } from '../../domain/week-mail.ts';
import { adaptersOf } from '../../services.ts';
import { ask, BAKERY, freshWorld } from '../../testing/world.ts';

const at = (rest: string) => `/api/v1/locations/${BAKERY.id}/${rest}`;

beforeEach(freshWorld);

/** Olga's mails are on since long ago; the shop is called and stands as said. */
async function shop(name: string, zone = 'America/Los_Angeles', language = 'en') {
  await ask('olga', at('week-mail'), { method: 'PUT', body: { is_on: true, language } });
  await env.DB.batch([
    env.DB.prepare("UPDATE week_mails SET sent_monday = '2026-01-05'"),
    env.DB.prepare('UPDATE locations SET name = ?, time_zone = ? WHERE id = ?').bind(
      ...[name, zone, BAKERY.id],
    ),
  ]);
}

async function mailsAt(ms: number, buckets: readonly Bucket[]): Promise<Mail[]> {
  const mails: Mail[] = [];
  const insights = storeOf(buckets, [theUnit(buckets)]);
  const send = async (mail: Mail) => void mails.push(mail);
  await mailWeeks({ ...adaptersOf(env), insights, mailer: { send } }, ms);
  return mails;
}

const MONDAY = Date.parse('2026-01-26T15:00:00Z');
const TUESDAY: Bucket[] = [
  {
    ...EMPTY_COUNTS,
    bucket_start_s: Date.parse('2026-01-20T20:00:00Z') / 1000,
    readings: 1,
    visits: 7,
  },
];

test.each([
  '=1+1',
  '<img src=x onerror=alert(1)>',
  'مقهى الميناء',
  'בית קפה',
  '👩‍👩‍👧 & 🥐',
  'W'.repeat(200),
  '"; DROP TABLE week_mails; --',
])('a shop called %s is called so in its mail, and on the page that ends it', async (name) => {
  await shop(name);
  const note = { sales: null, takings: null, note: `${name.slice(0, 150)}\nBcc: x@example.net` };
  await ask('olga', at('shop-days/2026-01-20'), { method: 'PUT', body: note });
  const [mail] = await mailsAt(MONDAY, TUESDAY);
  expect(mail?.subject).toBe(`${name}: your week, January 19 to January 25`);
  // the note is one line of the text, whatever it holds
  const lines = mail?.text.split('\n') ?? [];
  expect(lines).toContain(`- Tuesday: ${name.slice(0, 150)} Bcc: x@example.net`);
  expect(lines.filter((line) => line.startsWith('Bcc'))).toEqual([]);
  const said = await (await ask(null, new URL(mail?.end_url ?? '').pathname)).text();
  const escaped = name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  expect(said).toContain(escaped.replaceAll('"', '&quot;'));
  expect(said).not.toContain('<img');
});

/** Zone, Monday after the change, seven there in UTC, and hours of the Sunday. */
test.each([
  ['Europe/Berlin', '2026-03-30', '2026-03-30T05:00:00Z', 23],
  ['Europe/Berlin', '2026-10-26', '2026-10-26T06:00:00Z', 25],
  ['America/New_York', '2026-03-09', '2026-03-09T11:00:00Z', 23],
  ['America/New_York', '2026-11-02', '2026-11-02T12:00:00Z', 25],
  ['Australia/Lord_Howe', '2026-10-05', '2026-10-04T20:00:00Z', 23.5],
  ['Australia/Lord_Howe', '2026-04-06', '2026-04-05T20:30:00Z', 24.5],
])('%s: on %s at seven, with every hour of its odd Sunday', async (zone, monday, seven, hours) => {
  await shop('Kiosk', zone, 'de');
  const { startMs, endMs } = dayBounds(addDays(monday, -1), zone);
  const buckets: Bucket[] = [];
  for (let s = startMs / 1000; s < endMs / 1000; s += 300)
    buckets.push({ ...EMPTY_COUNTS, bucket_start_s: s, readings: 1, visits: 1 });
  const before = await mailsAt(Date.parse(seven) - 1000, buckets);
  // of the week before, which nobody was told of either
  expect(before.every(({ text }) => !text.includes('Sonntag: 2'))).toBe(true);
  const [mail] = await mailsAt(Date.parse(seven), buckets);
  expect(mail?.text).toContain(`- Sonntag: ${hours * 12}`);
  expect(await mailsAt(Date.parse(seven) + 3_600_000, buckets)).toEqual([]);
});

test.each([
  ['en', 'About 1 visitor.', '1 sale: '],
  ['de', 'Etwa 1 Besucher.', '1 Verkauf: '],
  ['es', 'Aproximadamente 1 visitante.', '1 venta: '],
])('one is said otherwise than many, in %s', async (language, visitor, sale) => {
  await shop('Kiosk', 'America/Los_Angeles', language);
  const said = { sales: 1, takings: null, note: null };
  await ask('olga', at('shop-days/2026-01-20'), { method: 'PUT', body: said });
  const [mail] = await mailsAt(MONDAY, [{ ...EMPTY_COUNTS, ...TUESDAY[0], visits: 1 } as Bucket]);
  expect(mail?.text).toContain(visitor);
  expect(mail?.text).toContain(sale);
});
