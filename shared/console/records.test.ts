import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  BRINGUP_STEPS,
  ConsoleDecoder,
  type ConsoleItem,
  encodeRecord,
  RECORD_BYTES_MAX,
} from './records.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const all = (stream: Uint8Array) => new ConsoleDecoder().push(stream);

test('a request is RS, JSON, LF', () => {
  expect(encodeRecord({ id: 1, cmd: 'hello' })).toEqual(bytes('\x1e{"id":1,"cmd":"hello"}\n'));
});

test('records and log lines come out in order', () => {
  const stream =
    'I (12) modem: on\r\n\x1e{"re":1,"ok":true}\nhalf\x1e{"ev":"led","t":1,"pattern":"sent"}\n';
  expect(all(bytes(stream))).toEqual<ConsoleItem[]>([
    { kind: 'log', text: 'I (12) modem: on' },
    { kind: 'answer', answer: { re: 1, ok: true } },
    { kind: 'log', text: 'half' },
    { kind: 'event', event: { ev: 'led', t: 1, pattern: 'sent' } },
  ]);
});

test('pieces of any size give the same items as the whole', () => {
  const part = fc.oneof(
    fc.constantFrom(
      '\x1e{"re":7,"ok":false,"error":"busy"}\n',
      '\n',
      '\x1e',
      '\x1e{"ev":1}\n',
      '\r\n',
    ),
    fc.string({ maxLength: 40 }),
  );
  fc.assert(
    fc.property(fc.array(part), fc.array(fc.nat(30)), (parts, cuts) => {
      const stream = bytes(`${parts.join('')}\n`);
      const decoder = new ConsoleDecoder();
      const items: ConsoleItem[] = [];
      let at = 0;
      for (const cut of [...cuts, stream.length]) {
        items.push(...decoder.push(stream.subarray(at, at + cut)));
        at += cut;
      }
      expect(items).toEqual(all(stream));
    }),
  );
});

test('junk without an end cannot grow without limit, and nothing of it is lost', () => {
  const junk = bytes('x'.repeat(5 * RECORD_BYTES_MAX));
  const items = all(junk);
  expect(items.every((item) => item.kind === 'log')).toBe(true);
  expect(items.length).toBe(4);
});

test('a damaged record is shown as it came', () => {
  expect(all(bytes('\x1e{"re":1,\n'))).toEqual([{ kind: 'unrecognized', text: '{"re":1,' }]);
});

/** The longest text of a record is 1,022 bytes: docs/formats/console.md. */
test.each([
  ['a record of 1,024 bytes is whole', 1024, ['answer']],
  ['one byte over costs nothing', 1025, ['answer']],
  ['a longer one is shown in pieces, never believed', 1026, ['unrecognized', 'log']],
])('%s', (_, bytesInAll, kinds) => {
  const empty = '\x1e{"re":1,"ok":true,"x":""}\n';
  const record = empty.replace('""', `"${'x'.repeat(bytesInAll - empty.length)}"`);
  expect(record).toHaveLength(bytesInAll);
  expect(all(bytes(record)).map((item) => item.kind)).toEqual(kinds);
});

test('nothing of a stream is lost: all text comes out, in its order', () => {
  const text = fc.stringMatching(/^[ -~]{1,2000}$/);
  fc.assert(
    fc.property(fc.array(text, { maxLength: 4 }), fc.boolean(), (lines, isDos) => {
      const stream = lines.map((line) => `${line}${isDos ? '\r\n' : '\n'}`).join('');
      const said = all(bytes(stream)).map((item) => (item.kind === 'log' ? item.text : '?'));
      expect(said.join('')).toBe(lines.join(''));
    }),
  );
});

test.each([
  ['\r\n', []],
  ['\n\n', []],
  [' \n', [' ']],
  ['a\rb\r\n', ['a\rb']],
  ['Größe\n', ['Größe']],
  ['\x1eno JSON\n', ['no JSON']],
  ['\x1e\n', ['']],
  ['\x1e\x1e{"re":1}\n', ['', '{"re":1}']],
  ['half a line', []],
])('%j is shown as %j', (stream, texts) => {
  const items = all(bytes(stream));
  expect(items.map((item) => ('text' in item ? item.text : '?'))).toEqual(texts);
});

test('bytes that are no UTF-8 are shown as such, and end nothing', () => {
  const items = all(Uint8Array.of(0x61, 0xff, 0xc3, 0x0a, 0x62, 0x0a));
  expect(items).toEqual([
    { kind: 'log', text: 'a\uFFFD\uFFFD' },
    { kind: 'log', text: 'b' },
  ]);
});

test('what a person types into a request stays within its record', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii', maxLength: 60 }), (line) => {
      const record = encodeRecord({ id: 7, cmd: 'at', line });
      expect([record[0], record.at(-1)]).toEqual([0x1e, 0x0a]);
      const inside = record.subarray(1, -1);
      expect(inside.some((byte) => byte < 0x20)).toBe(false);
      expect(JSON.parse(new TextDecoder().decode(inside))).toEqual({ id: 7, cmd: 'at', line });
    }),
  );
});

test('the twelve steps are numbered as the unit numbers them', () => {
  expect(BRINGUP_STEPS.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(new Set(BRINGUP_STEPS.map(({ name }) => name)).size).toBe(12);
  for (const { send } of BRINGUP_STEPS) expect(send).toMatch(/^AT[A-Z0-9+=?,…]*$/);
});
