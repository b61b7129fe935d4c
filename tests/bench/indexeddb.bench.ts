/// Writing and reading 256 MB in 8 tensors in IndexedDB, against putting and getting the same bytes. For browsers.

import * as tf from 'tensorbundle';
import { compare } from './harness.js';
import { TENSOR_BYTES, TOTAL_BYTES, tensors, transferCases } from './transfer.js';

await tf.ready();
const STORE = 'tensors';
const database = await new Promise<IDBDatabase>((resolve, reject) => {
  const request = indexedDB.open('plain', 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

function transact(mode: IDBTransactionMode, act: (store: IDBObjectStore) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode);
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    act(transaction.objectStore(STORE));
  });
}

await compare(
  '256 MB in IndexedDB',
  {
    name: `putting arrays of ${TENSOR_BYTES / 1e6} MB`,
    bytes: TOTAL_BYTES,
    run: () =>
      transact('readwrite', (store) => {
        for (const [i, tensor] of tensors.entries()) store.put(tensor, i);
      }),
  },
  [
    {
      name: 'getting them',
      bytes: TOTAL_BYTES,
      run: () =>
        transact('readonly', (store) => {
          for (let i = 0; i < tensors.length; ++i) {
            const request: IDBRequest<Float32Array> = store.get(i);
            // Chromium reads nothing before somebody looks.
            request.onsuccess = () => request.result.at(-1);
          }
        }),
    },
    ...transferCases('indexeddb://bench/large'),
  ],
);
