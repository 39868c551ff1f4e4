import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { noteText, oneLine, unitText } from './text.ts';

const line = (text: string) => v.safeParse(oneLine(64), text);
const note = (text: string) => v.safeParse(noteText(100), text);

describe('one line', () => {
  test.each([
    ['  Left of the door ', 'Left of the door'],
    ['Käse & Söhne 🧀 مخبز', 'Käse & Söhne 🧀 مخبز'],
    ['e\u0301cole', 'école'],
    ['👩‍👩‍👧‍👦'.repeat(64), '👩‍👩‍👧‍👦'.repeat(64)],
    ['<b>&"\'', '<b>&"\''],
  ])('%j is taken', (text, taken) => expect(line(text).output).toBe(taken));

  test.each([
    '',
    '   ',
    'a\nb',
    'a\r\nb',
    'a\tb',
    'a\u0000b',
    'a\u007fb',
    'a\u0085b',
    'a\u2028b',
    'a\u202eb',
    'a\u2066b',
    'a\u200fb',
    'a\ud800b',
    '\udc00',
    '\u200b',
    '\u200d\u200d',
    '\ufe0f',
    '\u3164',
    '\u2800',
    '\u{e0041}',
    'x'.repeat(65),
    `e${'\u0301'.repeat(5000)}`,
    'x)\n\nYour sign-in expires: https://evil.example/',
  ])('%j is refused', (text) => expect(line(text).success).toBe(false));

  test('whatever is taken is one line, whole, composed and short', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 90 }), (text) => {
        const { success, output } = line(text);
        if (!success) return;
        expect(output).toBe(output.normalize('NFC').trim());
        expect(output).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
        expect(output.length).toBeGreaterThan(0);
      }),
    );
  });
});

test('a note has lines, and nothing else that is not text', () => {
  expect(note('a\r\nb\rc\n\td').output).toBe('a\nb\nc\n\td');
  expect(note('').output).toBe('');
  for (const text of ['a\u0000', 'a\u001b[31m', 'a\u202e', 'a\ud800', 'a\u2028', 'x'.repeat(101)]) {
    expect(note(text).success).toBe(false);
  }
});

test('a unit is never refused for its words', () => {
  expect(v.parse(unitText(32), '5.3\u0000é\n')).toBe('5.3???');
});
