/**
 * The CSV of Espressif's NVS generator: `key,type,encoding,value`, a `namespace` line before its
 * keys. Values given as files (`type` = file) are not read here: this code knows no file system.
 */
import { AppError } from '../errors.ts';
import { toHex } from './bytes.ts';
import { INTEGER_TYPES, type IntegerType, type NvsEntry } from './nvs-format.ts';

/**
 * Parses `csv` to entries in order.
 * @throws AppError `invalid` that names the line
 */
export function parseNvsCsv(csv: string): NvsEntry[] {
  const entries: NvsEntry[] = [];
  let namespace: string | null = null;
  csv.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === '' || line.startsWith('#') || (index === 0 && /^key,/.test(line))) return;
    const [key = '', type = '', encoding = '', value = ''] = splitCsvLine(line);
    const wrong = (what: string) => new AppError('invalid', `Line ${index + 1}: ${what}.`);
    if (type === 'namespace') {
      namespace = key;
      return;
    }
    if (type !== 'data') throw wrong(`type "${type}" is not namespace or data`);
    if (namespace === null) throw wrong('a namespace line must come first');
    entries.push(toEntry(namespace, key, encoding, value, wrong));
  });
  return entries;
}

/** `entries` as CSV that {@link parseNvsCsv} and Espressif's generator read. */
export function formatNvsCsv(entries: readonly NvsEntry[]): string {
  const lines = ['key,type,encoding,value'];
  let namespace: string | null = null;
  for (const entry of entries) {
    if (entry.namespace !== namespace) {
      namespace = entry.namespace;
      lines.push(`${namespace},namespace,,`);
    }
    const [encoding, value] =
      entry.type === 'blob' ? ['hex2bin', toHex(entry.value)] : [entry.type, `${entry.value}`];
    lines.push(`${entry.key},data,${encoding},${quote(value)}`);
  }
  return `${lines.join('\n')}\n`;
}

function toEntry(
  namespace: string,
  key: string,
  encoding: string,
  value: string,
  wrong: (what: string) => AppError,
): NvsEntry {
  if (encoding === 'string') return { namespace, key, type: 'string', value };
  if (encoding === 'hex2bin') {
    if (!/^([0-9a-f]{2})*$/i.test(value)) throw wrong('hex2bin wants an even number of hex digits');
    const bytes = Uint8Array.from(value.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    return { namespace, key, type: 'blob', value: bytes };
  }
  const integer = INTEGER_TYPES.find((type) => type === encoding) as IntegerType | undefined;
  if (!integer) throw wrong(`encoding "${encoding}" is not known`);
  if (!/^-?(0x[0-9a-f]+|\d+)$/i.test(value)) throw wrong(`"${value}" is not a whole number`);
  const negative = value.startsWith('-');
  const magnitude = BigInt(negative ? value.slice(1) : value);
  return { namespace, key, type: integer, value: negative ? -magnitude : magnitude };
}

/** RFC 4180 cells of one line; a quoted cell may hold commas and doubled quotes. */
function splitCsvLine(line: string): string[] {
  const cells = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)];
  return cells.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}

function quote(value: string): string {
  return /[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
