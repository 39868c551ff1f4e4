/** Words of others in a mail: whatever they hold, they stay on their line and read as they are. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asLine } from './mail.ts';

/** Text as somebody hostile writes it: letters among all that could end or turn a line. */
const HOSTILE = [
  ...['\n', '\r', '\r\n', '\v', '\f', '\0', '\b', '\t', '\u001b', '\u007f', '\u0085', '\u009b'],
  ...['\u2028', '\u2029', '\u061c', '\u200e', '\u200f', '\ud800', '\udfff'],
  ...['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069'],
];
const piece = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.string({ maxLength: 4 }),
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
/** Everything that some reader of mails takes for the end of a line. */
const LINE_ENDS = /[\n\r\v\f\u0085\u2028\u2029]/;

describe('any text', () => {
  test('is one line, which nothing turns round, and well-formed', () => {
    fc.assert(
      fc.property(text, (words) => {
        const line = asLine(words);
        expect(line).not.toMatch(LINE_ENDS);
        for (const sign of HOSTILE) {
          // halves of a character are only bad alone
          if (!/[\ud800-\udfff]/.test(sign)) expect(line).not.toContain(sign);
        }
        expect(new TextDecoder().decode(new TextEncoder().encode(line))).toBe(line);
      }),
    );
  });

  test('is as it is once that is done, and never longer', () => {
    fc.assert(
      fc.property(text, (words) => {
        const line = asLine(words);
        expect(asLine(line)).toBe(line);
        expect(line.length).toBeLessThanOrEqual(words.length);
      }),
    );
  });

  test('keeps every letter, sign and digit, in order', () => {
    const letters = (words: string) => words.match(/[\p{L}\p{N}\p{P}\p{S}]/gu) ?? [];
    fc.assert(
      fc.property(text, (words) => {
        expect(letters(asLine(words))).toEqual(letters(words));
      }),
    );
  });

  test('in pieces is the same in one, so that a template is as safe as its parts', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        // a space between: two halves of a character would become one
        expect(asLine(`${a} ${b}`)).toBe(`${asLine(a)} ${asLine(b)}`);
      }),
    );
  });
});

/** A name for it that turns no terminal round. */
const codesOf = (sign: string) => [...sign].map((c) => c.codePointAt(0)?.toString(16)).join(' ');

test.each(HOSTILE.map((sign) => [codesOf(sign), sign]))(
  '%s becomes one space, however often it stands there',
  (_name, sign) => {
    expect(asLine(`a${sign}b`)).toBe('a b');
    expect(asLine(`a${sign}\n${sign}b`)).toBe('a b');
    expect(asLine(sign)).toBe(' ');
  },
);

test.each(['', ' ', '  a  b ', 'Łódź', 'مرحبا', '𝔘nicode', '🏳️‍🌈', 'e\u0301', '\u00ad', '\ufeff'])(
  '%j stays as it is',
  (words) => expect(asLine(words)).toBe(words),
);
