import { expect, test } from 'vitest';
import { numberOf, readTill } from './till-csv.ts';

const read = (text: string, more: { dayFirst?: boolean } = {}) =>
  readTill(text, { today: '2026-11-30', dayFirst: true, ...more });
const issuesOf = (text: string) =>
  read(text).issues.map(({ line, problem }) => `${line} ${problem}`);

test('semicolons, decimal commas, a byte order mark and a header', () => {
  const file = read(
    '\uFEFFDatum;Verkäufe;Umsatz\r\n28.01.2026;31;"1.204,50"\r\n29.1.26;7;12,5\r\n',
  );
  expect(file.issues).toEqual([]);
  expect(file.rows).toEqual([
    { day: '2026-01-28', sales: 31, takings: 1204.5 },
    { day: '2026-01-29', sales: 7, takings: 12.5 },
  ]);
});

test('commas, points, and dates as computers write them', () => {
  const file = read('2026-01-28,31,"1,204.50"\n2026-1-9 00:00,7,\n2026-01-30,,99\n');
  expect(file.rows).toEqual([
    { day: '2026-01-28', sales: 31, takings: 1204.5 },
    { day: '2026-01-09', sales: 7, takings: null },
    { day: '2026-01-30', sales: null, takings: 99 },
  ]);
});

test('tabs, thousands, currencies and padding', () => {
  const file = read('28/01/2026\t1.204\t€ 12’345.50\n\n\t\t\n29/01/2026\t 12,0 \t1 204,00 EUR');
  expect(file.rows).toEqual([
    { day: '2026-01-28', sales: 1204, takings: 12345.5 },
    { day: '2026-01-29', sales: 12, takings: 1204 },
  ]);
});

test('whether days stand first is seen from the whole file, else asked of the reader', () => {
  const days = (text: string, dayFirst: boolean) => {
    const { rows, isAmbiguous } = read(text, { dayFirst });
    return [rows.map(({ day }) => day.slice(5)).join(), isAmbiguous];
  };
  expect(days('3/4/2026;1\n13/4/2026;2', false)).toEqual(['04-03,04-13', false]);
  expect(days('3/4/2026;1\n4/13/2026;2', true)).toEqual(['03-04,04-13', false]);
  expect(days('3/4/2026;1', true)).toEqual(['04-03', true]);
  expect(days('3/4/2026;1', false)).toEqual(['03-04', true]);
  expect(days('3.4.2026;1', false)).toEqual(['04-03', false]);
});

test('what does not fit is said by line, and the rest is taken', () => {
  const text = [
    'Date;Sales;Takings',
    'yesterday;3;',
    '30.02.2026;3;',
    '01.12.2026;3;',
    '01.01.1999;3;',
    '28.01.2026;;',
    '28.01.2026;2,5;',
    '28.01.2026;three;',
    '28.01.2026;-3;',
    '28.01.2026;999999;',
    '28.01.2026;31;=1+1',
    '27.01.2026;5;',
    '27.01.2026;6;',
    '',
    '26.01.2026;4;',
  ].join('\n');
  expect(issuesOf(text)).toEqual([
    '2 no-date',
    '3 no-such-date',
    '4 future',
    '5 too-old',
    '6 no-sales',
    '7 not-whole',
    '8 no-number',
    '9 negative',
    '10 too-large',
    '11 no-number',
    '13 twice',
  ]);
  expect(read(text).rows.map(({ day, sales }) => [day, sales])).toEqual([
    ['2026-01-27', 5],
    ['2026-01-26', 4],
  ]);
});

test('nothing of an empty file, and of another kind of file every line', () => {
  expect(read('')).toMatchObject({ rows: [], issues: [], columns: null, beyond: 0 });
  expect(read('\uFEFF\r\n;;;\r\n').rows).toEqual([]);
  expect(read('<html>1</html>\n{"a":2}').issues).toHaveLength(2);
});

test('a header without a line below has no rows, and is no fault', () => {
  const columns = ['Fecha', 'Ventas', 'Importe'];
  expect(read('Fecha;Ventas;Importe\r\n')).toMatchObject({ rows: [], issues: [], columns });
});

test('unknown columns: what is read as what can be seen, and no date is guessed', () => {
  const other = read('Filiale;Datum;Bons\nHafen;28.01.2026;31\n');
  expect(other).toMatchObject({ rows: [], columns: ['Filiale', 'Datum', 'Bons'] });
  expect(other.issues).toEqual([{ line: 2, problem: 'no-date', text: 'Hafen' }]);
  const more = read('sep=;\nDatum;Bons;Artikel;Umsatz\n28.01.2026;31;70;204,50\n');
  expect(more).toMatchObject({ columns: ['Datum', 'Bons', 'Artikel'], issues: [] });
  expect(more.rows).toEqual([{ day: '2026-01-28', sales: 31, takings: 70 }]);
});

test('a quote that never ends spoils its own line and no other', () => {
  const file = read('28.01.2026;"31;12,50\n"29.01.2026;7;1\n30.01.2026;8;"2,5"\n');
  expect(file.issues.map(({ line, problem }) => [line, problem])).toEqual([
    [1, 'no-number'],
    [2, 'no-date'],
  ]);
  expect(file.rows).toEqual([{ day: '2026-01-30', sales: 8, takings: 2.5 }]);
});

test('lines beyond the most are counted, not lost in silence', () => {
  const line = '28.01.2026;31\n';
  expect(read(line.repeat(1101)).beyond).toBe(0);
  expect(read(`Datum;Bons\n${line.repeat(1103)}`)).toMatchObject({ beyond: 3 });
});

test('ten megabytes of anything are read in no time', () => {
  const began = performance.now();
  read('28.01.2026;31;"1.204,50"\n'.repeat(400_000));
  read(';'.repeat(10_000_000));
  read('"'.repeat(10_000_000));
  expect(performance.now() - began).toBeLessThan(15_000);
});

test.each([
  ['1.234.567,89', 1_234_567.89],
  ['1,234,567.89', 1_234_567.89],
  ['1 234 567,89', 1_234_567.89],
  ['1\u00A0234,5', 1234.5],
  ['1\u202F234,5 €', 1234.5],
  ['1.234.567', 1_234_567],
  ['12.345', 12_345],
  ['0.204', 0.204],
  ['1234,5', 1234.5],
  ['1234.567', 1234.567],
  ['.5', 0.5],
  ['−3,5', -3.5],
  ['$ 1,204.50', 1204.5],
])('%s is one number in every language', (text, value) => expect(numberOf(text)).toBe(value));

test.each([
  '1.2.3',
  '1.234.56',
  '12,34,56',
  '1.2345,6',
  '1.234,567,8',
  '1,234.567,8',
  '12..5',
  ',',
  '',
  '1e5',
  '0x1F',
  '١٢',
  '=1+1',
  '1-2',
  'NaN',
  'Infinity',
])('%s is none', (text) => expect(numberOf(text)).toBeNull());
