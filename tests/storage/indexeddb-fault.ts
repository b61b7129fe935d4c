// Makes IndexedDB run out of quota at a chosen file. No import: also runs in the page of a real browser.

/**
 * From now on storing the record of the file at `path`, or any chunk when it is
 * undefined, fails as a full quota does. The result undoes that.
 */
export function failingPut(path: string | undefined): () => Promise<void> {
  const { put, add } = IDBObjectStore.prototype;
  const key = path?.replace(/^indexeddb:\/\//, '');
  const fails = (store: IDBObjectStore, value: unknown): boolean =>
    key === undefined ? store.name === 'chunks' : (value as { path?: string }).path === key;
  IDBObjectStore.prototype.put = function (value: unknown, ...rest): IDBRequest<IDBValidKey> {
    if (fails(this, value)) throw new DOMException('Quota exceeded', 'QuotaExceededError');
    return put.call(this, value, ...rest);
  };
  IDBObjectStore.prototype.add = function (value: unknown, ...rest): IDBRequest<IDBValidKey> {
    if (fails(this, value)) throw new DOMException('Quota exceeded', 'QuotaExceededError');
    return add.call(this, value, ...rest);
  };
  return async () => {
    IDBObjectStore.prototype.put = put;
    IDBObjectStore.prototype.add = add;
  };
}
