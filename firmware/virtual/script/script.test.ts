import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomScript } from './random-script.ts';
import { EVENTS_MAX, parseScript } from './script.ts';

const DAY_S = 86_400;

test('every random script is one that the schema takes', () => {
  const seeds = fc.record({ seed: fc.nat(), days: fc.integer({ min: 1, max: 30 }) });
  fc.assert(
    fc.property(seeds, (options) => {
      const script = randomScript(options);
      expect(parseScript(JSON.stringify(script))).toEqual(script);
    }),
    { numRuns: 30 },
  );
});

test('the same seed gives the same script, another gives another', () => {
  const of = (seed: number) => randomScript({ seed, days: 30 });
  expect(of(7)).toEqual(of(7));
  expect(of(7)).not.toEqual(of(8));
});

test('a month has every kind of event, and a calm end', () => {
  const { events } = randomScript({ seed: 1, days: 30, calmHours: 12 });
  expect(events.length).toBeGreaterThan(200);
  expect(events.length).toBeLessThan(EVENTS_MAX);
  const kinds = new Set(events.map((event) => event.do));
  expect(kinds.size).toBe(15);
  const ends = events.map((event) => event.at_s + ('for_s' in event ? event.for_s : 0));
  expect(Math.max(...ends)).toBeLessThanOrEqual(29.5 * DAY_S + 1);
});

test.each([
  ['{', 'not JSON'],
  ['{"format":2,"events":[]}', 'format'],
  ['{"format":1,"events":[{"do":"flood","at_s":1}]}', 'events.0'],
  ['{"format":1,"events":[{"do":"signal","at_s":1,"for_s":5,"csq":100}]}', 'events.0.csq'],
  ['{"format":1,"events":[{"do":"tower_lost","at_s":1}]}', 'events.0.for_s'],
  ['{"format":1,"events":[{"do":"brown_out","at_s":-1}]}', 'events.0.at_s'],
])('says what is wrong with %s', (text, words) => {
  expect(() => parseScript(text)).toThrow(words);
});
