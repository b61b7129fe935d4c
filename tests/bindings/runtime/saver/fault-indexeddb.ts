// Makes the n-th request to IndexedDB fail as a full quota does. No import of values: also runs in a page.

import type { Injector } from './fault-cases.js';

/** The requests that write, and the beginnings of transactions. */
export function failingRequests(root: string): Injector {
  const store = IDBObjectStore.prototype as unknown as Record<string, unknown>;
  const database = IDBDatabase.prototype as unknown as Record<string, unknown>;
  const originals: [target: Record<string, unknown>, name: string, original: unknown][] = [
    ...['put', 'add', 'delete'].map(
      (name) => [store, name, store[name]] as [never, string, unknown],
    ),
    [database, 'transaction', database.transaction],
  ];
  let left = 0;
  return {
    root,
    arm: (n) => {
      left = n;
      for (const [target, name, original] of originals) {
        target[name] = function (this: unknown, ...args: unknown[]): unknown {
          if (left > 0 && --left === 0) {
            throw new DOMException('Quota exceeded', 'QuotaExceededError');
          }
          return (original as (...all: unknown[]) => unknown).apply(this, args);
        };
      }
    },
    disarm: () => {
      for (const [target, name, original] of originals) target[name] = original;
      const struck = left === 0;
      left = 0;
      return struck;
    },
  };
}
