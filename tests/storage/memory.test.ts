// memory:// and the imitation of transactions for sets that can only create files singly.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginTransaction } from '#dist/core/file-transaction.js';
import type { FileSet } from '#dist/core/types.js';
import { MemoryStorage } from '#dist/storage/memory.js';
import { faulty } from './fault.js';
import { runContract } from './run-contract.js';

const storage = new MemoryStorage();
let folders = 0;

runContract('memory', {
  folder: async () => storage.locate(`memory://f${folders++}/x`).files,
  reopen: async (files) => storage.locate(`${files.label}/x`).files,
  replaced: 'keeps',
  atomic: true,
});

/** What a user's own FileSet may look like: no `begin`. */
function withoutBegin(files: FileSet): FileSet {
  return {
    label: files.label,
    list: (options) => files.list(options),
    open: (name, options) => files.open(name, options),
    create: (name) => files.create!(name),
    remove: (name) => files.remove!(name),
  };
}

runContract('a set without begin()', {
  folder: async () => {
    const plain = withoutBegin(storage.locate(`memory://f${folders++}/x`).files);
    return { ...plain, begin: () => beginTransaction(plain) };
  },
  replaced: 'keeps',
  atomic: false,
});

test('files appear in the order in which they were created', async () => {
  const seen: string[] = [];
  const plain = withoutBegin(new MemoryStorage().locate('memory://x').files);
  const files: FileSet = {
    ...plain,
    create: async (name) => {
      const sink = await plain.create!(name);
      return { ...sink, close: async () => void seen.push(name), abort: sink.abort };
    },
  };
  const transaction = await beginTransaction(files);
  const sinks = ['m.data', 'm.index', 'checkpoint'].map((name) => transaction.create(name));
  for (const sink of (await Promise.all(sinks)).reverse()) await sink.close();
  await transaction.commit();
  assert.deepEqual(seen, ['m.data', 'm.index', 'checkpoint']);
});

test('a sink that fails once poisons the transaction', async () => {
  for (const step of ['create', 'write', 'close', 'commit'] as const) {
    const files = new MemoryStorage().locate('memory://x').files;
    const transaction = await beginTransaction(faulty(files, { step, name: 'm.index' }));
    const save = async (): Promise<void> => {
      for (const name of ['m.data', 'm.index']) {
        const sink = await transaction.create(name);
        await sink.write(new Uint8Array(3));
        await sink.close();
      }
      await transaction.commit();
    };
    await assert.rejects(save(), { code: 'RESOURCE_EXHAUSTED' }, step);
    await transaction.abort();
    assert.deepEqual(await files.list(), [], step);
  }
});

test('a folder exists while a file is in it', async () => {
  const own = new MemoryStorage();
  assert.equal(await own.isDirectory('memory://a'), false);
  await (await own.locate('memory://a/b/c').files.create!('c')).close();
  assert.equal(await own.isDirectory('memory://a/'), true);
  assert.equal(await own.isDirectory('memory://a/b'), true);
  assert.equal(await own.isDirectory('memory://a/b/c'), false);
  assert.equal((await own.locate('memory:///a/./x/../b/c').files.open('c')).size, 0);
});

test('a set that cannot create says so', async () => {
  const reading: FileSet = { label: 'mine', list: async () => [], open: async () => assert.fail() };
  await assert.rejects(beginTransaction(reading), { code: 'UNIMPLEMENTED', message: /^mine; / });
});
