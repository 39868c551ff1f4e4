/**
 * The CSV of Espressif's NVS generator: `key,type,encoding,value`, a `namespace` line before its
 * keys. Source: ESP-IDF "NVS Partition Generator Utility". Where that one would write what nobody
 * means, the line is refused or a note says so. Knows no file system: whoever has one hands it in.
 */

import { toHex } from '../bytes.ts';
import { AppError } from '../errors.ts';
import { type CsvRecord, csvCell, parseCsv } from './csv.ts';
import { INTEGER_TYPES, type IntegerType, type NvsEntry, type NvsItem } from './nvs-format.ts';
import { type Content, encodedBlob, textOf, type Wrong, wholeNumber } from './nvs-values.ts';

const COLUMNS = ['key', 'type', 'encoding', 'value'] as const;
type Row = Record<(typeof COLUMNS)[number], string>;

/**
 * As a comment above the header: values in quotes are meant as they stand. Without it a CR in one
 * becomes LF and a line of it that begins with `#` is lost, as with Espressif's generator.
 */
const EXACT =
  '# Values are exact: their line ends, and lines in them that begin with #, belong to them.';

export interface NvsCsvOptions {
  /** Contents of a file that a line of type `file` names; without it such a line is refused. */
  readFile?(path: string): Uint8Array;
  /** Told of what is passed over, or read otherwise than one may think: one sentence each. */
  note?(sentence: string): void;
}

/**
 * Parses `csv` to entries in order, with an item of its own for a namespace that no value follows.
 * A first record with the columns' names says their order; without one they are in the usual.
 * @throws AppError `invalid` that names the line
 */
export function parseNvsCsv(csv: string, options: NvsCsvOptions = {}): NvsItem[] {
  const records = parseCsv(csv, { exact: isExact(csv), note: options.note });
  const header = headerOf(records[0]);
  if (!header) requireCommas(records[0]);
  const items: NvsItem[] = [];
  const opened = new Set<string>();
  let namespace: string | null = null;
  for (const record of header ? records.slice(1) : records) {
    const row = rowOf(record, header ?? COLUMNS);
    const wrong = (what: string) => new AppError('invalid', `Line ${record.line}: ${what}.`);
    const note = (what: string) => options.note?.(`Line ${record.line}: ${what}.`);
    if (row.type === 'namespace') {
      noteNamespace(row, opened, note);
      namespace = row.key;
      if (!opened.has(namespace)) items.push({ namespace, type: 'namespace' });
      opened.add(namespace);
      continue;
    }
    if (namespace === null) throw wrong('a namespace line must come first');
    noteKey(row.key, note);
    items.push(toEntry(namespace, row, contentOf(row, options, wrong), wrong));
  }
  return items.filter((item, i) => item.type !== 'namespace' || !opens(item, items[i + 1]));
}

/** `entries` as CSV that {@link parseNvsCsv} and Espressif's generator read. */
export function formatNvsCsv(entries: readonly NvsItem[]): string {
  const lines: string[] = [COLUMNS.join(',')];
  if (entries.some((entry) => entry.type === 'string' && /\r|\n#/.test(entry.value))) {
    lines.unshift(EXACT);
  }
  let namespace: string | null = null;
  for (const entry of entries) {
    if (entry.namespace !== namespace) {
      namespace = entry.namespace;
      lines.push(`${csvCell(namespace)},namespace,,`);
    }
    if (entry.type === 'namespace') continue;
    const [encoding, value] =
      entry.type === 'blob' ? ['hex2bin', toHex(entry.value)] : [entry.type, `${entry.value}`];
    lines.push([entry.key, 'data', encoding, value].map(csvCell).join(','));
  }
  return `${lines.join('\n')}\n`;
}

/** {@link EXACT} among the comments above the first record. */
function isExact(csv: string): boolean {
  const top = /^\uFEFF?((?:#[^\r\n]*)?(?:\r\n|\r|\n))*/.exec(csv)?.[0] ?? '';
  return top.split(/[\r\n]+/).includes(EXACT);
}

/** The entry behind the line of a namespace opens it just as well. */
function opens(item: NvsItem, next: NvsItem | undefined): boolean {
  return next !== undefined && next.type !== 'namespace' && next.namespace === item.namespace;
}

type Note = (what: string) => void;

function noteNamespace(row: Row, opened: ReadonlySet<string>, note: Note): void {
  if (row.encoding || row.value) note('a namespace has no encoding and no value; passed over');
  if (!opened.has(row.key)) return;
  note(
    `the values below are put into the namespace "${row.key}" that was opened before; ` +
      "Espressif's generator puts them elsewhere",
  );
}

const WIFI_KEYS = ['sta.ssid', 'sta.pswd', 'ap.ssid', 'ap.passwd', 'ap.authmode'];

function noteKey(key: string, note: Note): void {
  if (key !== key.trim()) note(`the key "${key}" is kept with its blank`);
  if (WIFI_KEYS.includes(key)) {
    note(`newer generators of Espressif add entries of their own to "${key}"; here none is added`);
  }
}

function headerOf(first: CsvRecord | undefined): string[] | null {
  const cells = first?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  return COLUMNS.every((column) => cells.includes(column)) ? cells : null;
}

/** Spreadsheets write what their country's settings say, and some say so in a line above. */
function requireCommas(first: CsvRecord | undefined): void {
  const text = first?.cells.join(',') ?? '';
  const other = /^sep=(.)/i.exec(text)?.[1] ?? /^key([;\t|])type\1/i.exec(text)?.[1];
  if (other === undefined) return;
  if (/^sep=/i.test(text)) {
    throw new AppError(
      'invalid',
      `Line ${first?.line}: “${text}” is the spreadsheet’s, not a key.`,
      {
        hint: 'Take the line out; the columns must be separated by commas.',
      },
    );
  }
  const said = other === '\t' ? 'tabs' : `“${other}”`;
  throw new AppError('invalid', `The columns are separated by ${said}, not by commas.`, {
    hint: 'Save the file as CSV with commas (“field delimiter” in the spreadsheet’s settings).',
  });
}

function rowOf({ line, cells }: CsvRecord, columns: readonly string[]): Row {
  const more = cells.slice(columns.length).filter((cell) => cell.trim() !== '');
  if (more.length > 0) {
    const said = more.map((cell) => `"${cell}"`).join(', ');
    throw new AppError(
      'invalid',
      `Line ${line}: ${said} stands behind the last column and would be lost.`,
      {
        hint: 'Put the value into quotes if it holds a comma.',
      },
    );
  }
  const cell = (name: string) => cells[columns.lastIndexOf(name)] ?? '';
  return {
    key: cell('key'),
    type: cell('type').trim(),
    encoding: cell('encoding').trim(),
    value: cell('value'),
  };
}

/** What is to be encoded: the cell's text, or the bytes of the file it names. */
function contentOf(row: Row, { readFile }: NvsCsvOptions, wrong: Wrong): Content {
  if (row.type === 'data') return row.value;
  if (row.type !== 'file') {
    throw wrong(
      `type "${row.type}" is not namespace, data or file; ` +
        "Espressif's generator would take it for data, whatever was meant",
    );
  }
  if (!readFile) throw wrong(`the value is in a file ("${row.value}"), which is not read here`);
  return readFile(row.value);
}

/** These encodings are read in small letters only: in others the generator skips a step. */
const SMALL_ONLY = ['string', 'hex2bin', 'base64'];

function toEntry(namespace: string, row: Row, content: Content, wrong: Wrong): NvsEntry {
  const { key } = row;
  const encoding = row.encoding.toLowerCase();
  if (SMALL_ONLY.includes(encoding) && row.encoding !== encoding) {
    throw wrong(
      `write "${encoding}" in small letters: with "${row.encoding}" Espressif's generator ` +
        'writes another value',
    );
  }
  const integer = INTEGER_TYPES.find((type) => type === encoding) as IntegerType | undefined;
  if (integer) {
    if (row.type === 'file') throw wrong(`a file cannot hold ${encoding}`);
    return { namespace, key, type: integer, value: wholeNumber(row.value, wrong) };
  }
  if (encoding === 'string')
    return { namespace, key, type: 'string', value: textOf(content, wrong) };
  const blob = encodedBlob(row.encoding, content, wrong);
  if (blob) return { namespace, key, type: 'blob', value: blob };
  throw wrong(`encoding "${row.encoding}" is not known`);
}
