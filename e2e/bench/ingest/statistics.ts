/** What the bench says of its rounds: medians, quantiles, and how sure they are. Knows no unit. */

/** @param q 0 to 1 @returns NaN of nothing */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (low === undefined || high === undefined) return Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** So many of such intervals hold the true median. */
const CONFIDENCE = 0.9;

/**
 * The narrowest interval between two of the values, equally far from both ends, that holds the
 * median with 90 % or more: as many values lie under the true median as coins fall on one side.
 * Few values hold it less often than that; then it is all of them.
 */
export function medianInterval(values: readonly number[]): [number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  let left = 0;
  for (let tail = 2 * chance(n, 0); left + 1 < n / 2; left += 1) {
    tail += 2 * chance(n, left + 1);
    if (1 - tail < CONFIDENCE) break;
  }
  return [sorted[left] ?? Number.NaN, sorted[n - 1 - left] ?? Number.NaN];
}

/** That exactly k of n coins fall on one side. */
function chance(n: number, k: number): number {
  let ways = 1;
  for (let i = 0; i < k; i += 1) ways *= (n - i) / (i + 1);
  return ways / 2 ** n;
}
