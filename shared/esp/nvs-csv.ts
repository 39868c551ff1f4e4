/**
 * The CSV of Espressif's NVS generator: `key,type,encoding,value`, a `namespace` line before its
 * keys. Source: ESP-IDF "NVS Partition Generator Utility". Knows no file system: whoever has one
 * hands it in.
 */
import { AppError } from '../errors.ts';
import { toHex } from './bytes.ts';
import { type CsvRecord, csvCell, parseCsv } from './csv.ts';
import { INTEGER_TYPES, type IntegerType, type NvsEntry } from './nvs-format.ts';

const COLUMNS = ['key', 'type', 'encoding', 'value'] as const;
type Row = Record<(typeof COLUMNS)[number], string>;

export interface NvsCsvOptions {
  /** Contents of a file that a line of type `file` names; without it such a line is refused. */
  readFile?(path: string): Uint8Array;
  /** Told of what the generator passes over: one sentence each. */
  note?(sentence: string): void;
}

/**
 * Parses `csv` to entries in order. A first record with the columns' names says their order;
 * without one they are in the usual.
 * @throws AppError `invalid` that names the line
 */
export function parseNvsCsv(csv: string, options: NvsCsvOptions = {}): NvsEntry[] {
  const records = parseCsv(csv);
  const header = headerOf(records[0]);
  const entries: NvsEntry[] = [];
  let namespace: string | null = null;
  for (const record of header ? records.slice(1) : records) {
    const row = rowOf(record, header ?? COLUMNS);
    const wrong = (what: string) => new AppError('invalid', `Line ${record.line}: ${what}.`);
    if (row.type === 'namespace') {
      if (row.encoding || row.value) {
        options.note?.(
          `Line ${record.line}: a namespace has no encoding and no value; passed over.`,
        );
      }
      namespace = row.key;
      continue;
    }
    if (row.type !== 'data' && row.type !== 'file') {
      throw wrong(`type "${row.type}" is not namespace, data or file`);
    }
    if (namespace === null) throw wrong('a namespace line must come first');
    entries.push(toEntry(namespace, row, contentOf(row, options, wrong), wrong));
  }
  return entries;
}

/** `entries` as CSV that {@link parseNvsCsv} and Espressif's generator read. */
export function formatNvsCsv(entries: readonly NvsEntry[]): string {
  const lines: string[] = [COLUMNS.join(',')];
  let namespace: string | null = null;
  for (const entry of entries) {
    if (entry.namespace !== namespace) {
      namespace = entry.namespace;
      lines.push(`${csvCell(namespace)},namespace,,`);
    }
    const [encoding, value] =
      entry.type === 'blob' ? ['hex2bin', toHex(entry.value)] : [entry.type, `${entry.value}`];
    lines.push([entry.key, 'data', encoding, value].map(csvCell).join(','));
  }
  return `${lines.join('\n')}\n`;
}

function headerOf(first: CsvRecord | undefined): string[] | null {
  const cells = first?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  return COLUMNS.every((column) => cells.includes(column)) ? cells : null;
}

function rowOf({ line, cells }: CsvRecord, columns: readonly string[]): Row {
  const more = cells.slice(columns.length).filter((cell) => cell.trim() !== '');
  if (more.length > 0) {
    const said = more.map((cell) => `"${cell}"`).join(', ');
    throw new AppError('invalid', `Line ${line}: ${said} stands behind the last column.`, {
      hint: 'Put the value into quotes if it holds a comma.',
    });
  }
  const cell = (name: string) => cells[columns.indexOf(name)] ?? '';
  const [key, type, encoding] = ['key', 'type', 'encoding'].map((name) => cell(name).trim());
  return { key: key ?? '', type: type ?? '', encoding: encoding ?? '', value: cell('value') };
}

type Wrong = (what: string) => AppError;

/** What is to be encoded: the cell's text, or the bytes of the file it names. */
function contentOf(row: Row, { readFile }: NvsCsvOptions, wrong: Wrong): string | Uint8Array {
  if (row.type === 'data') return row.value;
  if (!readFile) throw wrong(`the value is in a file ("${row.value}"), which is not read here`);
  return readFile(row.value);
}

const TEXT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function toEntry(
  namespace: string,
  row: Row,
  content: string | Uint8Array,
  wrong: Wrong,
): NvsEntry {
  const { key, encoding } = row;
  const text = () => (typeof content === 'string' ? content : textOf(content, wrong));
  const blob = (value: Uint8Array) => ({ namespace, key, type: 'blob', value }) as const;
  if (encoding === 'string') return { namespace, key, type: 'string', value: text() };
  if (encoding === 'hex2bin') return blob(fromHex(text().trim(), wrong));
  if (encoding === 'base64') return blob(fromBase64(text().trim(), wrong));
  if (encoding === 'binary') {
    return blob(typeof content === 'string' ? new TextEncoder().encode(content) : content);
  }
  const integer = INTEGER_TYPES.find((type) => type === encoding) as IntegerType | undefined;
  if (!integer) throw wrong(`encoding "${encoding}" is not known`);
  if (row.type === 'file') throw wrong(`a file cannot hold ${encoding}`);
  return { namespace, key, type: integer, value: wholeNumber(row.value.trim(), wrong) };
}

function textOf(bytes: Uint8Array, wrong: Wrong): string {
  try {
    return TEXT.decode(bytes);
  } catch {
    throw wrong('the file is not UTF-8 text; write it as binary');
  }
}

function fromHex(text: string, wrong: Wrong): Uint8Array {
  if (!/^([0-9a-f]{2})*$/i.test(text)) throw wrong('hex2bin wants an even number of hex digits');
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function fromBase64(text: string, wrong: Wrong): Uint8Array {
  const digits = text.replace(/[\r\n]/g, '');
  const whole = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
  if (!whole.test(digits)) throw wrong('base64 wants groups of four characters (RFC 4648)');
  const bytes: number[] = [];
  let [bits, held] = [0, 0];
  for (const digit of digits.replaceAll('=', '')) {
    held = ((held << 6) | BASE64.indexOf(digit)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return Uint8Array.from(bytes);
}

/** As Python's `int(text, 0)`: decimal without leading zeros, or 0x, 0o, 0b. */
function wholeNumber(text: string, wrong: Wrong): bigint {
  const match = /^([+-]?)(0x[0-9a-f]+|0o[0-7]+|0b[01]+|0+|[1-9]\d*)$/i.exec(text);
  if (!match) throw wrong(`"${text}" is not a whole number`);
  const magnitude = BigInt((match[2] ?? '0').toLowerCase());
  return match[1] === '-' ? -magnitude : magnitude;
}
