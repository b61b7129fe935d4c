/// Values as Node's console shows them, near enough for a lesson; what has a text of its own says it.

import { describe } from '../../shared/problem.js';

const MAX_DEPTH = 3;
const MAX_ITEMS = 100;

function items(values: Iterable<unknown>, show: (value: unknown) => string): string {
  const shown: string[] = [];
  let n = 0;
  for (const value of values) {
    if (n < MAX_ITEMS) shown.push(show(value));
    n += 1;
  }
  if (n > MAX_ITEMS) shown.push(`… ${n - MAX_ITEMS} more items`);
  return shown.join(', ');
}

function hasOwnText(value: object): boolean {
  const own: unknown = value.toString;
  return typeof own === 'function' && own !== Object.prototype.toString;
}

function inspectObject(value: object, depth: number): string {
  const show = (inner: unknown) => inspect(inner, depth + 1, true);
  if (Array.isArray(value)) return depth > MAX_DEPTH ? '[Array]' : `[ ${items(value, show)} ]`;
  if (ArrayBuffer.isView(value) && Symbol.iterator in value) {
    const view = value as unknown as Iterable<unknown> & { length: number };
    return `${value.constructor.name}(${view.length}) [ ${items(view, show)} ]`;
  }
  if (value instanceof Map) {
    const pairs = items(value, (pair) => (pair as unknown[]).map(show).join(' => '));
    return `Map(${value.size}) { ${pairs} }`;
  }
  if (value instanceof Set) return `Set(${value.size}) { ${items(value, show)} }`;
  if (value instanceof Error) {
    const { name, message } = describe(value);
    return `${name}: ${message}`;
  }
  if (hasOwnText(value)) return String(value);
  const name = value.constructor?.name ?? 'Object';
  const label = name === 'Object' ? '' : `${name} `;
  if (depth > MAX_DEPTH) return `[${name}]`;
  const entries = Object.entries(value);
  if (entries.length === 0) return `${label}{}`;
  const body = items(entries, (entry) => {
    const [key, inner] = entry as [string, unknown];
    return `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)}: ${show(inner)}`;
  });
  return `${label}{ ${body} }`;
}

/** The text for `value`; strings are quoted when they are inside something. */
export function inspect(value: unknown, depth = 0, quoted = false): string {
  if (typeof value === 'string') return quoted ? `'${value}'` : value;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'symbol') return value.toString();
  if (typeof value === 'function') {
    return /^class\b/.test(String(value)) ? `[class ${value.name}]` : `[Function: ${value.name}]`;
  }
  if (typeof value !== 'object' || value === null)
    return Object.is(value, -0) ? '-0' : String(value);
  return inspectObject(value, depth);
}
