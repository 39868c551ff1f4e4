import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConsoleDecoder, type ConsoleItem, encodeRecord, RECORD_BYTES_MAX } from './records.ts';

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
  expect(all(bytes('\x1e{"re":1,\n'))).toEqual([{ kind: 'odd', text: '{"re":1,' }]);
});
