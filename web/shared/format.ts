/// Numbers as people read them.

import { languageTag } from './i18n.js';

/** 36 -> "36 B", 31400 -> "31.4 kB". */
export function formatBytes(n: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  let value = n;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(languageTag.value, {
    style: 'unit',
    unit: units[unit] ?? 'byte',
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumSignificantDigits: 3,
  }).format(value);
}

/** 1234 -> "1,234". */
export function formatCount(n: number): string {
  return new Intl.NumberFormat(languageTag.value).format(n);
}

/** 34.2 -> "34 ms", 2510 -> "2.51 s". */
export function formatDuration(ms: number): string {
  const seconds = ms >= 1000;
  return new Intl.NumberFormat(languageTag.value, {
    style: 'unit',
    unit: seconds ? 'second' : 'millisecond',
    unitDisplay: 'short',
    maximumFractionDigits: seconds ? 2 : 0,
  }).format(seconds ? ms / 1000 : Math.max(1, ms));
}

/** 10 -> "0a". */
export function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** A measured quantity, to `digits` significant digits: 0.91234 -> "0.912". */
export function formatValue(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return String(value);
  return new Intl.NumberFormat(languageTag.value, { maximumSignificantDigits: digits }).format(
    value,
  );
}
