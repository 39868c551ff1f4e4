import { expect, test } from 'vitest';
import { change, mount, text } from '../testing/mount.ts';
import './scale-bars.ts';

const row = (label: string, value: number, note = '') => ({
  label,
  note,
  value,
  colour: '--zone-1',
});
const widths = (element: Element) =>
  [...(element.shadowRoot?.querySelectorAll<HTMLElement>('.bar') ?? [])].map((bar) =>
    Math.round((100 * bar.offsetWidth) / (bar.parentElement?.offsetWidth ?? 1)),
  );

test('each row has its share of the whole, as a figure and as a bar', async () => {
  const element = await mount('jb-scale-bars', { rows: [row('Near', 30), row('Far', 90)] });
  expect(text(element)).toMatch(/^Near 25\s?% Far 75\s?%$/);
  expect(widths(element)).toEqual([25, 75]);
  await change(element, { rows: [row('Near', 30)] });
  expect(widths(element)).toEqual([100]);
});

test('nothing at all is no division by zero, and no bar', async () => {
  const element = await mount('jb-scale-bars', { rows: [row('Near', 0), row('Far', 0)] });
  expect(text(element)).not.toMatch(/NaN|Infinity/);
  expect(widths(element)).toEqual([0, 0]);
});

test('a share that is almost nothing can still be seen', async () => {
  const element = await mount('jb-scale-bars', { rows: [row('Near', 1), row('Far', 100_000)] });
  expect(element.shadowRoot?.querySelector<HTMLElement>('.bar')?.offsetWidth).toBe(2);
});

test('label and note are apart for whoever hears them', async () => {
  const element = await mount('jb-scale-bars', { rows: [row('Passing', 1, 'under a minute')] });
  expect(element.shadowRoot?.querySelector('dt')?.textContent).toBe('Passing, under a minute');
});
