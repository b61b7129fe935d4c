/// Files that were made to do harm: what they claim costs no more than what they are.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from 'tensorbundle/node';
import type { FileSet } from '#dist/core/types.js';
import { makeTable, makeTableOfBlocks, type TableEntry } from '../support/table.js';

// Generous: what these cases defend against would take hours.
const SECONDS = 60;

before(() => tf.ready());

const HEADER: TableEntry = ['', Uint8Array.of(0x08, 1, 0x1a, 2, 0x08, 1)];
// A float without dimensions, at offset 0.
const SCALAR = Uint8Array.of(0x08, 1, 0x12, 0, 0x28, 4, 0x35, 0, 0, 0, 0);
const keyOf = (i: number) => `w${String(i).padStart(8, '0')}`;

interface Counted {
  readonly source: { readonly files: FileSet; readonly name: string };
  reads: number;
  bytes: number;
}

// A checkpoint in memory that counts what is read of its index.
function checkpoint(index: Uint8Array): Counted {
  const counted: Counted = {
    source: {
      name: 'm',
      files: {
        label: 'memory',
        list: async () => [{ name: 'm.index', size: index.length }],
        open: async (name) => {
          if (name !== 'm.index') throw new tf.errors.NotFoundError(name);
          return {
            size: index.length,
            read: async (offset, length) => {
              counted.reads += 1;
              counted.bytes += length;
              return index.slice(offset, offset + length);
            },
          };
        },
      },
    },
    reads: 0,
    bytes: 0,
  };
  return counted;
}

async function within<T>(act: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  const result = await act();
  const seconds = (performance.now() - begin) / 1000;
  assert.ok(seconds < SECONDS, `took ${seconds} s`);
  return result;
}

async function heapBytes(): Promise<number> {
  const { engine } = await import('#dist/core/engine.js');
  return engine().module.HEAPU8.length;
}

test('an index of three hundred thousand entries', async () => {
  const blocks: TableEntry[][] = [[HEADER]];
  const perBlock = 5000;
  for (let i = 0; i < 300_000; i += perBlock) {
    blocks.push(Array.from({ length: perBlock }, (_, k) => [keyOf(i + k), SCALAR]));
  }
  const index = makeTableOfBlocks(blocks);
  const before = await heapBytes();
  const { source } = checkpoint(index);
  await within(async () => {
    using reader = await tf.BundleReader.open(source);
    assert.equal(reader.keys().length, 300_000);
    assert.equal(reader.damage, undefined);
    assert.deepEqual(reader.entry(keyOf(299_999)).shape, []);
  });
  assert.ok((await heapBytes()) - before < index.length + (64 << 20));
});

test('blocks of one entry each are not read one by one', async () => {
  const blocks: TableEntry[][] = [[HEADER]];
  for (let i = 0; i < 100_000; ++i) blocks.push([[keyOf(i), SCALAR]]);
  const index = makeTableOfBlocks(blocks);
  const counted = checkpoint(index);
  await within(async () => {
    using reader = await tf.BundleReader.open(counted.source);
    assert.equal(reader.keys().length, 100_000);
    assert.equal(reader.damage, undefined);
  });
  assert.ok(counted.reads < index.length / 30_000, `${counted.reads} reads`);
  assert.ok(counted.bytes < index.length * 1.5);
});

test('names of a megabyte', async () => {
  const name = (i: number) => 'n'.repeat(1 << 20) + i;
  const index = makeTable([HEADER, ...[0, 1, 2, 3].map((i): TableEntry => [name(i), SCALAR])]);
  const { source } = checkpoint(index);
  await within(async () => {
    using reader = await tf.BundleReader.open(source);
    assert.deepEqual(reader.keys(), [0, 1, 2, 3].map(name));
    await assert.rejects(reader.lookup(name(3)), { code: 'NOT_FOUND' });
    await assert.rejects(reader.lookup(name(4)), {
      code: 'NOT_FOUND',
      message: `Key ${name(4)} not found in checkpoint`,
    });
    const report = await reader.verify();
    assert.equal(report.ok, false);
  });
});

test('a few bytes that stand for names of a megabyte each', async () => {
  const front = 'n'.repeat(1 << 20);
  const entries: TableEntry[] = [HEADER, [`${front}000000`, SCALAR]];
  for (let i = 1; i < 50_000; ++i) {
    entries.push([String(i).padStart(6, '0'), SCALAR, front.length]);
  }
  const index = makeTable(entries);
  assert.ok(index.length < 4 << 20);
  const before = await heapBytes();
  const { source } = checkpoint(index);
  await within(async () => {
    using reader = await tf.BundleReader.open(source);
    assert.equal(reader.damage?.code, 'RESOURCE_EXHAUSTED');
    assert.ok(reader.keys().length < 150);
  });
  assert.ok((await heapBytes()) - before < index.length + (64 << 20));
});

test('a pattern of many stars', async () => {
  const { listMatching } = await import('#dist/core/glob.js');
  const names = ['a'.repeat(5000), `${'a'.repeat(5000)}b`, 'b/a', 'b/c/a'];
  const files: FileSet = {
    list: async () => names.map((name) => ({ name, size: 0 })),
    open: () => Promise.reject(new tf.errors.NotFoundError('no')),
  };
  const matches = async (...patterns: string[]) =>
    (await listMatching(files, patterns)).map(({ name }) => name);
  await within(async () => {
    assert.deepEqual(await matches(`${'*a'.repeat(500)}b`), [names[1]]);
    assert.deepEqual(await matches(`${'*a'.repeat(500)}c`), []);
    assert.deepEqual(await matches(`*${'?'.repeat(4000)}b`), [names[1]]);
    assert.deepEqual(await matches('*'.repeat(10_000)), names.slice(0, 2));
  });
  // Stars, question marks and sets stay in their folder; a range that runs backwards is empty.
  assert.deepEqual(await matches('b*a', 'b?a', 'b[!x]a', 'b[.-0]a'), []);
  assert.deepEqual(await matches('*/a'), ['b/a']);
  assert.deepEqual(await matches('b/*/[a-c]', '[c-a]/a'), ['b/c/a']);
  assert.deepEqual(await matches('[bc]/[!b]', '\\b/\\c/a'), ['b/a', 'b/c/a']);
});
