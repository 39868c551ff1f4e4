import { expect, test } from 'vitest';
import { csvOf } from './csv.ts';

const line = (...cells: (string | number | null)[]) => csvOf([cells]).slice(1).replace(/\r\n$/, '');

test('lines end as RFC 4180 wants them, and a mark says how it is written', () => {
  const rows = [
    ['Day', 'Visitors'],
    ['2026-01-28', 31],
    ['2026-01-29', null],
  ];
  expect(csvOf(rows)).toBe('\uFEFFDay,Visitors\r\n2026-01-28,31\r\n2026-01-29,\r\n');
});

test.each([
  ['a comma', 'Bakery, Harbour Street', '"Bakery, Harbour Street"'],
  ['quotes', 'The "Bun"', '"The ""Bun"""'],
  ['a line break', 'Rain\nall day', '"Rain\nall day"'],
  ['other letters', 'سوق 🥐', 'سوق 🥐'],
  ['markup', '<img src=x>', '<img src=x>'],
])('%s', (_name, text, cell) => {
  expect(line(text)).toBe(cell);
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '＝1+1', '=HYPERLINK("x","y")'])(
  '%j is no formula in a spreadsheet',
  (text) => {
    expect(line(text).replace(/^"/, '')).toMatch(/^'/);
  },
);

test('a number below nothing stays a number', () => {
  expect(line(-3, 0.5, 1204)).toBe('-3,0.5,1204');
});
