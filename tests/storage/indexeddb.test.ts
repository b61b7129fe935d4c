// IndexedDB: chunks first, then one transaction that flips every file; orphans are swept. Here with an
// imitation of the browser's database; tests/web/storage.test.ts runs the same suite in real ones.

import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileSet } from '#dist/core/types.js';
import { IndexedDbStorage } from '#dist/storage/indexeddb.js';
import { CHUNKS, Database, FILES, PENDING } from '#dist/storage/indexeddb-database.js';
import { failingPut } from './indexeddb-fault.js';
import { runContract } from './run-contract.js';

const storage = new IndexedDbStorage();
let folders = 0;

runContract('indexeddb', {
  folder: async () => storage.locate(`indexeddb://f${folders++}/x`).files,
  reopen: async (files) => new IndexedDbStorage().locate(`${files.label}/x`).files,
  failCommit: async (files, name) => failingPut(`${files.label}/${name}`),
  replaced: 'fails',
  atomic: true,
});

async function count(database: string, store: string): Promise<number> {
  const own = new Database(database);
  const n = await own.read(store, '', (it) => it.count());
  await own.close();
  return n;
}

async function save(files: FileSet, name: string, size: number): Promise<void> {
  const sink = await files.create!(name);
  await sink.write(new Uint8Array(size));
  await sink.close();
}

test('a save that replaces another leaves only its own chunks', async () => {
  const files = new IndexedDbStorage({ database: 'replace' }).locate('m').files;
  for (const size of [9 << 20, 1, (1 << 20) + 1]) await save(files, 'm', size);
  assert.equal(await count('replace', CHUNKS), 2);
  assert.equal(await count('replace', FILES), 1);
  assert.equal(await count('replace', PENDING), 0);
  await files.remove!('m');
  assert.equal(await count('replace', CHUNKS), 0);
});

test('an aborted save leaves nothing', async () => {
  const files = new IndexedDbStorage({ database: 'abort' }).locate('m').files;
  const transaction = await files.begin!();
  await (await transaction.create('m')).write(new Uint8Array(9 << 20));
  await transaction.abort();
  assert.equal((await count('abort', CHUNKS)) + (await count('abort', PENDING)), 0);
});

test('what a dead page left is swept by a later save, once it is a day old', async (context) => {
  const files = new IndexedDbStorage({ database: 'orphans' }).locate('m').files;
  const dead = await files.begin!();
  await (await dead.create('m')).write(new Uint8Array(9 << 20));
  await save(files, 'n', 1);
  assert.equal(await count('orphans', PENDING), 1);
  const later = Date.now() + 25 * 60 * 60 * 1000;
  context.mock.method(Date, 'now', () => later);
  await save(files, 'n', 1);
  assert.equal(await count('orphans', PENDING), 0);
  assert.equal(await count('orphans', CHUNKS), 1);
});

test('a save that was swept away cannot commit', async (context) => {
  const files = new IndexedDbStorage({ database: 'swept' }).locate('m').files;
  const slow = await files.begin!();
  const sink = await slow.create('m');
  await sink.write(new Uint8Array(5 << 20));
  await sink.close();
  const later = Date.now() + 25 * 60 * 60 * 1000;
  context.mock.method(Date, 'now', () => later);
  await save(files, 'n', 1);
  await assert.rejects(slow.commit(), { code: 'ABORTED' });
  assert.deepEqual(
    (await files.list()).map(({ name }) => name),
    ['n'],
  );
});

test('a full quota is RESOURCE_EXHAUSTED, at whichever chunk it strikes', async () => {
  const files = new IndexedDbStorage({ database: 'quota' }).locate('indexeddb://d/m').files;
  await save(files, 'm', 10);
  const repair = failingPut(undefined);
  const transaction = await files.begin!();
  const sink = await transaction.create('m');
  const write = async (): Promise<void> => {
    for (let i = 0; i < 4; i++) await sink.write(new Uint8Array(4 << 20));
    await sink.close();
  };
  await assert.rejects(write(), {
    code: 'RESOURCE_EXHAUSTED',
    message: 'indexeddb://d/m; Disk quota exceeded',
  });
  await repair();
  await transaction.abort();
  assert.equal((await files.open('m')).size, 10);
  assert.equal(await count('quota', CHUNKS), 1);
});

test('plain paths and indexeddb:// meet in one place', async () => {
  const own = new IndexedDbStorage({ database: 'paths' });
  await save(own.locate('./model.ckpt').files, 'model.ckpt', 3);
  for (const path of ['/model.ckpt', 'indexeddb://model.ckpt', 'x/../model.ckpt']) {
    assert.equal((await own.locate(path).files.open('model.ckpt')).size, 3, path);
  }
  assert.equal(await own.isDirectory('model.ckpt'), false);
  assert.equal(await own.isDirectory('.'), true);
});
