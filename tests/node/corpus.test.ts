/// Real checkpoints, where the corpus is: read as an independent reader read them.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { before, test } from 'node:test';
import * as tf from 'tensorbundle/node';
import { corpus, foldersIn, readJson } from '../support/corpus.js';

const CORPUS = corpus();
const options = CORPUS === undefined ? { skip: 'no corpus' } : {};

before(() => tf.ready());

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

interface Tensors {
  readonly format: string;
  readonly header: { readonly num_shards: number };
  readonly tensors: readonly {
    readonly name: string;
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly shard: number;
    readonly offset: number;
    readonly size: number;
    readonly crc32c: string;
    readonly crc_ok?: boolean;
    readonly sha256?: string;
    readonly slices?: readonly { readonly sha256: string }[];
  }[];
}

async function compareV1(path: string, want: Tensors): Promise<void> {
  const { reader, format } = await tf.openCheckpoint(path);
  assert.equal(format, 'V1');
  assert.deepEqual(reader.keys(), want.tensors.map(({ name }) => name).sort());
  for (const { name, dtype, shape, size, slices } of want.tensors) {
    const entry = reader.entry(name);
    assert.deepEqual([entry.dtype.name, entry.shape, entry.size], [dtype, shape, size]);
    assert.equal(sha256((await reader.lookup(name)).bytes()), slices![0]!.sha256, name);
  }
  assert.equal((await reader.verify()).ok, true);
  reader.close();
}

test('real checkpoints are what an independent reader says', options, async (t) => {
  for (const folder of foldersIn(join(CORPUS!, 'checkpoints'), /./)) {
    for (const [prefix, want] of Object.entries(
      readJson<Record<string, Tensors>>(join(folder, 'TENSORS.json')),
    )) {
      await t.test(`${relative(CORPUS!, folder)} ${prefix}`, async () => {
        const path = join(folder, prefix === '(empty)' ? '' : prefix);
        if (want.format === 'V1') return compareV1(path, want);
        await compare(prefix === '' || prefix === '(empty)' ? `${folder}/` : path, want);
      });
    }
  }
});

async function compare(path: string, want: Tensors): Promise<void> {
  const { reader } = await tf.openCheckpoint(path);
  assert.equal(reader.header.numShards, want.header.num_shards);
  const digests = new Map<string, ReturnType<typeof createHash>>();
  const report = await reader.verify({
    onBytes: ({ key }, chunk) => {
      if (!digests.has(key)) digests.set(key, createHash('sha256'));
      digests.get(key)!.update(chunk);
    },
  });
  assert.deepEqual(
    report.tensors.map(({ entry }) => ({
      name: entry.key,
      dtype: entry.dtype.name,
      shape: entry.shape,
      shard: entry.shardId,
      offset: entry.offset,
      size: entry.size,
      crc32c: entry.crc32c.toString(16).padStart(8, '0'),
    })),
    want.tensors.map(({ name, dtype, shape, shard, offset, size, crc32c }) => ({
      name,
      dtype,
      shape,
      shard,
      offset,
      size,
      crc32c,
    })),
  );
  for (const [i, tensor] of want.tensors.entries()) {
    const { status, error } = report.tensors[i]!;
    if (tensor.sha256 === undefined) {
      // Its shard is not in the corpus.
      assert.equal(error?.code, 'NOT_FOUND', tensor.name);
    } else {
      assert.equal(status, 'OK', tensor.name);
      assert.equal(
        digests.get(tensor.name)?.digest('hex') ?? sha256(new Uint8Array()),
        tensor.sha256,
        tensor.name,
      );
    }
  }
  reader.close();
}

test('a folder, a SavedModel and every file lead to the checkpoint', options, async (t) => {
  for (const folder of foldersIn(join(CORPUS!, 'checkpoints'), /^v2-/)) {
    const index = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
      name.endsWith('.index'),
    );
    if (index === undefined) continue;
    await t.test(relative(CORPUS!, folder), async () => {
      const prefix = join(folder, index).slice(0, -'.index'.length);
      for (const source of [
        `${prefix}.index`,
        ...(index.includes('variables/') ? [folder, dirname(prefix)] : []),
      ]) {
        const { reader, path } = await tf.openCheckpoint(source);
        assert.equal(path, prefix);
        reader.close();
      }
    });
  }
});
