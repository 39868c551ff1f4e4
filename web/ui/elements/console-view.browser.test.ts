import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { ConsoleLine } from '../../app/unit-state.ts';
import { change, drawn, mount, text } from '../testing/mount.ts';
import './console-view.ts';

const line = (seq: number, changes: Partial<ConsoleLine> = {}): ConsoleLine => ({
  seq,
  at: Date.UTC(2026, 0, 28, 12, 0, seq),
  kind: 'log',
  text: `I (${seq}) app: line ${seq}`,
  ...changes,
});
const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => line(from + i));
const log = () => page.getByRole('log', { name: 'Console of the unit' }).element() as HTMLElement;
const toEnd = () => log().scrollHeight - log().scrollTop - log().clientHeight;

/** Until the browser has told of a scroll, which it does once a frame. */
const frames = () =>
  new Promise<void>((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });

test('an empty console says what will appear', async () => {
  const element = await mount('jb-console-view');
  expect(text(element)).toContain('What the unit says appears here.');
  await change(element, { lines: lines(1, 1) });
  expect(text(element)).not.toContain('What the unit says appears here.');
});

test('it follows the newest line', async () => {
  const element = await mount('jb-console-view', { lines: lines(1, 100) });
  expect(toEnd()).toBeLessThan(1);
  await change(element, { lines: lines(1, 200) });
  expect(toEnd()).toBeLessThan(1);
});

test('whoever scrolled up stays there, until the end is reached again', async () => {
  const element = await mount('jb-console-view', { lines: lines(1, 100) });
  await frames();
  log().scrollTop = 100;
  await frames();
  await change(element, { lines: lines(1, 150) });
  expect(log().scrollTop).toBe(100);
  log().scrollTop = log().scrollHeight;
  await frames();
  await change(element, { lines: lines(1, 200) });
  expect(toEnd()).toBeLessThan(1);
});

test('Pause holds the lines and counts what is new; Resume shows it', async () => {
  const element = await mount('jb-console-view', { lines: lines(1, 100) });
  await page.getByRole('button', { name: 'Pause' }).click();
  // old lines go at the same time: the count is by number, not by length
  await change(element, { lines: lines(8, 107) });
  const resume = page.getByRole('button', { name: 'Resume (7 new)' });
  await expect.element(resume).toHaveAttribute('aria-pressed', 'true');
  expect(text(element)).not.toContain('line 107');
  expect(text(element)).toContain('line 1 ');
  await resume.click();
  await drawn(element);
  expect(text(element)).toContain('line 107');
  await expect.element(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  expect(toEnd()).toBeLessThan(1);
});

test('errors and warnings of ESP-IDF stand out, and only in its own lines', async () => {
  const element = await mount('jb-console-view', {
    lines: [
      line(1, { text: 'E (1) modem: no answer' }),
      line(2, { text: 'W (2) modem: weak' }),
      line(3, { text: 'E (3) is no log line', kind: 'note' }),
    ],
  });
  const classes = [...(element.shadowRoot?.querySelectorAll('.line span') ?? [])].map((s) =>
    s.className.trim(),
  );
  expect(classes).toEqual(['log error', 'log warn', 'note']);
});

test('markup from the unit is text', async () => {
  const element = await mount('jb-console-view', {
    lines: [line(1, { text: '<b id="x">bold</b>' })],
  });
  expect(element.shadowRoot?.querySelector('#x')).toBeNull();
  expect(text(element)).toContain('<b id="x">bold</b>');
});

test.each([
  [0, ''],
  [1, 'One record of the unit did not fit'],
  [3, '3 records of the unit did not fit'],
])('%i records that did not fit: %j', async (unrecognized, words) => {
  const element = await mount('jb-console-view', { lines: lines(1, 1), unrecognized });
  if (words) expect(text(element)).toContain(words);
  else expect(text(element)).not.toContain('did not fit');
});

test('the log can be reached and scrolled by keyboard', async () => {
  await mount('jb-console-view', { lines: lines(1, 100) });
  expect(log().tabIndex).toBe(0);
});
