/**
 * Till numbers from a CSV file as tills and spreadsheets write it: date; sales; takings. Separator,
 * kind of date and decimal sign are seen from the file; a header is passed over. What does not fit
 * is said line by line and nothing of such a file need be lost. Knows no words and no contract.
 */
import { parseIsoUtc } from '../../shared/time.ts';

/** Till numbers of one day. */
export interface TillRow {
  day: string;
  sales: number | null;
  takings: number | null;
}

export type TillProblem =
  | 'no-date'
  | 'no-such-date'
  | 'future'
  | 'too-old'
  | 'no-sales'
  | 'not-whole'
  | 'no-number'
  | 'negative'
  | 'too-large'
  | 'twice';

/** What is wrong with a line, and what stands there. */
export interface TillIssue {
  line: number;
  problem: TillProblem;
  text: string;
}

export interface TillFile {
  rows: TillRow[];
  issues: TillIssue[];
  /** Dates like 3/4/2026 could be either; they were taken by `dayFirst`. */
  isAmbiguous: boolean;
  /** What the header calls the three columns that are read; null without a header. */
  columns: readonly string[] | null;
  /** Lines behind the most that a file may have: nobody looked at them. */
  beyond: number;
}

export interface TillOptions {
  /** The newest day that may have sales, by the shop's calendar. */
  today: string;
  /** Whether 3/4 is the third of April where the reader lives. */
  dayFirst: boolean;
}

/** Three years and a header; more is another kind of file. */
const LINES_MAX = 1101;
const SALES_MAX = 100_000;
const TAKINGS_MAX = 1_000_000_000;
const FIRST_DAY = '2000-01-01';

/** @returns what can be taken in, and what cannot, by line */
export function readTill(text: string, options: TillOptions): TillFile {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  // Excel's way of naming the separator, which the lines show as well.
  if (/^sep=.$/i.test(lines[0] ?? '')) lines[0] = '';
  const separator = separatorOf(lines);
  const all = lines
    .map((line, i) => ({ line: i + 1, cells: cellsOf(line, separator) }))
    .filter((row) => row.cells.some((cell) => cell !== ''));
  const cells = all.slice(0, LINES_MAX);
  const header = cells.find((_, i) => i === 0)?.cells ?? [];
  const isHeader = header.length > 0 && !/\d/.test(header[0] ?? '');
  const records = isHeader ? cells.slice(1) : cells;
  const order = orderOf(
    records.map((r) => r.cells[0] ?? ''),
    options.dayFirst,
  );
  const { isAmbiguous } = order;
  const columns = isHeader ? header.slice(0, 3) : null;
  const beyond = all.length - cells.length;
  const file: TillFile = { rows: [], issues: [], isAmbiguous, columns, beyond };
  const seen = new Set<string>();
  for (const record of records) {
    const row = rowOf(record.cells, order.dayFirst, options.today);
    if ('problem' in row) file.issues.push({ line: record.line, ...row });
    else if (seen.has(row.day))
      file.issues.push({ line: record.line, problem: 'twice', text: record.cells[0] ?? '' });
    else file.rows.push(row);
    if ('day' in row) seen.add(row.day);
  }
  return file;
}

/** The one that most lines have; a comma may be a decimal sign, so it comes last. */
function separatorOf(lines: readonly string[]): string {
  const has = (sign: string) => lines.filter((line) => line.includes(sign)).length;
  const filled = lines.filter((line) => line.trim() !== '').length;
  return [';', '\t'].find((sign) => has(sign) * 2 > filled) ?? ',';
}

/** Cells without quotes around them; a quote within is doubled. */
function cellsOf(line: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (const char of line) {
    if (char === '"') isQuoted = !isQuoted;
    else if (char === separator && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += char;
  }
  return [...cells, cell.trim()];
}

const PARTS = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})$/;
const ISO = /^\d{4}-\d{1,2}-\d{1,2}/;

/** Whether days stand before months, by the whole file: one 13 says it for all. */
function orderOf(dates: readonly string[], dayFirst: boolean) {
  const parts = dates.flatMap((date) => {
    const found = PARTS.exec(date);
    return found && !date.includes('.') ? [[Number(found[1]), Number(found[2])] as const] : [];
  });
  if (parts.some(([first]) => first > 12)) return { dayFirst: true, isAmbiguous: false };
  if (parts.some(([, second]) => second > 12)) return { dayFirst: false, isAmbiguous: false };
  return { dayFirst, isAmbiguous: parts.length > 0 };
}

/** `null` for what is no date at all, `undefined` for one that no calendar has. */
function dateOf(text: string, dayFirst: boolean): string | null | undefined {
  const two = (n: string) => n.padStart(2, '0');
  const checked = (day: string) => (parseIsoUtc(day) === null ? undefined : day);
  if (ISO.test(text)) {
    const [year = '', month = '', day = ''] = text.split(/[T ]/)[0]?.split('-') ?? [];
    return checked(`${year}-${two(month)}-${two(day)}`);
  }
  const found = PARTS.exec(text);
  if (!found) return null;
  const [, first = '', second = '', year = ''] = found;
  // 28.01. is never the first day of a 28th month.
  const isDayFirst = dayFirst || text.includes('.');
  const [day, month] = isDayFirst ? [first, second] : [second, first];
  return checked(`${year.length === 2 ? `20${year}` : year}-${two(month)}-${two(day)}`);
}

/** `1.204,50`, `1,204.50`, `1 204,5`, `€ 12`; null for what is no number. */
export function numberOf(text: string): number | null {
  const bare = text.replace(/[\s\u00A0\u202F'’]|[€$£]|EUR|USD|CHF/g, '');
  if (!/^[-+−]?[\d.,]+$/.test(bare) || !/\d/.test(bare)) return null;
  if (!isGrouped(bare)) return null;
  const last = Math.max(bare.lastIndexOf(','), bare.lastIndexOf('.'));
  const sign = bare[last] ?? '';
  const isOnce = bare.split(sign).length === 2;
  const other = sign === ',' ? '.' : ',';
  // 1.204 and 1,204 are thousands; 1,5 and 1.50 are not, nor is 0,204.
  const isThousands =
    !bare.includes(other) && /^[-+−]?[1-9]\d{0,2}([.,]\d{3})+$/.test(bare) && last >= 0;
  const plain =
    last < 0 || isThousands || !isOnce
      ? bare.replace(/[.,]/g, '')
      : `${bare.slice(0, last).replace(/[.,]/g, '')}.${bare.slice(last + 1)}`;
  const value = Number(plain.replace('−', '-'));
  return Number.isFinite(value) ? value : null;
}

/** Whether every sign but a last decimal one stands before three digits: 1.2.3 is no number. */
function isGrouped(bare: string): boolean {
  const digits = bare.replace(/^[-+−]/, '');
  const [whole = '', ...rest] = digits.split(/[.,]/);
  const signs = digits.replace(/\d/g, '');
  const groups = rest.slice(0, -1);
  const areThree = groups.every((group) => group.length === 3);
  const hasOneSign = new Set(signs.slice(0, -1)).size <= 1;
  // twice the same sign: it cannot be a decimal one, so the last group has three digits as well
  const isLastWell = signs.length < 2 || signs.at(-1) !== signs[0] || rest.at(-1)?.length === 3;
  const isWholeWell = groups.length === 0 || (whole.length >= 1 && whole.length <= 3);
  return areThree && hasOneSign && isLastWell && isWholeWell;
}

type Misfit = { problem: TillProblem; text: string };

function rowOf(cells: readonly string[], dayFirst: boolean, today: string): TillRow | Misfit {
  const [date = '', sales = '', takings = ''] = cells;
  const day = dateOf(date, dayFirst);
  if (day === null) return { problem: 'no-date', text: date };
  if (day === undefined) return { problem: 'no-such-date', text: date };
  if (day > today) return { problem: 'future', text: date };
  if (day < FIRST_DAY) return { problem: 'too-old', text: date };
  if (sales === '' && takings === '') return { problem: 'no-sales', text: date };
  const count = amountOf(sales, SALES_MAX);
  if (typeof count === 'string') return { problem: count, text: sales };
  if (count !== null && !Number.isInteger(count)) return { problem: 'not-whole', text: sales };
  const money = amountOf(takings, TAKINGS_MAX);
  if (typeof money === 'string') return { problem: money, text: takings };
  return { day, sales: count, takings: money === null ? null : Math.round(money * 100) / 100 };
}

function amountOf(text: string, most: number): number | null | TillProblem {
  if (text === '') return null;
  const value = numberOf(text);
  if (value === null) return 'no-number';
  if (value < 0) return 'negative';
  return value > most ? 'too-large' : value;
}
