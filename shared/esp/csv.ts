/**
 * CSV records as Python's `csv` module reads them, which Espressif's tools use: RFC 4180, and what
 * stands behind a closing quote belongs to the cell. Knows no columns.
 */
import { AppError } from '../errors.ts';

export interface CsvRecord {
  /** Line it begins in, from 1. */
  line: number;
  cells: string[];
}

/**
 * Records of `text`; a quoted cell may hold commas, line breaks and doubled quotes. Blank lines and
 * lines that begin with `#` are no records; a byte order mark is no part of the first.
 * @throws AppError `invalid` that names the line of a quote that is never closed
 */
export function parseCsv(text: string): CsvRecord[] {
  const source = text.replace(/^\uFEFF/, '');
  const records: CsvRecord[] = [];
  let at = 0;
  let line = 1;
  while (at < source.length) {
    const start = line;
    if (source[at] === '#') {
      at = endOfLine(source, at);
    } else {
      const record = readRecord(source, at, start);
      at = record.end;
      line += record.breaks;
      if (record.cells.length > 1 || record.cells[0]?.trim()) {
        records.push({ line: start, cells: record.cells });
      }
    }
    if (source[at] === '\r' && source[at + 1] === '\n') at += 1;
    at += 1;
    line += 1;
  }
  return records;
}

/** A cell for a CSV file, in quotes where it would be read as something else. */
export function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function endOfLine(source: string, from: number): number {
  const rest = /[\r\n]/.exec(source.slice(from));
  return rest ? from + rest.index : source.length;
}

/** Up to the line break that ends it; `breaks` are those inside of quotes. */
function readRecord(source: string, from: number, line: number) {
  const cells: string[] = [];
  let breaks = 0;
  let at = from;
  for (;;) {
    let cell = '';
    if (source[at] === '"') {
      const quoted = readQuoted(source, at + 1);
      if (!quoted) throw new AppError('invalid', `Line ${line}: a quote is opened and not closed.`);
      cell = quoted.text;
      breaks += cell.split(/\r\n|\r|\n/).length - 1;
      at = quoted.end;
    }
    const plain = /^[^,\r\n]*/.exec(source.slice(at))?.[0] ?? '';
    cells.push(cell + plain);
    at += plain.length;
    if (source[at] !== ',') return { cells, breaks, end: at };
    at += 1;
  }
}

function readQuoted(source: string, from: number): { text: string; end: number } | null {
  let text = '';
  for (let at = from; at < source.length; at += 1) {
    if (source[at] !== '"') text += source[at];
    else if (source[at + 1] === '"') {
      text += '"';
      at += 1;
    } else return { text, end: at + 1 };
  }
  return null;
}
