import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { StartReason } from '../../../shared/contracts/start-reason.ts';
import { AppError } from '../../../shared/errors.ts';
import { isoTimeMs } from '../../../shared/time.ts';
import { SensorPast } from '../../app/sensor-past.ts';
import { historyOf, PastStandIn, readingsOf } from '../../app/testing/sensor-past.ts';
import { MemoryAnswers } from '../../app/testing/shop-portal.ts';
import { reasonWords } from '../health-words.ts';
import { mount, settled, text } from '../testing/mount.ts';
import './sensor-past.ts';
import './sensor-trail.ts';

const NOW = Date.parse('2026-11-30T12:04:00Z');
const HOUR_MS = 3_600_000;
const HOSTILE = `<img src=x onerror="alert(1)">\u202e${'x'.repeat(170)}`;

async function shown(portal = new PastStandIn(), cache = new MemoryAnswers()) {
  const past = new SensorPast({ portal, cache, userId: () => 'id-ada', now: () => NOW });
  const timeZone = 'Europe/Berlin';
  const element = await mount('jb-sensor-past', { past, device: 'JBNB0001', timeZone });
  const done = async () => {
    for (let i = 0; i < 8; i += 1) await settled(element);
  };
  await done();
  return { element, portal, past, cache, done };
}

const beat = (received_at: string, free_kib?: number, free_min_kib?: number) => ({
  ...{ received_at, firmware: '6.0.0', uptime_s: 60, cell_rssi_dbm: -80, battery_pct: null },
  ...{ free_kib, free_min_kib },
});
/** Newest first. */
const BEATS = [
  beat('2026-11-30T08:00:00Z', 120, 96),
  beat('2026-11-29T08:00:00Z', 150, 110),
  beat('2026-11-28T08:00:00Z'),
];

/** A week with something in it, and things that happened. */
function busy(): PastStandIn {
  const portal = new PastStandIn();
  portal.pages = [
    historyOf({
      first_at: '2026-10-01T00:00:00Z',
      readings: readingsOf(600, NOW),
      heartbeats: BEATS,
      restarts: [
        { at: '2026-11-29T08:00:00Z', ran_s: 2 * 86_400 },
        { at: '2026-11-28T08:00:00Z', ran_s: 3600, reason: 'brownout' },
      ],
      firmware: [
        { version: HOSTILE, since: '2026-11-29T08:00:30Z' },
        { version: '5.9.0', since: null },
      ],
    }),
  ];
  portal.alerts = [
    {
      ...{ device_id: 'JBNB0001', name: null, location_id: 'bakery', kind: 'silent' as const },
      ...{ started: 1, started_at: '2026-11-28T09:00:00Z', ended_at: '2026-11-28T12:00:00Z' },
      ...{ detail: '', acknowledged_at: null, acknowledged_by: null },
    },
  ];
  return portal;
}

/** Pixels of the pictures that are not empty. */
function ink(element: Element): number[] {
  const charts = [...(element.shadowRoot?.querySelectorAll('jb-chart-line') ?? [])];
  return charts.map((chart) => {
    const canvas = chart.shadowRoot?.querySelector('canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return 0;
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, at) => at % 4 === 3 && value !== 0).length;
  });
}

test('a week in charts, each with its answer in words, and what happened', async () => {
  const { element, portal, done } = await shown(busy());
  expect(portal.asked).toEqual(['history JBNB0001 2026-11-23T23:00 2026-11-30T23:00 null']);
  const words = text(element);
  expect(words).toContain('How well is it connected?');
  expect(words).toContain('Between −90 dBm and −80 dBm.');
  expect(words).toContain('At most 4 readings waited.');
  expect(words).toContain('None was left out.');
  expect(words).toContain('Started anew, after it had run for 2 days 29 Nov');
  expect(words).toContain('Started anew, after it had run for 1 hour. Its voltage fell too low.');
  expect(words).toContain('Between 120 KB and 150 KB were free; the lowest was 96 KB.');
  expect(words).not.toContain('times in this time');
  expect(words).toContain('Not heard for a day, for 3 hours');
  expect(words).toContain('Before anything that is kept it had firmware 5.9.0');
  await done();
  expect(ink(element).every((pixels) => pixels > 200)).toBe(true);
  const picture = page.getByRole('img', { name: /How well is it connected\? Between/ });
  await expect.element(picture).toBeVisible();
});

test('what a unit calls itself is text', async () => {
  const { element } = await shown(busy());
  expect(text(element)).toContain(`First heard with firmware ${HOSTILE}`);
  expect(element.shadowRoot?.querySelector('img')).toBeNull();
  const name = [...(element.shadowRoot?.querySelectorAll('bdi') ?? [])];
  expect(name.some((one) => one.textContent === HOSTILE)).toBe(true);
});

test('the same numbers as a table, hours without a reading as dashes', async () => {
  const { element, done } = await shown(busy());
  await page.getByText('The same numbers as a table').click();
  await done();
  const rows = [...(element.shadowRoot?.querySelectorAll('tbody tr') ?? [])];
  expect(rows).toHaveLength(7 * 24);
  const cells = (row: Element | undefined) => [...(row?.children ?? [])].map((c) => c.textContent);
  // newest first: the day goes on until eleven in the evening, UTC
  expect(cells(rows[0]).slice(1)).toEqual(['0', '–', '–', '–', '–', '–', '–']);
  const busyHour = cells(rows[11]);
  expect(busyHour[1]).toBe('12');
  expect(busyHour[3]).toMatch(/^−8\d dBm$/);
  // nine in Berlin
  const told = rows.map((row) => cells(row).at(-1)).filter((cell) => cell !== '–');
  expect(told).toEqual(['120 KB', '150 KB']);
});

test('what comes again and again is told with what to do', async () => {
  const portal = busy();
  const at = (day: number) => `2026-11-${day}T08:00:00Z`;
  const restarts = (['power', 'brownout', 'crash', 'watchdog', 'power', 'crash'] as const).map(
    (reason, i) => ({ at: at(29 - i), ran_s: 3600, reason }),
  );
  portal.pages = [historyOf({ ...portal.pages[0], restarts })];
  const words = text((await shown(portal)).element);
  expect(words).toContain('It lost its power 3 times in this time. See to its plug');
  expect(words).toContain('Its program failed 3 times in this time. Newer firmware may help');
});

test('every reason has its own words', () => {
  const words = StartReason.options.map(reasonWords);
  expect(new Set(words).size).toBe(StartReason.options.length);
  expect(words.every((one) => one.length > 10)).toBe(true);
});

test('other spans, earlier and later, as far as anything is kept', async () => {
  const given = busy();
  given.pages = [historyOf({ ...given.pages[0], first_at: '2026-10-05T00:00:00Z' })];
  const { portal, done, past } = await shown(given);
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  await expect.element(button('Later')).toHaveAttribute('aria-disabled', 'true');
  await button('Earlier').click();
  await done();
  expect(portal.asked.at(-1)).toBe('history JBNB0001 2026-11-16T23:00 2026-11-23T23:00 null');
  await button('Later').click();
  await button('Day').click();
  await done();
  expect(portal.asked.at(-1)).toBe('history JBNB0001 2026-11-29T23:00 2026-11-30T23:00 null');
  await button('Everything').click();
  await done();
  expect(past.hasEarlier).toBe(false);
  await button('Month').click();
  await done();
  await button('Earlier').click();
  await done();
  // the first thing that is kept is of the second month
  await expect.element(button('Earlier')).toHaveAttribute('aria-disabled', 'true');
});

test('pages of one span become one, and all of it is kept', async () => {
  const portal = busy();
  const older = historyOf({ first_at: null, readings: readingsOf(300, NOW - 600 * 300_000) });
  portal.pages = [...portal.pages, older];
  const { past, cache } = await shown(portal);
  const { known, loading } = past.state.value;
  expect([known?.history.readings.start_s.length, loading]).toEqual([900, false]);
  const starts = known?.history.readings.start_s ?? [];
  expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  expect([...cache.kept.keys()]).toEqual(['past JBNB0001']);
});

test('without a network what was looked at last, and as of when', async () => {
  const cache = new MemoryAnswers();
  await shown(busy(), cache);
  const portal = new PastStandIn();
  portal.failing = new AppError('unavailable', 'No network.');
  const { element } = await shown(portal, cache);
  const words = text(element);
  expect(words).toContain('How well is it connected?');
  expect(words).toContain('as of');
  expect(words).toContain('Try again');
});

test('nothing yet, nothing in this time, one point', async () => {
  const { element } = await shown();
  expect(text(element)).toContain('Nothing has come from this sensor yet.');
  const first_at = '2026-10-01T00:00:00Z';
  const quiet = new PastStandIn();
  quiet.pages = [historyOf({ first_at })];
  expect(text((await shown(quiet)).element)).toContain('No reading came in this time.');
  const one = new PastStandIn();
  one.pages = [historyOf({ first_at, readings: readingsOf(1, NOW) })];
  const { element: point, done } = await shown(one);
  expect(text(point)).toContain('One reading came in this time');
  await done();
  expect(ink(point)[1]).toBeGreaterThan(100);
});

test('an installer sees how it reports, and no figure of people', async () => {
  const portal = busy();
  const { visits: _, ...signs } = readingsOf(600, NOW);
  portal.pages = [historyOf({ ...portal.pages[0], readings: signs })];
  const { element } = await shown(portal);
  expect(text(element)).toContain('Does it report?');
  expect(text(element)).not.toMatch(/[Vv]isit/);
});

test.each([
  ['a month', 31 * 288],
  ['a year', 365 * 288],
])('%s is drawn without a task that anybody feels', async (_name, count) => {
  const portal = busy();
  portal.pages = [
    historyOf({ first_at: isoTimeMs(NOW - count * 300_000), readings: readingsOf(count, NOW) }),
  ];
  const { past, done } = await shown(portal);
  // The shortest of several: the machine may be busy with something else.
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i += 1) {
    const tasks: number[] = [];
    const watch = new PerformanceObserver((list) => {
      tasks.push(...list.getEntries().map(({ duration }) => duration));
    });
    watch.observe({ type: 'longtask' });
    await past.choose('all');
    await done();
    await new Promise((resolve) => setTimeout(resolve, 100));
    watch.disconnect();
    shortest = Math.min(shortest, Math.max(0, ...tasks));
  }
  // Tasks under 50 ms are none that the browser calls long.
  expect(shortest).toBe(0);
  expect(past.state.value.known?.history.readings.start_s).toHaveLength(count);
});

test('who changed what, in words, hostile ones as text', async () => {
  const portal = new PastStandIn();
  const change = { id: 1, at: isoTimeMs(NOW - HOUR_MS), before: null, after: null };
  portal.changes = [
    {
      ...{ ...change, action: 'unit.rename', by: { is: 'you', email: null } },
      ...{ before: { name: null }, after: { name: HOSTILE } },
    },
    {
      ...{ ...change, id: 2, action: 'unit.config', by: { is: 'operator', email: null } },
      ...{ before: { rssi_near_threshold: -65 }, after: { rssi_near_threshold: -60 } },
    },
    {
      ...{ ...change, id: 3, action: 'unit.move', by: { is: 'staff', email: 'sam@example.net' } },
      ...{ before: {}, after: { location_id: 'bakery', latitude: 37.8, longitude: -122.4 } },
    },
  ];
  const cache = new MemoryAnswers();
  const parts = { portal, cache, userId: () => 'id-ada', now: () => NOW };
  const trail = async () => {
    const past = new SensorPast(parts);
    const places = new Map([['bakery', 'Bakery']]);
    const element = await mount('jb-sensor-trail', { past, device: 'JBNB0001', places });
    for (let i = 0; i < 4; i += 1) await settled(element);
    return text(element);
  };
  const words = await trail();
  expect(words).toContain(`Renamed Name: ${HOSTILE}. you`);
  expect(words).toContain('In Store: stronger than −65 dBm → stronger than −60 dBm. the operator');
  expect(words).toContain(
    'Moved Place: Bakery. Latitude: 37.8. Longitude: −122.4. sam@example.net',
  );
  portal.failing = new AppError('unavailable', 'No network.');
  expect(await trail()).toBe(words);
});
