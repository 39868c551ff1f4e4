import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as format from './format.ts';
import * as technical from './format-technical.ts';

const NB = /[\u00a0\u202f\u2009]/g;
const plain = (text: string | null) => text?.replace(NB, ' ');

test('figures follow the reader’s locale, and the unknown is a dash', () => {
  expect(format.figure(1204, 'en-GB')).toBe('1,204');
  expect(format.figure(1204, 'de-DE')).toBe('1.204');
  expect(format.figure(null)).toBe('–');
});

test('one is said otherwise than none and many', () => {
  const words = [0, 1, 2].map((n) => format.plural(n, { one: 'one', other: 'many' }));
  expect(words).toEqual(['many', 'one', 'many']);
});

test('times follow the shop’s clock', () => {
  const noon = '2026-01-28T12:15:00Z';
  expect(format.timeOfDay(noon, 'Europe/Berlin', 'de-DE')).toBe('13:15');
  expect(plain(format.timeOfDay(noon, 'America/Los_Angeles', 'en-US'))).toBe('4:15 AM');
});

test('an hour is named by its two ends', () => {
  expect(plain(format.hourRange(15, 'en-US'))).toBe('3 – 4 PM');
  expect(plain(format.hourRange(11, 'en-US'))).toBe('11 AM – 12 PM');
  expect(format.hourRange(15, 'de-DE')).toContain('15');
  expect(format.hourRange(15, 'es-ES')).toBe('15–16 h');
  expect(plain(format.hourRange(15, 'es-MX'))).toMatch(/p\.m\.$/);
  expect(format.hourRange(23, 'es-ES')).toBe('23 – 0 h');
  expect(plain(format.hourRange(23, 'en-US'))).toBe('11 PM – 12 AM');
});

test('days are read as civil days, wherever the reader is', () => {
  expect(format.dayName('2026-11-20', 'en-GB')).toBe('Friday 20 November');
  expect(format.weekday('2026-11-20', 'en-GB')).toBe('Friday');
});

test.each([
  [112, 100, '12% more than last Friday'],
  [75, 100, '25% fewer than last Friday'],
  [100, 100, 'As many as last Friday'],
  [10_001, 10_000, 'As many as last Friday'],
  [200, 100, '100% more than last Friday'],
  [201, 100, 'From 100 to 201, against last Friday'],
  [500, 1, 'From 1 to 500, against last Friday'],
  [0, 12, 'From 12 to 0, against last Friday'],
  [5, 0, 'From 0 to 5, against last Friday'],
  [0, 0, 'As many as last Friday'],
])('%s against %s: %s', (now, before, words) => {
  expect(format.comparison(now, before, 'last Friday', 'en-GB')).toBe(words);
});

test.each([
  ['en', [], /^en-(GB|US)$/],
  ['en', ['de-DE', 'en-US'], /^en-US$/],
  ['en', ['en-CA', 'fr-CA'], /^en-CA$/],
  ['en', ['de-DE'], /^en-GB$/],
  ['en', ['hi-IN'], /^en-US$/],
  // what a browser must not say, and some say
  ['en', ['en_US', 'C', ''], /^en-(GB|US)$/],
  ['de', ['en-US', 'de-AT'], /^de-AT$/],
  ['de', ['en-US'], /^de$/],
  ['es', ['de-DE', 'es-MX', 'es-ES'], /^es-MX$/],
] as const)('words in %s for a reader of %j are as %s writes them', (language, locales, wanted) => {
  expect(format.localeOf(language, locales)).toMatch(wanted);
});

test('how far a clock is off', () => {
  const words = [1000, 240_000, 3_590_000, 86_400_000, 2 * 365 * 86_400_000].map((ms) =>
    format.span(ms, 'en-GB'),
  );
  expect(words).toEqual(['1 minute', '4 minutes', '1 hour', '1 day', '2 years']);
});

test('a share of nothing is nothing', () => {
  expect(format.percent(0, 0, 'en-GB')).toBe('0%');
  expect(format.percent(1, 3, 'en-GB')).toBe('33%');
  expect(format.percent(1, 300, 'en-GB')).toBe('< 1%');
  expect(format.percent(0, 300, 'en-GB')).toBe('0%');
});

test.each([
  [0, '0:00'],
  [-5, '0:00'],
  [7_400, '0:07'],
  [61_000, '1:01'],
  [3_723_000, '1:02:03'],
])('%s ms last %s', (ms, words) => {
  expect(technical.duration(ms)).toBe(words);
});

test('short spans are shown in tenths', () => {
  expect(plain(technical.elapsed(440, 'en-GB'))).toBe('0.4s');
  expect(technical.elapsed(61_000, 'en-GB')).toBe('1:01');
});

test('durations never show 60 seconds', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e8 }), (ms) => {
      expect(technical.duration(ms)).toMatch(/^(\d+:)?[0-5]?\d:[0-5]\d$/);
    }),
  );
});

test.each([
  [8_388_608, '8 MB'],
  [1_572_864, '1.5 MB'],
  [524_288, '512 KB'],
])('%s bytes are %s', (n, words) => {
  expect(technical.bytes(n)).toBe(words);
});

test('moments are relative up to a day', () => {
  const now = Date.UTC(2026, 10, 20, 12);
  expect(format.ago(now - 10_000, now, 'en-GB')).toBe('just now');
  expect(format.ago(now - 240_000, now, 'en-GB')).toBe('4 minutes ago');
  expect(format.ago(now - 7_200_000, now, 'en-GB')).toBe('2 hours ago');
  expect(format.ago(now - 172_800_000, now, 'en-GB')).toBe('18 Nov 2026');
});

test('moments in words name their zone, and seconds where there are some', () => {
  expect(technical.utcText('2026-01-28T12:00:00Z')).toBe('28 Jan 2026, 12:00 UTC');
  expect(technical.utcText('2026-01-28T12:00:07Z')).toBe('28 Jan 2026, 12:00:07 UTC');
});
