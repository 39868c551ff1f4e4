/**
 * Fewer points that look the same: Largest-Triangle-Three-Buckets (Sveinn Steinarsson,
 * "Downsampling Time Series for Visual Representation", University of Iceland 2013, section 4.2).
 * Of each bucket stays the point that makes the largest triangle with the one kept before and the
 * mean of the next bucket, so that peaks stay. Here every stretch without a gap is one series: a
 * gap is never drawn over, and nothing is ever made up. Linear in time and memory. Pure.
 */

/** Points of a line; y is NaN where the line is broken. */
export interface LinePoints {
  x: Float64Array;
  y: Float64Array;
}

/**
 * Indices of the points that stay, ascending, the first and the last among them.
 * @param most 3 or more; with fewer points than that, all stay
 */
export function lttb({ x, y }: LinePoints, most: number): Uint32Array {
  const n = x.length;
  if (n <= most || most < 3) return Uint32Array.from({ length: n }, (_, i) => i);
  const kept = new Uint32Array(most);
  const perBucket = (n - 2) / (most - 2);
  const bucketStart = (bucket: number) => Math.floor(bucket * perBucket) + 1;
  let last = 0;
  for (let bucket = 0; bucket < most - 2; bucket += 1) {
    const from = bucketStart(bucket);
    const to = bucketStart(bucket + 1);
    const [meanX, meanY] = meanOf({ x, y }, to, Math.min(bucketStart(bucket + 2), n));
    last = largest({ x, y }, from, to, last, meanX, meanY);
    kept[bucket + 1] = last;
  }
  kept[most - 1] = n - 1;
  return kept;
}

function meanOf({ x, y }: LinePoints, from: number, to: number): [number, number] {
  let [sumX, sumY] = [0, 0];
  for (let i = from; i < to; i += 1) {
    sumX += Number(x[i]);
    sumY += Number(y[i]);
  }
  return [sumX / (to - from), sumY / (to - from)];
}

/** Of [from, to) the one with the largest triangle; the first of equals. */
function largest(
  { x, y }: LinePoints,
  from: number,
  to: number,
  last: number,
  meanX: number,
  meanY: number,
): number {
  const [lastX, lastY] = [Number(x[last]), Number(y[last])];
  let [best, bestArea] = [from, -1];
  for (let i = from; i < to; i += 1) {
    // twice the triangle
    const area = Math.abs(
      (lastX - meanX) * (Number(y[i]) - lastY) - (lastX - Number(x[i])) * (meanY - lastY),
    );
    if (area > bestArea) [best, bestArea] = [i, area];
  }
  return best;
}

/**
 * A line with its gaps, in few points. Points without a value are left out; between two that are
 * further apart than a gap, the line is broken by one NaN. A gap narrower than one point's share of
 * the width cannot be seen and counts as none, so that there are at most three times `most` points
 * however many gaps there are.
 * @param points by rising x
 * @param gap a longer distance in x is a gap
 */
export function decimated({ x, y }: LinePoints, most: number, gap: number): LinePoints {
  const known = withValues({ x, y });
  const n = known.x.length;
  if (n === 0) return known;
  const width = Number(known.x[n - 1]) - Number(known.x[0]);
  const runs = runsOf(known.x, Math.max(gap, width / most));
  const parts = runs.map(([from, to]) => {
    const run = { x: known.x.subarray(from, to), y: known.y.subarray(from, to) };
    return { run, kept: lttb(run, Math.max(3, Math.floor((most * (to - from)) / n))) };
  });
  const length = parts.reduce((sum, { kept }) => sum + kept.length, runs.length - 1);
  const line = { x: new Float64Array(length), y: new Float64Array(length) };
  let at = 0;
  for (const { run, kept } of parts) {
    if (at > 0) {
      line.x[at] = (Number(line.x[at - 1]) + Number(run.x[0])) / 2;
      line.y[at] = Number.NaN;
      at += 1;
    }
    for (const i of kept) {
      line.x[at] = Number(run.x[i]);
      line.y[at] = Number(run.y[i]);
      at += 1;
    }
  }
  return line;
}

function withValues({ x, y }: LinePoints): LinePoints {
  const kept = { x: new Float64Array(x.length), y: new Float64Array(x.length) };
  let n = 0;
  for (let i = 0; i < x.length; i += 1) {
    const value = Number(y[i]);
    if (Number.isNaN(value)) continue;
    kept.x[n] = Number(x[i]);
    kept.y[n] = value;
    n += 1;
  }
  return { x: kept.x.subarray(0, n), y: kept.y.subarray(0, n) };
}

/** Stretches [from, to) without a gap. */
function runsOf(x: Float64Array, gap: number): [number, number][] {
  const runs: [number, number][] = [];
  let from = 0;
  for (let i = 1; i < x.length; i += 1) {
    if (Number(x[i]) - Number(x[i - 1]) <= gap) continue;
    runs.push([from, i]);
    from = i;
  }
  runs.push([from, x.length]);
  return runs;
}
