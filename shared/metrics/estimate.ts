/**
 * How exact an estimate may look: docs/visits.md has an hour's visits off by half at worst, so two
 * digits say more than is known already.
 */

/** Two digits that count: 1,204 → 1,200, 112 → 110; below 100 as it is, rounded. */
export function roughly(n: number): number {
  if (n < 100) return Math.round(n);
  const step = 10 ** (Math.floor(Math.log10(n)) - 1);
  return Math.round(n / step) * step;
}
