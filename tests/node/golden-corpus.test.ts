/// Golden checkpoints, where the corpus is: read as TensorFlow read them, written as it wrote them, damaged as it
/// found them.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { before, test } from 'node:test';
import * as tf from 'tensorbundle/node';
import { corpus, foldersIn, readJson } from '../support/corpus.js';

const CORPUS = corpus();
const options = CORPUS === undefined ? { skip: 'no corpus' } : {};
const golden = (...names: string[]) => join(CORPUS!, 'goldens', ...names);

interface Value {
  readonly sha256?: string;
  readonly sha256_lenprefixed?: string;
}

interface GoldenEntry {
  readonly key: string | null;
  readonly parse?: boolean;
  readonly dtype_enum: number;
  readonly shape: readonly number[];
  readonly shard_id: number;
  readonly offset: number;
  readonly size: number;
  readonly crc32c: number;
  readonly slices?: readonly string[];
  readonly lookup_status: string;
  readonly value?: Value;
}

interface GoldenDump {
  readonly status: string;
  readonly header?: { readonly num_shards: number; readonly endianness: string };
  readonly entries?: readonly GoldenEntry[];
}

before(() => tf.ready());

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function assertValue({ data }: tf.NDArray, want: Value, what: string): void {
  if (ArrayBuffer.isView(data)) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    assert.equal(sha256(bytes), want.sha256, what);
    return;
  }
  const hash = createHash('sha256');
  for (const bytes of data) {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(bytes.length));
    hash.update(length).update(bytes);
  }
  assert.equal(hash.digest('hex'), want.sha256_lenprefixed, what);
}

async function statusOf(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
    return 'OK';
  } catch (error) {
    return (error as tf.errors.CodedError).status;
  }
}

// As the descriptions have texts: the prefix as it was given there, bytes that are no UTF-8 as \xHH.
function recorded(status: string, prefix: string): string {
  return status
    .replaceAll(prefix, './model.ckpt')
    .replace(/[\udc80-\udcff]/g, (c) => `\\x${(c.charCodeAt(0) - 0xdc00).toString(16)}`);
}

// Of several missing files TensorFlow names the one that its hash function puts first.
const anyShard = (status: string) => status.replace(/\.data-\d+-of/, '.data-?-of');

test('goldens are read as TensorFlow read them', options, async (t) => {
  for (const folder of foldersIn(golden(), /./)) {
    if (!existsSync(join(folder, 'model.ckpt.index')) || !existsSync(join(folder, 'dump.json')))
      continue;
    const dump = readJson<GoldenDump>(join(folder, 'dump.json'));
    await t.test(basename(folder), () => compareBundle(join(folder, 'model.ckpt'), dump));
  }
});

async function compareBundle(prefix: string, dump: GoldenDump): Promise<void> {
  if (dump.status !== 'OK') {
    const status = await statusOf(() => tf.BundleReader.open(prefix));
    assert.equal(recorded(status, prefix), dump.status);
    return;
  }
  using reader = await tf.BundleReader.open(prefix);
  assert.equal(reader.header.numShards, dump.header!.num_shards);
  assert.equal(reader.header.endianness, dump.header!.endianness);
  // TensorFlow takes the first entry for a header that is missing.
  const unseen = prefix.includes('j_hdr_missing') ? 1 : 0;
  const entries = reader.entries().slice(unseen);
  assert.equal(entries.length, dump.entries!.length);
  for (const [i, want] of dump.entries!.entries()) {
    const got = entries[i]!;
    if (want.parse === false) {
      assert.equal(got.problem?.message, `Entry for key ${got.key} not parseable.`);
      continue;
    }
    if (want.key !== null) assert.equal(got.key, want.key);
    assert.equal(got.dtype.asDatatypeEnum, want.dtype_enum);
    assert.deepEqual([got.shardId, got.offset, got.size], [want.shard_id, want.offset, want.size]);
    assert.equal(got.crc32c, want.crc32c);
    assert.deepEqual(got.slices.map(tf.sliceText), want.slices ?? []);
    const status = await statusOf(async () => {
      assertValue(await reader.lookup(got.key), want.value ?? {}, got.key);
      assert.deepEqual(got.shape, want.shape);
    });
    if (want.lookup_status === 'CRASH') {
      // TensorFlow aborts on a type that it does not know.
      assert.match(status, /^Invalid argument: Tensor f has the /);
    } else {
      const [is, was] = [recorded(status, prefix), want.lookup_status];
      assert.equal(
        got.slices.length > 0 ? anyShard(is) : is,
        got.slices.length > 0 ? anyShard(was) : was,
      );
    }
  }
}

test('slices are cut as TensorFlow cut them', options, async () => {
  interface Lookup {
    readonly name: string;
    readonly slice: string;
    readonly result: { readonly shape: readonly number[]; readonly value: Value };
  }
  const lookups = readJson<Lookup[]>(golden('d_partitioned/lookup_slice.json'));
  using reader = await tf.BundleReader.open(golden('d_partitioned/model.ckpt'));
  assert.ok(lookups.length > 5);
  for (const { name, slice, result } of lookups) {
    const array = await reader.lookupSlice(name, slice);
    assert.deepEqual(array.shape, result.shape);
    assertValue(array, result.value, `${name} ${slice}`);
  }
});

interface V1Dump {
  readonly pattern: string;
  readonly num_files: number;
  readonly tensors: readonly {
    readonly name: string;
    readonly dtype_enum: number;
    readonly shape: readonly number[];
    readonly slices: readonly { readonly slice: string }[];
    readonly value: Value;
  }[];
}

test('V1 goldens are read as TensorFlow read them', options, async (t) => {
  for (const folder of foldersIn(golden(), /^g\d?_/)) {
    await t.test(basename(folder), async () => {
      const dump = readJson<V1Dump>(join(folder, 'dump.json'));
      using reader = await tf.TensorSliceReader.open(join(folder, dump.pattern));
      assert.equal(reader.header.numShards, dump.num_files);
      assert.deepEqual(reader.keys(), dump.tensors.map(({ name }) => name).sort());
      for (const want of dump.tensors) {
        const got = reader.entry(want.name);
        assert.equal(got.dtype.asDatatypeEnum, want.dtype_enum);
        assert.deepEqual(got.shape, want.shape);
        const slices = want.slices.map(({ slice }) => slice).sort();
        if (got.slices.length > 0) assert.deepEqual(got.slices.map(tf.sliceText).sort(), slices);
        assertValue(await reader.lookup(want.name), want.value, want.name);
      }
      assert.equal((await reader.verify()).ok, true);
    });
  }
});

// --- writing ---

interface Item {
  readonly name: string;
  readonly slice?: { readonly shape: readonly number[]; readonly spec: string };
}

// What spec.txt says, shard by shard.
function itemsOf(folder: string): Item[][] {
  const shards: Item[][] = [[]];
  for (const line of readFileSync(join(folder, 'spec.txt'), 'utf8').split('\n')) {
    const [kind, name, , shape, spec] = line.split(' ');
    if (kind === 'shard') shards.push([]);
    if (kind === 'tensor') shards.at(-1)!.push({ name: name! });
    if (kind === 'slice') {
      shards.at(-1)!.push({ name: name!, slice: { shape: JSON.parse(shape!), spec: spec! } });
    }
  }
  return shards;
}

async function copy(
  reader: tf.TensorReader,
  items: readonly Item[],
  writer: tf.BundleWriter | tf.TensorSliceWriter,
): Promise<void> {
  for (const { name, slice } of items) {
    if (slice === undefined) {
      await writer.add(name, await reader.lookup(name));
    } else {
      const value = await reader.lookupSlice(name, slice.spec);
      await writer.addSlice(name, slice.shape, slice.spec, value);
    }
  }
  await writer.finish();
}

// The bytes of a file in memory storage, through a reader of another kind of source.
async function readBack(path: string): Promise<Uint8Array> {
  const { engine } = await import('#dist/core/engine.js');
  const { readFile } = await import('#dist/core/sources.js');
  const { files, name } = engine().host.storage.locate(path);
  return readFile(files, name);
}

async function assertSame(path: string, wanted: string): Promise<void> {
  assert.equal(sha256(await readBack(path)), sha256(readFileSync(wanted)), path);
}

test('goldens of one shard are written as TensorFlow wrote them', options, async (t) => {
  for (const folder of foldersIn(golden(), /^([abcdfh]|b2|d2)_/)) {
    const name = basename(folder);
    await t.test(name, async () => {
      using reader = await tf.BundleReader.open(join(folder, 'model.ckpt'));
      const dataAlignment = name === 'b2_aligned' ? 64 : 1;
      const path = `memory://golden/${name}`;
      await copy(reader, itemsOf(folder)[0]!, new tf.BundleWriter(path, { dataAlignment }));
      for (const suffix of ['.index', '.data-00000-of-00001']) {
        await assertSame(path + suffix, join(folder, `model.ckpt${suffix}`));
      }
    });
  }
});

async function writeParts(folder: string, items: readonly (readonly Item[])[], prefix: string) {
  using reader = await tf.BundleReader.open(prefix);
  const inputs: string[] = [];
  for (const [shard, part] of items.entries()) {
    inputs.push(`memory://golden/${basename(folder)}_temp/part-${shard}`);
    await copy(reader, part, new tf.BundleWriter(inputs.at(-1)!));
  }
  return inputs;
}

test('goldens of several shards are merged as TensorFlow merged them', options, async () => {
  const folder = golden('e_sharded');
  const inputs = await writeParts(folder, itemsOf(folder), join(folder, 'model.ckpt'));
  await tf.mergeBundles(inputs, 'memory://golden/e_merged');
  for (const suffix of ['.index', ...[0, 1, 2, 3].map((i) => `.data-0000${i}-of-00004`)]) {
    await assertSame(`memory://golden/e_merged${suffix}`, join(folder, `model.ckpt${suffix}`));
  }
});

// TensorFlow's own merge of these cannot be read.
test('an input without tensors does no harm', options, async () => {
  const inputs: string[] = [];
  for (const [shard, names] of [['a'], [], ['b']].entries()) {
    inputs.push(`memory://golden/m_temp/part-${shard}`);
    const writer = new tf.BundleWriter(inputs.at(-1)!);
    for (const name of names) await writer.add(name, new Float32Array([0, 1]));
    await writer.finish();
  }
  await tf.mergeBundles(inputs, 'memory://golden/m_merged');
  for (const suffix of ['.data-00000-of-00002', '.data-00001-of-00002']) {
    const wanted = golden(`m_empty_shard_merge/model.ckpt${suffix}`);
    await assertSame(`memory://golden/m_merged${suffix}`, wanted);
  }
  using reader = await tf.BundleReader.open('memory://golden/m_merged');
  assert.equal(reader.header.numShards, 2);
  assert.deepEqual((await reader.lookup('b')).tolist(), [0, 1]);
});

test('V1 goldens are written as TensorFlow wrote them', options, async (t) => {
  for (const name of ['g_v1_single', 'g2_v1_partitioned', 'g4_v1_sharded', 'g5_v1_large_entry']) {
    await t.test(name, async () => {
      const folder = golden(name);
      const { pattern } = readJson<V1Dump>(join(folder, 'dump.json'));
      using reader = await tf.TensorSliceReader.open(join(folder, pattern));
      for (const [shard, items] of itemsOf(folder).entries()) {
        const file = basename(pattern).replace('?????', String(shard).padStart(5, '0'));
        const path = `memory://golden/${name}/${file}`;
        await copy(reader, items, new tf.TensorSliceWriter(path));
        await assertSame(path, join(folder, file));
      }
    });
  }
});

// --- damage ---

test('damaged goldens fail in TensorFlow’s words', options, async (t) => {
  interface Damage {
    readonly status: string;
    readonly num_entries_seen?: number;
    readonly lookups?: Readonly<Record<string, string>>;
  }
  const summary = readJson<Record<string, Damage>>(golden('j_corrupt_summary.json'));
  for (const [name, { status, num_entries_seen, lookups = {} }] of Object.entries(summary)) {
    await t.test(name, async () => {
      const path = golden(name, 'model.ckpt');
      let reader: tf.BundleReader | undefined;
      const opened = await statusOf(async () => {
        reader = await tf.BundleReader.open(path);
      });
      // TensorFlow 1.15 names itself in the texts about versions.
      assert.equal(recorded(opened, path), status);
      if (reader === undefined) return;
      // TensorFlow takes the first entry for the header that is missing.
      const unseen = name === 'j_hdr_missing' ? 1 : 0;
      assert.equal(reader.keys().length, num_entries_seen! + unseen);
      // TensorFlow passes over a damaged block in silence; here it is told.
      assert.equal(
        reader.damage?.message,
        name === 'j_flip_third_block' ? 'block checksum mismatch' : undefined,
      );
      for (const key of reader.keys().slice(unseen)) {
        const want = lookups[key] ?? lookups[hexOf(key)]!;
        const got = recorded(await statusOf(() => reader!.lookup(key)), path);
        if (want.startsWith('CRASH')) assert.match(got, /^Invalid argument/);
        else if (want === 'unparsable')
          assert.equal(got, `Data loss: Entry for key ${key} not parseable.`);
        else if (key === 'p') assert.equal(anyShard(got), anyShard(want));
        else assert.equal(got, want, key);
      }
      reader.close();
    });
  }
});

function hexOf(key: string): string {
  const bytes = [...key].map((c) => c.codePointAt(0)! & (c >= '\udc80' ? 0xff : 0x7f));
  return Buffer.from(bytes).toString('hex');
}
