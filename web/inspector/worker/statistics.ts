/// What the numbers of a tensor are like: range, mean, deviation, histogram.

import type { Statistics } from './protocol.js';

const BINS = 48;

/**
 * Statistics of the numbers `at(0)` ... `at(count - 1)`. Those that are not finite are counted and otherwise left out;
 * undefined when no finite one is left. Two passes, so that nothing is kept.
 */
export function statisticsOf(count: number, at: (i: number) => number): Statistics | undefined {
  let n = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let mean = 0;
  let squares = 0;
  let zeros = 0;
  for (let i = 0; i < count; i += 1) {
    const value = at(i);
    if (!Number.isFinite(value)) continue;
    n += 1;
    if (value === 0) zeros += 1;
    if (value < min) min = value;
    if (value > max) max = value;
    // Welford's recurrence: no difference of two large sums that would lose its digits.
    const delta = value - mean;
    mean += delta / n;
    squares += delta * (value - mean);
  }
  if (n === 0) return undefined;
  const histogram = new Array<number>(BINS).fill(0);
  const width = (max - min) / BINS;
  for (let i = 0; i < count; i += 1) {
    const value = at(i);
    if (!Number.isFinite(value)) continue;
    const bin = width > 0 ? Math.min(BINS - 1, Math.floor((value - min) / width)) : 0;
    histogram[bin]! += 1;
  }
  const deviation = Math.sqrt(squares / n);
  return { min, max, mean, deviation, zeros, notFinite: count - n, histogram };
}
