/// Golden and real checkpoints, where the corpus is: read as TensorFlow read them, written as it wrote them.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { before, test } from 'node:test';
import * as tf from 'tensorbundle/node';
import { corpus, foldersIn, readJson } from '../support/corpus.js';

const CORPUS = corpus();
const options = CORPUS === undefined ? { skip: 'no corpus' } : {};

interface GoldenEntry {
  readonly key: string;
  readonly key_hex?: string;
  readonly dtype: string;
  readonly dtype_enum: number;
  readonly shape: readonly number[];
  readonly shard_id: number;
  readonly offset: number;
  readonly size: number;
  readonly crc32c: number;
  readonly slices?: readonly unknown[];
  readonly lookup_status: string;
  readonly value?: { readonly sha256?: string };
}

interface GoldenDump {
  readonly status: string;
  readonly header?: { readonly num_shards: number; readonly endianness: string };
  readonly entries?: readonly GoldenEntry[];
}

before(() => tf.ready());

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

// The file that the reader was given when TensorFlow's texts were recorded.
const recordedPrefix = './model.ckpt';

test('goldens of whole tensors are read as TensorFlow read them', options, async (t) => {
  for (const folder of foldersIn(join(CORPUS!, 'goldens'), /^(a|b|b2|e|f|h|k|k2|k3|l)_/)) {
    if (!existsSync(join(folder, 'model.ckpt.index')) || !existsSync(join(folder, 'dump.json')))
      continue;
    await t.test(relative(CORPUS!, folder), async () => {
      const dump = readJson<GoldenDump>(join(folder, 'dump.json'));
      const reader = await tf.BundleReader.open(join(folder, 'model.ckpt'));
      assert.equal(reader.header.numShards, dump.header!.num_shards);
      assert.equal(reader.header.endianness, dump.header!.endianness);
      assert.equal(reader.keys().length, dump.entries!.length);
      for (const [i, want] of dump.entries!.entries()) {
        const got = reader.entries()[i]!;
        if (want.key_hex === undefined) assert.equal(got.key, want.key);
        assert.equal(got.dtype.asDatatypeEnum, want.dtype_enum);
        assert.deepEqual(got.shape, want.shape);
        assert.deepEqual(
          [got.shardId, got.offset, got.size],
          [want.shard_id, want.offset, want.size],
        );
        assert.equal(got.crc32c, want.crc32c);
        if (got.slices.length > 0 || want.value?.sha256 === undefined) continue;
        assert.equal(sha256((await reader.lookup(got.key)).bytes()), want.value.sha256, got.key);
      }
      reader.close();
    });
  }
});

test('goldens of one shard are written as TensorFlow wrote them', options, async (t) => {
  for (const name of ['a_tutorial', 'b_dtypes', 'b2_aligned']) {
    await t.test(name, async () => {
      const prefix = join(CORPUS!, 'goldens', name, 'model.ckpt');
      const reader = await tf.BundleReader.open(prefix);
      const dataAlignment = name === 'b2_aligned' ? 64 : 1;
      const copy = `memory://golden/${name}`;
      const writer = new tf.BundleWriter(copy, { dataAlignment });
      // Tensors of no bytes share their offset with the next one and come before it.
      for (const key of inWritingOrder(join(CORPUS!, 'goldens', name, 'spec.txt'))) {
        await writer.add(key, await reader.lookup(key));
      }
      await writer.finish();
      for (const suffix of ['.index', '.data-00000-of-00001']) {
        const wanted = readFileSync(prefix + suffix);
        assert.equal(sha256(await readBack(copy + suffix)), sha256(wanted), suffix);
      }
    });
  }
});

function inWritingOrder(spec: string): string[] {
  return [...readFileSync(spec, 'utf8').matchAll(/^tensor (\S+)/gm)].map((match) => match[1]!);
}

// The bytes of a file in memory storage, through a reader of another kind of source.
async function readBack(path: string): Promise<Uint8Array> {
  const { engine } = await import('#dist/core/engine.js');
  const { readFile } = await import('#dist/core/sources.js');
  const { files, name } = engine().host.storage.locate(path);
  return readFile(files, name);
}

test('damaged goldens fail in TensorFlow’s words', options, async (t) => {
  const summary = readJson<Record<string, { status: string }>>(
    join(CORPUS!, 'goldens/j_corrupt_summary.json'),
  );
  for (const [name, { status }] of Object.entries(summary)) {
    await t.test(name, async () => {
      const folder = join(CORPUS!, 'goldens', name);
      const path = join(folder, 'model.ckpt');
      const got = await statusOf(path);
      // TensorFlow 1.15 names itself in the texts about versions.
      assert.equal(got.replaceAll(path, recordedPrefix), status);
    });
  }
});

async function statusOf(path: string): Promise<string> {
  try {
    (await tf.BundleReader.open(path)).close();
    return 'OK';
  } catch (error) {
    return (error as tf.errors.CodedError).status;
  }
}

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
