/**
 * CSV as Python's `csv` module reads it, which Espressif's generator hands its lines to: a table
 * that Python 3.11 made, and the module's own state machine (`Modules/_csv.c`) a second time.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import { csvCell, parseCsv } from './csv.ts';

const cellsOf = (text: string) => parseCsv(text).map(({ cells }) => cells);

/** `list(csv.reader(line for line in io.StringIO(text, newline=None) if line[0] != '#'))` */
test.each([
  ['a,b\n', [['a', 'b']]],
  ['a,b\r\nc\rd', [['a', 'b'], ['c'], ['d']]],
  [
    'a,\n,b',
    [
      ['a', ''],
      ['', 'b'],
    ],
  ],
  ['"a","b"', [['a', 'b']]],
  ['"a""b"', [['a"b']]],
  ['"a"b"c', [['ab"c']]],
  ['"a" ,b', [['a ', 'b']]],
  [' "a,b"', [[' "a', 'b"']]],
  ['a"b",c', [['a"b"', 'c']]],
  ['"",""', []],
  ['""""', [['"']]],
  ['"""",x', [['"', 'x']]],
  ['"a\nb",c', [['a\nb', 'c']]],
  ['"a\r\nb\rc"', [['a\nb\nc']]],
  ['"a\n#b\nc"', [['a\nc']]],
  ['#a\nb', [['b']]],
  [' #a', [[' #a']]],
  ['a,#b', [['a', '#b']]],
  ['a\u2028b', [['a\u2028b']]],
  ['a\fb\vc', [['a\fb\vc']]],
])('%j', (text, cells) => expect(cellsOf(text)).toEqual(cells));

/** Of csv's dialect "excel"; null where the text ends within quotes. */
function pythonReads(text: string): string[][] | null {
  const lines = text.replace(/\r\n?/g, '\n').match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const rows: string[][] = [];
  let state: 'start' | 'plain' | 'quoted' | 'quote' = 'start';
  let row: string[] = [''];
  const add = (c: string) => row.push((row.pop() ?? '') + c);
  for (const line of lines.filter((l) => !l.startsWith('#'))) {
    for (const c of line) {
      if (state === 'quoted') {
        if (c === '"') state = 'quote';
        else add(c);
      } else if (c === '"' && state !== 'plain') {
        if (state === 'quote') add(c);
        state = 'quoted';
      } else if (c === ',') {
        row.push('');
        state = 'start';
      } else if (c !== '\n') {
        add(c);
        state = 'plain';
      }
    }
    if (state === 'quoted') continue;
    rows.push(row);
    row = [''];
    state = 'start';
  }
  return state === 'quoted' ? null : rows.filter((r) => r.some((cell) => cell.trim() !== ''));
}

const piece = fc.constantFrom(
  'a',
  'é',
  '"',
  '"',
  ',',
  '\n',
  '\r',
  '\r\n',
  '#',
  ' ',
  '\u2028',
  '\f',
);
const texts = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));

test('any text is read as Python reads it, and refused where it ends within quotes', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const python = pythonReads(text);
      if (python === null) expect(() => cellsOf(text)).toThrow(/a quote is opened and not closed/);
      else expect(cellsOf(text)).toEqual(python);
    }),
    { numRuns: 3000 },
  );
});

const cell = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 });

test('any cells come back as they were, where quotes are exact', () => {
  fc.assert(
    fc.property(table, (rows) => {
      const text = rows.map((cells) => cells.map(csvCell).join(',')).join('\n');
      const shown = rows.filter((cells) => cells.some((value) => value.trim() !== ''));
      expect(parseCsv(text, { exact: true }).map(({ cells }) => cells)).toEqual(shown);
    }),
    { numRuns: 1000 },
  );
});

describe('lines', () => {
  test('a record names the line it begins in, whatever ends lines and stands between', () => {
    const marked = fc.oneof(
      fc.constantFrom('x', '# no record', '', ',,', '"a\nb",x', '"\r\n\r",x', '"#",x'),
      fc.constant('"one\n# two\nthree",x'),
    );
    const ends = fc.constantFrom('\n', '\r', '\r\n');
    fc.assert(
      fc.property(fc.array(marked, { maxLength: 8 }), ends, (rows, end) => {
        let [line, text] = [1, ''];
        const expected: number[] = [];
        for (const row of rows) {
          if (row.includes('x') && !row.startsWith('#')) expected.push(line);
          text += row + end;
          line += (row + end).split(/\r\n|\r|\n/).length - 1;
        }
        expect(parseCsv(text).map((record) => record.line)).toEqual(expected);
        const broken = `${text}"open\n`;
        expect(() => parseCsv(broken)).toThrow(new RegExp(`^Line ${line}: a quote`));
      }),
      { numRuns: 500 },
    );
  });

  test('what is passed over within quotes is reported with the line of its record', () => {
    const notes: string[] = [];
    const note = (sentence: string) => notes.push(sentence);
    const text = 'a\n"b\n#1\n#2, "and\nc"\n';
    expect(parseCsv(text, { note })).toEqual([
      { line: 1, cells: ['a'] },
      { line: 2, cells: ['b\nc'] },
    ]);
    expect(notes).toEqual(['#1', '#2, "and'].map(passedOver));
    parseCsv(text.replace('"and', 'and'), { note, exact: true });
    expect(notes).toHaveLength(2);
  });

  const passedOver = (comment: string) =>
    `Line 2: "${comment}" begins a line with # and was passed over as a comment.`;

  test('a byte order mark is no part of the first cell, one further on is', () => {
    expect(cellsOf('\uFEFFa\n\uFEFFb')).toEqual([['a'], ['\uFEFFb']]);
    expect(cellsOf('\uFEFF"a,b"')).toEqual([['a,b']]);
    expect(cellsOf('\uFEFF# a\nb')).toEqual([['b']]);
  });

  test('the error is one of what was sent', () => {
    expect(() => parseCsv('"')).toThrow(AppError);
  });
});

test.each([
  ['', ''],
  ['a b', 'a b'],
  ['a#', 'a#'],
  ['#a', '"#a"'],
  ['a,b', '"a,b"'],
  ['a"b', '"a""b"'],
  ['a\rb', '"a\rb"'],
  ['a\nb', '"a\nb"'],
])('the cell %j is written %s', (text, written) => expect(csvCell(text)).toBe(written));
