import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { sha256Hex } from '../../../shared/hash.ts';
import { change, drawn, mount } from '../testing/mount.ts';
import './chart-hours.ts';

const hour = (label: string, visits: number | null, before: number | null = null) => ({
  label,
  range: `${label}:00 to ${label}:59`,
  visits,
  before,
});
const HOURS = [hour('9', 4, 8), hour('10', null), hour('11', 12, 6)];

const canvas = (element: Element) => element.shadowRoot?.querySelector('canvas');

/** The picture's pixels, once Chart.js has drawn. */
async function pixels(element: Element): Promise<Uint8ClampedArray> {
  await new Promise((resolve) => setTimeout(resolve, 250));
  const found = canvas(element);
  const context = found?.getContext('2d');
  if (!found || !context) throw new Error('There is no canvas.');
  return context.getImageData(0, 0, found.width, found.height).data;
}

/** How many are not empty. */
async function ink(element: Element): Promise<number> {
  const data = await pixels(element);
  return data.filter((value, at) => at % 4 === 3 && value !== 0).length;
}

/** The same for the same picture only. */
const mark = async (element: Element) => sha256Hex(new Uint8Array(await pixels(element)));

const chart = (properties: Record<string, unknown> = {}) =>
  mount('jb-chart-hours', { hours: HOURS, against: 'Friday before', ...properties });

test('the chart is one picture with one sentence for those who do not see it', async () => {
  const element = await chart({ summary: 'Busiest from 11 to 12.' });
  await expect.element(page.getByRole('img', { name: 'Busiest from 11 to 12.' })).toBeVisible();
  await change(element, { summary: 'Nobody came.' });
  await expect.element(page.getByRole('img', { name: 'Nobody came.' })).toBeVisible();
});

test('other hours draw another picture on the same canvas', async () => {
  const element = await chart();
  const before = canvas(element);
  const few = await ink(element);
  await change(element, { hours: HOURS.map((h) => ({ ...h, visits: 12, before: 12 })) });
  expect(await ink(element)).toBeGreaterThan(few);
  expect(canvas(element)).toBe(before);
});

test('the same hours, made anew, are not drawn again; one that differs is', async () => {
  const element = await chart();
  const found = canvas(element);
  const context = found?.getContext('2d');
  context?.clearRect(0, 0, found?.width ?? 0, found?.height ?? 0);
  await change(element, { hours: HOURS.map((h) => ({ ...h })) });
  expect(await ink(element)).toBe(0);
  await change(element, { hours: HOURS.with(1, hour('10', 3)) });
  expect(await ink(element)).toBeGreaterThan(0);
});

test('its place grows at whatever frame after other hours, and it with that', async () => {
  const element = await chart();
  const found = canvas(element);
  // Chart.js loses a size that comes as an animation ends: there must be none
  for (let frames = 1; frames <= 14; frames++) {
    const width = 300 + 20 * frames;
    await change(element, { hours: HOURS.map((h) => ({ ...h, visits: width })) });
    for (let frame = 0; frame < frames; frame++) await new Promise(requestAnimationFrame);
    element.style.width = `${width}px`;
    await expect.poll(() => found?.clientWidth, { message: `frame ${frames}` }).toBe(width);
  }
});

test('taken off the page and put back, it draws again', async () => {
  const element = await chart();
  const drawnBefore = await ink(element);
  element.remove();
  document.body.append(element);
  await drawn(element);
  expect(await ink(element)).toBeGreaterThan(drawnBefore / 2);
});

test('a year of hours is drawn as its days, and only a day without any hour is a gap', async () => {
  const visits = (at: number) => (at < 24 || at % 24 === 3 ? null : (at % 7) + 1);
  const year = Array.from({ length: 365 * 24 }, (_, at) => hour('', visits(at), at % 5));
  const days = Array.from({ length: 365 }, (_, day) => {
    const hours = year.slice(day * 24, (day + 1) * 24);
    const all = (counts: (number | null)[]) => counts.reduce<number>((sum, n) => sum + (n ?? 0), 0);
    return hour(
      '',
      day === 0 ? null : all(hours.map((h) => h.visits)),
      all(hours.map((h) => h.before)),
    );
  });
  const drawnYear = await mark(await chart({ hours: year }));
  expect(await mark(await chart({ hours: days }))).toBe(drawnYear);
  const other = days.with(9, hour('', 0));
  expect(await mark(await chart({ hours: other }))).not.toBe(drawnYear);
});

test('on a dark screen it is drawn for white paper, and for the screen again', async () => {
  const element = await chart();
  element.style.colorScheme = 'dark';
  window.dispatchEvent(new Event('afterprint'));
  const screen = await mark(element);
  window.dispatchEvent(new Event('beforeprint'));
  expect(await mark(element)).not.toBe(screen);
  window.dispatchEvent(new Event('afterprint'));
  expect(await mark(element)).toBe(screen);
});
