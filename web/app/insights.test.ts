import { describe, expect, test } from 'vitest';
import type { Insights, WeekInsights } from '../../shared/contracts/insights.ts';
import type { Location } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';
import { addDays, civilDate } from '../../shared/metrics/time-zone.ts';
import {
  type DayChoice,
  type InsightsCache,
  type InsightsPortal,
  InsightsView,
} from './insights.ts';
import { insightsOf, weekInsightsOf } from './testing/insights-of.ts';

const BERLIN: Location = { id: 'hafen', name: 'Hafen Café', time_zone: 'Europe/Berlin' };
const MISSION: Location = { id: 'mission', name: 'Corner Books', time_zone: 'America/Los_Angeles' };
/** Half past midnight in Berlin, still the day before in California. */
const NOW = Date.parse('2026-11-19T23:30:00Z');

function insights(location: Location, day: string, visitors: number | null): Insights {
  return insightsOf([], { location, day, visitors });
}

/** Keeps what it is given, per person, as the real one does. */
class MemoryCache implements InsightsCache {
  readonly kept = new Map<string, unknown>();
  async locations(user: string) {
    return (this.kept.get(user) as Location[]) ?? null;
  }
  async putLocations(user: string, locations: Location[]) {
    this.kept.set(user, locations);
  }
  async newest(user: string, id: string, upTo = '9') {
    const days = [...this.kept.keys()].filter((key) => key.startsWith(`${user} ${id} `)).sort();
    const key = days.findLast((k) => k <= `${user} ${id} ${upTo}`);
    return (this.kept.get(key ?? '') as Insights) ?? null;
  }
  async putInsights(user: string, i: Insights) {
    this.kept.set(`${user} ${i.location.id} ${i.day}`, i);
  }
  async newestWeek(user: string, id: string, upTo = '9') {
    return (await this.newest(user, `week-${id}`, upTo)) as unknown as WeekInsights | null;
  }
  async putWeek(user: string, w: WeekInsights) {
    this.kept.set(`${user} week-${w.location.id} ${w.to}`, w);
  }
}

/** A backend whose answers wait until the test lets them go. */
class SlowPortal implements InsightsPortal {
  locationsList: Location[] = [BERLIN, MISSION];
  away = false;
  visitors = 100;
  visitorsOn: (day: DayChoice) => number | null = () => this.visitors;
  weekBefore: number | null = null;
  opens_at: string | null = null;
  /** By the server's clock. */
  now = NOW;
  readonly asked: string[] = [];
  gate: Promise<void> = Promise.resolve();

  /** What the next question for locations waits for. */
  listGate: Promise<void> = Promise.resolve();

  async locations() {
    await this.listGate;
    if (this.away) throw new AppError('unavailable', 'away');
    return this.locationsList;
  }
  async insights(id: string, day: DayChoice) {
    this.asked.push(`${id} ${day}`);
    const visitors = this.visitorsOn(day);
    await this.gate;
    if (this.away) throw new AppError('unavailable', 'away');
    const location = this.locationsList.find((l) => l.id === id) ?? BERLIN;
    const today = civilDate(this.now, location.time_zone);
    const date = day === 'yesterday' ? addDays(today, -1) : day;
    const found = insights(location, day === 'today' ? today : date, visitors);
    if (this.weekBefore === null) return { ...found, opens_at: this.opens_at };
    const both = { visitors: visitors ?? 0, visitors_week_before: this.weekBefore };
    return { ...found, comparison: { until: found.as_of, has_gaps: false, ...both } };
  }
  async week(id: string, day: DayChoice, _signal?: AbortSignal, against = '') {
    this.asked.push(`${id} week ${day} ${against}`.trim());
    if (this.away) throw new AppError('unavailable', 'away');
    return weekInsightsOf([], { location: BERLIN, to: day === 'today' ? '2026-11-20' : day });
  }
}

function start(userId: string | null = 'ann') {
  const portal = new SlowPortal();
  const cache = new MemoryCache();
  const device = { now: NOW };
  const clock = { now: () => device.now };
  const open = () => new InsightsView({ portal, cache, userId: () => userId, clock });
  return { portal, cache, device, open, view: open() };
}

const DAY = 86_400_000;

test('which day is today is the server’s to say, whatever this device’s clock says', async () => {
  const { portal, view, device, cache } = start();
  device.now += 730 * DAY;
  await view.open('hafen');
  expect(view.state.value.insights?.day).toBe('2026-11-20');
  await view.open('mission');
  expect(view.state.value.insights?.day).toBe('2026-11-19');
  await view.open('mission', 'yesterday');
  expect(portal.asked).toEqual(['hafen today', 'mission today', 'mission yesterday']);
  expect([...cache.kept.keys()]).toContain('ann mission 2026-11-18');
});

describe('without a network', () => {
  test('the newest day that is kept is there at once, whatever day it is', async () => {
    const { portal, view, device, open } = start();
    await view.open('hafen');
    await view.open('hafen', 'yesterday');
    portal.away = true;
    for (const later of [0, 0.4, 1, 400, -3]) {
      let release = () => {};
      portal.listGate = new Promise((resolve) => {
        release = resolve;
      });
      device.now = NOW + later * DAY;
      const after = open();
      const done = after.open('hafen');
      await new Promise((resolve) => setTimeout(resolve));
      expect(after.state.value).toMatchObject({ remembered: true, loading: true });
      expect(after.state.value.insights?.day).toBe('2026-11-20');
      release();
      await done;
      expect(after.state.value.insights?.day).toBe('2026-11-20');
    }
  });

  test('yesterday is the newest kept day before today', async () => {
    const { portal, view, device, open } = start();
    await view.open('hafen');
    await view.open('hafen', 'yesterday');
    portal.away = true;
    const shown = async (later: number) => {
      device.now = NOW + later * DAY;
      const after = open();
      await after.open('hafen', 'yesterday');
      return after.state.value.insights?.day;
    };
    expect(await shown(0)).toBe('2026-11-19');
    expect(await shown(1)).toBe('2026-11-20');
    expect(await shown(5)).toBe('2026-11-20');
    expect(await shown(-9)).toBeUndefined();
  });
});

test('a second visit shows the remembered numbers before the backend answers', async () => {
  const { portal, open, view } = start();
  await view.open('hafen');
  let release = () => {};
  portal.gate = new Promise((resolve) => {
    release = resolve;
  });
  portal.visitors = 120;
  const again = open();
  const done = again.open('hafen');
  await new Promise((resolve) => setTimeout(resolve));
  expect(again.state.value).toMatchObject({ remembered: true, loading: true });
  expect(again.state.value.insights?.visitors).toBe(100);
  release();
  await done;
  expect(again.state.value).toMatchObject({ remembered: false, loading: false, error: null });
  expect(again.state.value.insights?.visitors).toBe(120);
});

test('offline, the remembered numbers stay and the error says why they are old', async () => {
  const { portal, open, view } = start();
  await view.open('hafen');
  portal.away = true;
  const again = open();
  await again.open('hafen');
  expect(again.state.value.insights?.visitors).toBe(100);
  expect(again.state.value).toMatchObject({ remembered: true, loading: false });
  expect(again.state.value.error?.code).toBe('unavailable');
});

test('a failed refresh keeps what is shown', async () => {
  const { portal, view } = start();
  await view.open('hafen');
  portal.away = true;
  await view.refresh();
  expect(view.state.value.insights?.visitors).toBe(100);
  expect(view.state.value.error?.code).toBe('unavailable');
});

test('while it is tried again, why it failed stays; for something else it goes', async () => {
  const { portal, view } = start();
  portal.away = true;
  await view.open('hafen');
  const again = view.refresh();
  expect(view.state.value).toMatchObject({ loading: true, error: { code: 'unavailable' } });
  await again;
  portal.away = false;
  await view.refresh();
  expect(view.state.value.error).toBeNull();
  portal.away = true;
  await view.refresh();
  const other = view.open('hafen', 'yesterday');
  expect(view.state.value.error).toBeNull();
  await other;
});

test('the latest choice wins, however late the earlier answer comes', async () => {
  const { portal, view } = start();
  let release = () => {};
  portal.gate = new Promise((resolve) => {
    release = resolve;
  });
  const first = view.open('hafen');
  await new Promise((resolve) => setTimeout(resolve));
  portal.gate = Promise.resolve();
  await view.open('mission');
  release();
  await first;
  expect(view.state.value.location?.id).toBe('mission');
  expect(view.state.value.insights?.location.id).toBe('mission');
});

test('one person’s numbers are not shown to another', async () => {
  const { cache, view, portal } = start();
  await view.open('hafen');
  portal.away = true;
  const other = new InsightsView({ portal, cache, userId: () => 'bob', clock: { now: () => NOW } });
  await other.open('hafen');
  expect(other.state.value.insights).toBeNull();
});

test('nobody signed in: nothing is asked', async () => {
  const { portal, view } = start(null);
  await view.open('hafen');
  expect(portal.asked).toEqual([]);
});

test('no location, and a location that is not mine', async () => {
  const { portal, view } = start();
  await view.open('elsewhere');
  expect(view.state.value.error?.code).toBe('not_found');
  portal.locationsList = [];
  await view.open();
  expect(view.state.value).toMatchObject({ locations: [], location: null, error: null });
});

describe('weeks, dates and comparisons', () => {
  test('a week is asked for, kept, and there without a network', async () => {
    const { portal, view, open } = start();
    await view.open('hafen', { range: 'week', day: 'today' });
    expect(view.state.value).toMatchObject({ insights: null, range: 'week' });
    expect(view.state.value.week?.visitors).toBe(840);
    expect(portal.asked).toEqual(['hafen week today']);
    portal.away = true;
    const after = open();
    await after.open('hafen', { range: 'week', day: 'today' });
    expect(after.state.value).toMatchObject({ remembered: true, week: { visitors: 840 } });
  });

  test('from a week back to a day, and what it is compared with goes along', async () => {
    const { portal, view } = start();
    await view.open('hafen', { range: 'week', day: '2026-11-15', against: '2026-10-04' });
    await view.open('hafen', { range: 'day', day: 'yesterday', against: null });
    expect(portal.asked).toEqual(['hafen week 2026-11-15 2026-10-04', 'hafen yesterday']);
    expect(view.state.value.week).toBeNull();
    expect(view.state.value.insights?.day).toBe('2026-11-19');
  });

  test('numbers compared with a chosen day are not kept as the day’s own', async () => {
    const { cache, view } = start();
    await view.open('hafen', { day: '2026-11-10', against: '2026-09-01' });
    expect([...cache.kept.keys()]).toEqual(['ann']);
  });

  test('a date that is not kept is not served with another', async () => {
    const { portal, view } = start();
    await view.open('hafen');
    portal.away = true;
    await view.open('hafen', { day: '2026-11-10' });
    expect(view.state.value.insights).toBeNull();
    await view.open('hafen', { day: '2026-11-20' });
    expect(view.state.value.insights?.day).toBe('2026-11-20');
  });
});

describe('before there is something to say of today', () => {
  test('yesterday is in front, and today beside it', async () => {
    const { portal, view, device } = start();
    device.now = portal.now = Date.parse('2026-11-20T07:00:00Z');
    portal.visitorsOn = (day) => (day === 'today' ? 2 : 300);
    await view.open('hafen');
    expect(view.state.value).toMatchObject({ choice: 'today', early: { day: '2026-11-20' } });
    expect(view.state.value.insights).toMatchObject({ day: '2026-11-19', visitors: 300 });
    portal.visitorsOn = () => 60;
    await view.refresh();
    expect(view.state.value).toMatchObject({ early: null, insights: { day: '2026-11-20' } });
  });

  test('before the shop opens many are no trade yet', async () => {
    const { portal, view, device } = start();
    device.now = portal.now = Date.parse('2026-11-20T07:59:00Z');
    portal.visitorsOn = () => 300;
    portal.opens_at = '2026-11-20T08:00:00.000Z';
    await view.open('hafen');
    expect(view.state.value).toMatchObject({ early: { opens_at: portal.opens_at } });
    expect(view.state.value.insights?.day).toBe('2026-11-19');
    device.now += 60_000;
    await view.refresh();
    expect(view.state.value).toMatchObject({ early: null, insights: { day: '2026-11-20' } });
  });

  test('whoever asks for today gets it', async () => {
    const { portal, view, device } = start();
    device.now = portal.now = Date.parse('2026-11-20T07:00:00Z');
    portal.visitorsOn = (day) => (day === 'today' ? 0 : 300);
    await view.open('hafen', 'today');
    expect(view.state.value).toMatchObject({ early: null, insights: { visitors: 0 } });
    await view.refresh();
    expect(view.state.value.insights?.visitors).toBe(0);
  });

  test('in the afternoon few are few, unless few are usual by then', async () => {
    const { portal, view, device, open } = start();
    device.now = portal.now = Date.parse('2026-11-20T14:00:00Z');
    portal.visitorsOn = (day) => (day === 'today' ? 2 : 300);
    await view.open('hafen');
    expect(view.state.value.early).toBeNull();
    portal.weekBefore = 1;
    const bar = open();
    await bar.open('hafen');
    expect(bar.state.value.early?.visitors).toBe(2);
  });

  test('on the first day there is no yesterday to show', async () => {
    const { portal, view, device } = start();
    device.now = portal.now = Date.parse('2026-11-20T07:00:00Z');
    portal.visitorsOn = (day) => (day === 'today' ? 1 : null);
    await view.open('hafen');
    expect(view.state.value).toMatchObject({ early: null, insights: { day: '2026-11-20' } });
  });

  test('a kept morning is no morning the day after', async () => {
    const { portal, view, device, open } = start();
    device.now = portal.now = Date.parse('2026-11-20T07:00:00Z');
    portal.visitorsOn = (day) => (day === 'today' ? 2 : 300);
    await view.open('hafen');
    portal.away = true;
    device.now += DAY;
    const after = open();
    await after.open('hafen');
    expect(after.state.value).toMatchObject({ early: null, insights: { day: '2026-11-20' } });
  });
});

test('all shops together: each is asked, the sum is shown, and kept', async () => {
  const { portal, view, open } = start();
  await view.open('+all', 'yesterday');
  expect(portal.asked).toEqual(['hafen yesterday', 'mission yesterday']);
  expect(view.state.value).toMatchObject({ location: { id: '+all' }, insights: { visitors: 200 } });
  portal.away = true;
  const after = open();
  await after.open('+all', 'yesterday');
  expect(after.state.value).toMatchObject({ remembered: true, insights: { visitors: 200 } });
});

test('whoever has one shop has no sum of several', async () => {
  const { portal, view } = start();
  portal.locationsList = [BERLIN];
  await view.open('+all');
  expect(view.state.value.error?.code).toBe('not_found');
});
