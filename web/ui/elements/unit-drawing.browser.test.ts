import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { LED_LOOKS, LED_TURN_MS } from '../../../shared/console/led.ts';
import type { LedPattern } from '../../../shared/console/records.ts';
import { change, mount } from '../testing/mount.ts';
import { ledWords } from './unit-drawing.ts';

const light = (element: Element) =>
  element.shadowRoot?.querySelector('g:has(.glow)')?.getAttribute('class') ?? null;
const picture = () => page.getByRole('img').element().getAttribute('aria-label');

test('dark and silent at first', async () => {
  const element = await mount('jb-unit-drawing');
  expect([picture(), light(element)]).toEqual(['The unit. Its light is off', null]);
  expect(element.shadowRoot?.querySelector('.cable')).not.toBeNull();
});

test.each(Object.keys(LED_LOOKS) as LedPattern[])('%s is played and described', async (pattern) => {
  const words = ledWords(pattern);
  const element = await mount('jb-unit-drawing', { pattern });
  expect(picture()).toBe(`The unit. Its light is ${words}`);
  const names = light(element)?.split(' ') ?? [];
  const { hue, shortMs } = LED_LOOKS[pattern];
  expect(names.slice(0, 2)).toEqual(['named', hue]);
  expect(words.startsWith(hue)).toBe(true);
  expect(words.includes('three seconds')).toBe(shortMs === 3000);
  expect(names.includes('slow')).toBe(words.includes('slowly'));
  expect(names.includes('fast')).toBe(words.includes('fast'));
  expect(names.includes('pulse')).toBe(words.includes('pulsing'));
});

test.each([
  ['searching', LED_TURN_MS.slow],
  ['failed', LED_TURN_MS.fast],
  ['updating', LED_TURN_MS.pulse],
] as const)('%s is played with a turn of %i ms, as the unit does', async (pattern, turnMs) => {
  const element = await mount('jb-unit-drawing', { pattern });
  const group = element.shadowRoot?.querySelector('g:has(.glow)');
  expect(group && getComputedStyle(group).animationDuration).toBe(`${turnMs / 1000}s`);
});

test('a colour of the diode itself goes before the pattern, at full strength', async () => {
  const element = await mount('jb-unit-drawing', { led: { r: 0, g: 10, b: 0 }, pattern: 'failed' });
  const group = element.shadowRoot?.querySelector<SVGElement>('g:has(.glow)');
  expect(group?.style.fill).toBe('rgb(40, 255, 40)');
  await change(element, { led: { r: 0, g: 3, b: 0 } });
  expect(element.shadowRoot?.querySelector('.glow')).toBeNull();
});

test('unplugged there is no cable and no light, whatever it showed', async () => {
  const element = await mount('jb-unit-drawing', { pattern: 'connected', plugged: false });
  expect(picture()).toBe('The unit, unplugged');
  expect(element.shadowRoot?.querySelector('.cable')).toBeNull();
  expect(element.shadowRoot?.querySelector('.glow')).toBeNull();
});

test('who wants no motion sees none', async () => {
  const element = await mount('jb-unit-drawing', { pattern: 'searching' });
  const sheets = element.shadowRoot?.adoptedStyleSheets ?? [];
  const rules = sheets.flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText));
  const still = rules.find((rule) => rule.includes('prefers-reduced-motion'));
  expect(still).toMatch(/\.slow.*animation: .*none/s);
});
