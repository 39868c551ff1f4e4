import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deviceIdOf, readDeviceId } from './device-id.ts';

test.each([
  'JBNB0042',
  'jbnb0042',
  ' JBNB0042\n',
  'JBNB 0042',
  'JBNB-0042',
  'JBNB–0042',
  'J B N B 0 0 4 2',
  'jbnb_0042',
  '0042',
  '42',
  ' 42 ',
  'ＪＢＮＢ００４２',
  '\uFEFFJBNB0042',
  '\u200EJBNB0042\u200F', // as chats copy it
  'JBNB\u00AD0042',
  'JB\u2060NB\u200D0042',
  'JBNB\u22120042',
  'JBNB0042\0',
  '"JBNB0042"',
  '“JBNB0042”,',
  '[JBNB0042];',
  'ID: JBNB0042',
  'Device ID: jbnb 0042',
  'S/N:JBNB0042\r\n',
  'Serial No. 0042',
  '#42',
  'HTTPS://BENCH.EXAMPLE.NET/ACTIVATE/JBNB0042/',
  'https://bench.example.net/activate/JBNB0042',
  'https://bench.example.net/activate/jbnb0042?x=1#abcdefghijklmnopqrstuv',
])('%j is JBNB0042', (typed) => expect(readDeviceId(typed)).toBe('JBNB0042'));

test.each([
  ['jbnb 12345', 'JBNB12345'],
  ['12345', 'JBNB12345'],
  ['10000', 'JBNB10000'],
  ['ＪＢＮＢ９９９９９９９９', 'JBNB99999999'],
  ['Device ID: JBNB-1000000', 'JBNB1000000'],
  ['https://bench.example.net/activate/JBNB123456#abcdefghijklmnopqrstuv', 'JBNB123456'],
])('%j is %s', (typed, id) => expect(readDeviceId(typed)).toBe(id));

test.each([
  '',
  ' ',
  '100000000', // nine digits
  'JBNB100000000',
  'JBNB00000042',
  'JBNB1042 7', // of these digits, which belong together is anybody's guess
  'JBNB 1042-7',
  '1042 1234',
  '1 0 4 2 7',
  '1042\u200B7',
  'JBNB',
  'JBNB42', // cut: two digits are missing, and which cannot be known
  'JBNB00421',
  '00421',
  'JBNX0042',
  'JBNB004A',
  'JBNB0042 JBNB0043',
  'JBNB0042,JBNB0043',
  'JBNB0042;1',
  'IDJBNB0042',
  'no 0042 here',
  'https://bench.example.net/unit/JBNB0042',
  'https://bench.example.net/activate/JBNB0042/\nhttps://bench.example.net/activate/JBNB0043/',
  'https://bench.example.net/activate/JBNB0042?x=1 https://bench.example.net/activate/JBNB0043',
  '-',
])('%j is not clear, and nothing is cut off to make it so', (typed) =>
  expect(readDeviceId(typed)).toBeNull(),
);

test('what is far too long to be an id is refused at once', () => {
  const began = performance.now();
  expect(readDeviceId(`x${' '.repeat(100_000)}x`)).toBeNull();
  expect(readDeviceId(' '.repeat(1_000_000))).toBeNull();
  expect(performance.now() - began).toBeLessThan(1000);
  const address = 'https://bench.example.net/a/long/way/activate/JBNB0042?x=';
  expect(readDeviceId(address.padEnd(512, 'y'))).toBe('JBNB0042');
});

/** Ids in all the writings above at once, and what stands for them in plain words. */
const writings = fc
  .record({
    number: fc.oneof(fc.nat(9999), fc.integer({ min: 10_000, max: 99_999_999 })),
    between: fc.constantFrom('', ' ', '-', '_', '.', '\u2013', '\u00A0', '\u200B'),
    around: fc.constantFrom(['', ''], ['"', '"'], ['\u201C', '\u201D,'], ['(', ')'], ['#', ';']),
    label: fc.constantFrom('', 'ID: ', 'device no. ', 'S/N=', 'Unit #', 'serial number: '),
    write: fc.constantFrom(
      (id: string) => id,
      (id: string) => id.toLowerCase(),
      (id: string) => id.replace(/./g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
    ),
  })
  .map(({ number, between, around: [before, after], label, write }) => {
    const id = `JBNB${`${number}`.padStart(4, '0')}`;
    const spaced = `${id.slice(0, 4)}${between}${id.slice(4)}`;
    return { id, typed: `${label}${before}${spaced.replace(/\w+/g, write)}${after}` };
  });

test('every way of writing an id is that id, and what is read is read as itself again', () => {
  fc.assert(
    fc.property(writings, ({ id, typed }) => {
      expect([typed, readDeviceId(typed)]).toEqual([typed, id]);
    }),
    { numRuns: 500 },
  );
});

test('two different ids are never one, whatever stands between them', () => {
  fc.assert(
    fc.property(writings, writings, fc.string({ maxLength: 6 }), (one, other, between) => {
      const read = readDeviceId(`${one.typed}${between}${other.typed}`);
      expect(read).toBeNull();
    }),
    { numRuns: 500 },
  );
});

test('any text is an id or none: nothing of it is thrown, nothing else comes out', () => {
  fc.assert(
    fc.property(fc.uint16Array({ maxLength: 30 }), (units) => {
      const text = String.fromCharCode(...units);
      expect(readDeviceId(text) ?? 'JBNB0000').toMatch(/^JBNB(\d{4}|[1-9]\d{4,7})$/);
    }),
    { numRuns: 500 },
  );
});

test('each number has one id, whose digits alone lead back to it, and no id is two numbers', () => {
  fc.assert(
    fc.property(fc.nat(99_999_999), (number) => {
      const id = deviceIdOf(number) ?? '';
      expect(Number(id.slice(4))).toBe(number);
      expect([readDeviceId(id), readDeviceId(`${number}`)]).toEqual([id, id]);
      for (const zeros of ['0', '00', '0000']) {
        expect(readDeviceId(`JBNB${zeros}${id.slice(4)}`)).toBeNull();
      }
    }),
    { numRuns: 500 },
  );
  expect([deviceIdOf(0), deviceIdOf(9999), deviceIdOf(10_000), deviceIdOf(99_999_999)]).toEqual([
    ...['JBNB0000', 'JBNB9999', 'JBNB10000', 'JBNB99999999'],
  ]);
  expect([deviceIdOf(-1), deviceIdOf(100_000_000)]).toEqual([null, null]);
});
