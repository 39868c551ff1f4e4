/** Names and numbers of partitions as `gen_esp32part.py` reads them: Python’s `int(text, 0)`. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import { flagsOf, numberOf, subtypeOf, TYPE, typeOf } from './partition-names.ts';

const wrong = (what: string) => new AppError('invalid', what);

describe('numbers', () => {
  /** `parse_int(text)` of the generator under Python 3.11; null where it raises. */
  test.each([
    ['0', 0],
    ['00', 0],
    ['0_0', 0],
    ['-0', 0],
    ['4096', 4096],
    ['+4096', 4096],
    ['4_096', 4096],
    ['4k', 4096],
    ['4 K', 4096],
    ['1M', 0x100000],
    ['1KK', 0x100000],
    ['2Mk', 0x80000000],
    ['0x10K', 0x4000],
    ['0X1f', 31],
    ['0b101', 5],
    ['0O17', 15],
    ['0x_1', 1],
    ['-0x1000', -0x1000],
    ['-1M', -0x100000],
    ['4294967295', 0xffffffff],
    ['', null],
    ['k', null],
    ['010', null],
    ['0_1', null],
    ['1 0', null],
    ['1e3', null],
    ['1.5k', null],
    ['0b2', null],
    ['0o8', null],
    ['0xg', null],
    ['0x', null],
    ['1_', null],
    ['_1', null],
    ['1__0', null],
    ['--1', null],
    ['1G', null],
    ['1kB', null],
    ['4Ｋ', null],
  ])('%j is %j', (text, value) => {
    if (value === null) expect(() => numberOf(text, wrong)).toThrow(`"${text}" is no whole number`);
    else expect(numberOf(text, wrong)).toBe(value);
  });

  test.each(['4294967296', '-4294967296', '0x100000000', '4096M', '5000000K', '9'.repeat(400)])(
    '%s is beyond 32 bits',
    (text) => expect(() => numberOf(text, wrong)).toThrow('is beyond 32 bits'),
  );

  test('a number of 32 bits is itself in every base', () => {
    const written = fc.constantFrom([10, ''], [16, '0x'], [8, '0o'], [2, '0b'] as const);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), written, (n, [base, prefix]) => {
        expect(numberOf(`${prefix}${n.toString(Number(base))}`, wrong)).toBe(n);
      }),
    );
  });
});

/** Of ESP-IDF’s “Partition Tables”; a table is written once, and its numbers are for ever. */
describe('names', () => {
  test.each([
    ['app', 0],
    ['data', 1],
    ['bootloader', 2],
    ['partition_table', 3],
    ['APP', 0],
    ['0x40', 0x40],
    ['254', 0xfe],
  ])('the type %s is %i', (name, type) => expect(typeOf(name, wrong)).toBe(type));

  const apps = Array.from({ length: 16 }, (_, n) => ['app', `ota_${n}`, 0x10 + n] as const);

  test.each([
    ...apps,
    ['app', 'factory', 0],
    ['app', 'test', 0x20],
    ['app', 'tee_0', 0x30],
    ['app', 'tee_1', 0x31],
    ['data', 'ota', 0],
    ['data', 'phy', 1],
    ['data', 'nvs', 2],
    ['data', 'coredump', 3],
    ['data', 'nvs_keys', 4],
    ['data', 'efuse', 5],
    ['data', 'undefined', 6],
    ['data', '', 6],
    ['data', 'esphttpd', 0x80],
    ['data', 'fat', 0x81],
    ['data', 'spiffs', 0x82],
    ['data', 'littlefs', 0x83],
    ['data', 'tee_ota', 0x90],
    ['data', 'NVS', 2],
    ['data', '0xff', 0xff],
    ['bootloader', 'primary', 0],
    ['bootloader', 'ota', 1],
    ['bootloader', 'recovery', 2],
    ['partition_table', 'primary', 0],
    ['partition_table', 'ota', 1],
  ] as const)('of %s the subtype "%s" is %i', (type, name, subtype) => {
    expect(subtypeOf(TYPE[type], name, wrong)).toBe(subtype);
  });

  test.each([
    [TYPE.app, '', 'an app needs a subtype'],
    [TYPE.app, 'ota_16', '"ota_16" is none of factory'],
    [TYPE.app, 'nvs', '"nvs" is none of factory'],
    [TYPE.data, 'ota_0', '"ota_0" is none of ota'],
    [TYPE.data, '256', '"256" is not 0 to 0xff'],
    [TYPE.data, '-1', '"-1" is not 0 to 0xff'],
    [TYPE.data, '1x', '"1x" is no whole number'],
    [TYPE.data, '__proto__', '"__proto__" is none of'],
    [0x40, 'nvs', '"nvs" is none of'],
  ])('of type %i the subtype "%s": %s', (type, name, words) => {
    expect(() => subtypeOf(type, name, wrong)).toThrow(words);
  });

  test.each(['', 'apps', 'a', 'constructor', '256', '-1', '0xfff'])('no type is "%s"', (name) => {
    expect(() => typeOf(name, wrong)).toThrow(/is missing|is none of app, data|is not 0 to 0xff/);
  });

  test.each([
    ['', 0],
    ['encrypted', 1],
    ['readonly', 2],
    ['readonly:encrypted', 3],
    [':readonly::', 2],
    ['readonly:readonly', 2],
  ])('the flags "%s" are %i', (text, flags) => expect(flagsOf(text, wrong)).toBe(flags));

  test.each(['Encrypted', 'readonly encrypted', 'toString', '1'])('no flag is "%s"', (text) => {
    expect(() => flagsOf(text, wrong)).toThrow(`the flag "${text}" is not known`);
  });
});
