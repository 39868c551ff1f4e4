/** Both go between quotes into AT commands: nothing may end the quote or begin a command. */
import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { Apn, Bands, REGION_DEFAULT } from './region.ts';

test.each([
  ['hologram', true],
  ['iot.example.net', true],
  ['a_b-c.D9', true],
  ['x', true],
  ['x'.repeat(63), true],
  ['x'.repeat(64), false],
  ['', false],
  ['iot example', false],
  ['iot"', false],
  ['iot\r', false],
  ['iot\r\nAT+CFUN=0', false],
  ['iot,1', false],
  ['iöt', false],
])('%j is an access point name: %s', (name, is) => expect(v.is(Apn, name)).toBe(is));

test.each([
  ['2', true],
  ['2,4,12,13,66', true],
  ['255', true],
  ['1,2,3,4,5,8,12,13,17,18,19,20,2', true], // 31 characters
  ['1,2,3,4,5,8,12,13,17,18,19,20,25', false], // 32
  ['', false],
  [',', false],
  ['2,', false],
  [',2', false],
  ['2,,4', false],
  ['2, 4', false],
  ['1234', false],
  ['2;4', false],
  ['2\n', false],
  ['B2', false],
  ['-2', false],
])('%j are bands: %s', (bands, is) => expect(v.is(Bands, bands)).toBe(is));

test('what is taken cannot leave its quotes, nor the unit’s buffers', () => {
  const near = fc.constantFrom(...'a2,.-_"\r\n\0;+= \u00e9');
  const texts = fc.array(near, { maxLength: 40 }).map((signs) => signs.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      if (v.is(Apn, text)) expect(text).toMatch(/^[a-z0-9._-]{1,63}$/i);
      if (v.is(Bands, text)) expect(text.split(',').every((n) => `${Number(n)}` === n)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('the region’s default is one of both', () => {
  expect(v.parse(Apn, REGION_DEFAULT.apn)).toBe('hologram');
  expect(v.parse(Bands, REGION_DEFAULT.bands).split(',').map(Number)).toEqual([2, 4, 12, 13, 66]);
});
