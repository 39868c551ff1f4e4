/** The facts of the light stand in C++, in TypeScript and in a document: none changes alone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LED_LOOKS, LED_TURN_MS, type LedHue, type LedRhythm } from './led.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Rows of `kLooks`: name, colour, bright ms, the rest of the turn ms, its colour, shown for ms. */
const ROW = /\{"(\w+)", 0x([\dA-F]{6}), (\d+), (\d+), (?:0x([\dA-F]{6})|0)(?:, (\d+))?\},/g;
const HUES: Record<string, LedHue> = {
  rb: 'purple',
  r: 'red',
  g: 'green',
  gb: 'cyan',
  b: 'blue',
  rg: 'yellow',
  rgb: 'white',
};

/** By the channels that are at least half as bright as the brightest. */
function hueOf(rgb: string): LedHue | undefined {
  const channels = [0, 2, 4].map((at) => Number.parseInt(rgb.slice(at, at + 2), 16));
  const brightest = Math.max(...channels);
  return HUES[['r', 'g', 'b'].filter((_, i) => (channels[i] ?? 0) * 2 >= brightest).join('')];
}

function rhythmOf(bright: number, rest: number, dims: boolean): LedRhythm | undefined {
  if (bright === 0 && rest === 0 && !dims) return 'steady';
  if (bright !== rest) return;
  const turn = bright + rest;
  if (dims) return turn === LED_TURN_MS.pulse ? 'pulse' : undefined;
  if (turn === LED_TURN_MS.slow) return 'slow';
  return turn === LED_TURN_MS.fast ? 'fast' : undefined;
}

const rows = [...read('firmware/core/led/led.cc').matchAll(ROW)].map(
  ([, name = '', rgb = '', bright, rest, dim, short]) => ({ name, rgb, bright, rest, dim, short }),
);

test('the unit plays each pattern in its colour and rhythm', () => {
  const played = rows.map(({ name, rgb, bright, rest, dim, short }) => {
    const rhythm = rhythmOf(Number(bright), Number(rest), dim !== undefined);
    const look = { hue: hueOf(rgb), rhythm };
    return [name, short === undefined ? look : { ...look, shortMs: Number(short) }];
  });
  expect(Object.fromEntries(played)).toEqual(LED_LOOKS);
  for (const { rgb, dim } of rows) if (dim) expect(hueOf(dim)).toBe(hueOf(rgb));
});

// The table is indexed by the enumeration: one out of place would show another's colour.
test('the unit’s table has the order of its patterns’ names', () => {
  const [, names = ''] = /enum class LedPattern[^{]*\{([^}]*)\}/.exec(
    read('firmware/core/led/led.h'),
  ) ?? [''];
  const spelt = [...names.matchAll(/k(\w+)/g)].map(([, name = '']) =>
    name.replace(/(?<=.)[A-Z]/g, '_$&').toLowerCase(),
  );
  expect(rows.map(({ name }) => name)).toEqual(spelt);
});

test('the document tells the same', () => {
  const documented = read('docs/formats/console.md')
    .split('\n')
    .filter((line) => /^\| `\w+` +\| \w+ +\| (steady|slow|fast|pulse) /.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, 5)
        .map((cell) => cell.trim()),
    );
  const wanted = Object.entries(LED_LOOKS).map(([name, { hue, rhythm, shortMs }]) => [
    `\`${name}\``,
    hue,
    rhythm,
    shortMs === undefined ? '' : `${shortMs} ms`,
  ]);
  expect(documented).toEqual(wanted);
  for (const [rhythm, turn] of Object.entries(LED_TURN_MS)) {
    expect(read('docs/formats/console.md')).toContain(`_${rhythm}_ takes ${turn} ms`);
  }
});
