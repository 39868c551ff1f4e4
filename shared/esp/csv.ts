/**
 * CSV records as Espressif's NVS generator reads them, which hands Python's `csv` module the lines
 * that do not begin with `#`: RFC 4180, what stands behind a closing quote belongs to the cell,
 * every line end is one LF. Knows no columns.
 */
import { AppError } from '../errors.ts';

export interface CsvRecord {
  /** Line it begins in, from 1. */
  line: number;
  cells: string[];
}

export interface CsvOptions {
  /** Within quotes, line ends stay as they are and a line that begins with `#` is no comment. */
  exact?: boolean;
  /** Told of lines within quotes that were taken for comments: one sentence each. */
  note?(sentence: string): void;
}

/**
 * Records of `text`; a quoted cell may hold commas, line breaks and doubled quotes. Blank lines,
 * lines of commas alone (spreadsheets pad with them) and lines that begin with `#` are no records;
 * a byte order mark is no part of the first.
 * @throws AppError `invalid` that names the line of a quote that is never closed
 */
export function parseCsv(text: string, options: CsvOptions = {}): CsvRecord[] {
  const source = text.replace(/^\uFEFF/, '');
  const records: CsvRecord[] = [];
  let at = 0;
  let line = 1;
  while (at < source.length) {
    const start = line;
    if (source[at] === '#') {
      at = endOfLine(source, at);
    } else {
      const record = readRecord(source, at, start, options);
      at = record.end;
      line += record.breaks;
      if (record.cells.some((cell) => cell.trim() !== '')) {
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
  return /^#|[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function endOfLine(source: string, from: number): number {
  const rest = /[\r\n]/.exec(source.slice(from));
  return rest ? from + rest.index : source.length;
}

/** Up to the line break that ends it; `breaks` are those inside of quotes. */
function readRecord(source: string, from: number, line: number, options: CsvOptions) {
  const cells: string[] = [];
  let breaks = 0;
  let at = from;
  for (;;) {
    let cell = '';
    if (source[at] === '"') {
      const quoted = readQuoted(source, at + 1, options.exact ?? false);
      if (!quoted) {
        throw new AppError(
          'invalid',
          `Line ${line}: a quote is opened and not closed; all the rest would be its value.`,
        );
      }
      cell = quoted.text;
      breaks += source.slice(at, quoted.end).split(LINE_END).length - 1;
      at = quoted.end;
      for (const comment of quoted.comments) {
        options.note?.(
          `Line ${line}: "${comment}" begins a line with # and was passed over as a comment.`,
        );
      }
    }
    const plain = /^[^,\r\n]*/.exec(source.slice(at))?.[0] ?? '';
    cells.push(cell + plain);
    at += plain.length;
    if (source[at] !== ',') return { cells, breaks, end: at };
    at += 1;
  }
}

/** Up to the closing quote; null when there is none. */
function readQuoted(source: string, from: number, exact: boolean) {
  const comments: string[] = [];
  let text = '';
  let at = from;
  while (at < source.length) {
    const plain = /^[^"\r\n]*/.exec(source.slice(at))?.[0] ?? '';
    text += plain;
    at += plain.length;
    if (source[at] === '"') {
      if (source[at + 1] !== '"') return { text, end: at + 1, comments };
      text += '"';
      at += 2;
      continue;
    }
    const lineEnd = lineEndAt(source, at);
    text += exact ? lineEnd : lineEnd && '\n';
    at += lineEnd.length;
    while (!exact && source[at] === '#') {
      const end = endOfLine(source, at);
      comments.push(source.slice(at, end));
      at = end + lineEndAt(source, end).length;
    }
  }
  return null;
}

const LINE_END = /\r\n|\r|\n/;

const lineEndAt = (source: string, at: number) =>
  source.startsWith('\r\n', at) ? '\r\n' : source.slice(at, at + 1);
