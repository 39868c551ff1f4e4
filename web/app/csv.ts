/**
 * Tables as CSV files that people open in a spreadsheet: RFC 4180, UTF-8 with a byte order mark so
 * that Excel reads it as such. Text that a spreadsheet would take for a formula stays text (OWASP,
 * CSV injection). Knows no columns.
 */

/** A number is written as it is, with a point; null is an empty cell. */
export type Cell = string | number | null;

/** What makes a spreadsheet calculate: as the first character, or behind spaces. */
const FORMULA = /^\s*[=+\-@＝＋－＠\t\r]/;

/** @param rows the header first */
export function csvOf(rows: readonly (readonly Cell[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('')}`;
}

function cellOf(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
