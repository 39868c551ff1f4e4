/** The ledger of a soak as text: a line for each unit, the sum, the complaints. Knows no judge. */
import { markdownTable } from '../../scripts/figures/figures.ts';
import type { Ledger } from './oracle.ts';

const COLUMNS = [
  ['periods', 'periods'],
  ['stored_once', 'stored once'],
  ['stored_twice', 'stored twice'],
  ['dropped_counted', 'dropped, counted'],
  ['cut_by_power', 'cut by power'],
  ['unexplained', 'unexplained'],
] as const;
/** A fault in the oracle itself must not print a million lines. */
const COMPLAINTS_MAX = 40;

type Numbers = Pick<Ledger, (typeof COLUMNS)[number][0]>;

export function sumOf(ledgers: readonly Ledger[]): Numbers {
  const sum = (key: keyof Numbers) => ledgers.reduce((total, ledger) => total + ledger[key], 0);
  return Object.fromEntries(COLUMNS.map(([key]) => [key, sum(key)])) as unknown as Numbers;
}

/** The sums as a table for docs/soak.md. */
export function ledgerTable(ledgers: readonly Ledger[]): string {
  const sums = sumOf(ledgers);
  return markdownTable(
    ['of all units', 'slots'],
    COLUMNS.map(([key, title]) => [title, sums[key]]),
  );
}

export function ledgerText(ledgers: readonly Ledger[]): string {
  const row = (name: string, numbers: Numbers) =>
    name.padEnd(10) +
    COLUMNS.map(([key, title]) => String(numbers[key]).padStart(title.length + 2)).join('');
  const head = ' '.repeat(10) + COLUMNS.map(([, title]) => `  ${title}`).join('');
  const complaints = ledgers.flatMap((ledger) => ledger.complaints);
  const lines = [head, ...ledgers.map((ledger) => row(ledger.unit, ledger))];
  lines.push(row('all', sumOf(ledgers)), ...complaints.slice(0, COMPLAINTS_MAX));
  const more = complaints.length - COMPLAINTS_MAX;
  if (more > 0) lines.push(`… and ${more} more`);
  return lines.join('\n');
}
