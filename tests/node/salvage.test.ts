/// A damaged checkpoint: the report names what happened, and salvage keeps exactly the intact tensors, bit for bit.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from 'tensorbundle/node';

before(() => tf.ready());

const DATA = '.data-00000-of-00001';
const KEYS = ['a', 'b', 'c', 'names', 'p', 'z'];

let made = 0;

// A folder with a checkpoint of numbers, strings and a partitioned tensor; `step` changes every value.
async function someCheckpoint(step = 1, name = 'model'): Promise<string> {
  made += 1;
  const prefix = `memory://salvage${made}/${name}`;
  await write(prefix, step);
  return prefix;
}

async function write(prefix: string, step: number): Promise<void> {
  const writer = new tf.BundleWriter(prefix);
  const floats = (n: number, first: number) =>
    tf.ndarray(Float32Array.from({ length: n }, (_, i) => (first + i) * step + 0.5));
  await writer.add('a', floats(100, 1));
  await writer.add('b', floats(60, 500));
  await writer.add('c', tf.ndarray([1n, 2n, BigInt(step)], undefined, 'int64'));
  await writer.add('names', tf.ndarray(['first', `second${step}`, ''], undefined, 'string'));
  await writer.addSlice(
    'p',
    [4, 2],
    '0,2:-',
    tf.ndarray(
      [
        [1, 2],
        [3, step],
      ],
      undefined,
      'float32',
    ),
  );
  await writer.addSlice(
    'p',
    [4, 2],
    '2,2:-',
    tf.ndarray(
      [
        [5, 6],
        [7, step],
      ],
      undefined,
      'float32',
    ),
  );
  await writer.add('z', floats(200, 9000));
  await writer.finish();
}

async function bytesOf(path: string): Promise<Uint8Array> {
  const { files, name } = tf.locate(path);
  const source = await files.open(name);
  return source.read(0, source.size);
}

async function put(path: string, bytes: Uint8Array): Promise<void> {
  const { files, name } = tf.locate(path);
  const sink = await files.create!(name);
  await sink.write(bytes);
  await sink.close();
}

async function change(path: string, edit: (bytes: Uint8Array) => Uint8Array | undefined) {
  const bytes = (await bytesOf(path)).slice();
  await put(path, edit(bytes) ?? bytes);
}

// Salvages `damaged` and compares what was kept with the checkpoint `original`, bit for bit.
async function expectKept(
  damaged: string,
  original: string,
  names: readonly string[],
  unverified = false,
) {
  const out = `${damaged}-salvaged`;
  const { kept } = await tf.salvageCheckpoint(damaged, out, { unverified });
  assert.deepEqual(
    kept.filter((key) => !key.startsWith('\0')),
    names,
  );
  const strict = await tf.BundleReader.open(out);
  const truth = await tf.BundleReader.open(original);
  assert.equal((await strict.verify()).ok, true);
  for (const name of names) {
    const [got, want] = [await strict.lookup(name), await truth.lookup(name)];
    assert.deepEqual(got.shape, want.shape);
    assert.equal(got.dtype, want.dtype);
    assert.deepEqual(got.tolist(), want.tolist(), name);
    const entry = strict.entry(name);
    assert.equal(entry.crc32c, truth.entry(name).crc32c);
  }
  strict.close();
  truth.close();
}

const kindsOf = ({ causes }: tf.Report) => causes.map(({ kind }) => kind);

test('an intact checkpoint has an intact report', async () => {
  const prefix = await someCheckpoint();
  const report = await tf.verifyCheckpoint(prefix);
  assert.equal(report.ok, true);
  assert.equal(report.status, 'OK');
  assert.deepEqual(report.causes, []);
  assert.deepEqual(
    report.indexParts.map(({ kind, state }) => [kind, state]),
    ['data', 'metaindex', 'index', 'footer'].map((kind) => [kind, 'intact']),
  );
  const { size, expected, tensors, intactTensors } = report.files[0]!;
  assert.equal(size, expected);
  assert.equal(tensors, intactTensors);
  await expectKept(prefix, prefix, KEYS);
});

test('an index cut anywhere gives the entries before the cut', async () => {
  const original = await someCheckpoint();
  const index = await bytesOf(`${original}.index`);
  let before = -1;
  for (let size = 0; size < index.length; size += 1) {
    const damaged = await someCheckpoint();
    await put(`${damaged}.index`, index.slice(0, size));
    const report = await tf.verifyCheckpoint(damaged);
    assert.equal(report.ok, false);
    assert.notEqual(report.status, 'OK');
    const kinds = kindsOf(report);
    assert.ok(kinds.includes('cut') || kinds.includes('not-an-index'), `${size}: ${kinds}`);
    const names = report.tensors
      .filter(({ error, entry }) => error === undefined && !entry.key.startsWith('\0'))
      .map(({ entry }) => entry.key);
    assert.deepEqual(
      names,
      KEYS.filter((key) => names.includes(key)),
    );
    assert.ok(names.length >= before, `${size}`);
    before = names.length;
    if (names.length > 0 && size % 16 === 0) await expectKept(damaged, original, names);
  }
  assert.equal(before, KEYS.length);
});

test('a rotten footer or list of blocks costs no tensor', async () => {
  const original = await someCheckpoint();
  const { indexParts } = await tf.verifyCheckpoint(original);
  for (const kind of ['footer', 'index', 'metaindex'] as const) {
    const { offset, length } = indexParts.find((part) => part.kind === kind)!;
    const damaged = await someCheckpoint();
    await change(`${damaged}.index`, (bytes) => void bytes.fill(0x72, offset, offset + length));
    const report = await tf.verifyCheckpoint(damaged);
    assert.ok(
      report.causes.some((cause) => cause.kind === 'damaged' && cause.part === kind),
      `${kind}: ${JSON.stringify(report.causes)}`,
    );
    assert.equal(
      report.tensors.every(({ error }) => error === undefined),
      true,
    );
    await expectKept(damaged, original, KEYS);
  }
});

test('every flipped bit of the index is found and set right', async () => {
  const original = await someCheckpoint();
  const { indexParts } = await tf.verifyCheckpoint(original);
  const end = indexParts.at(-1)!.offset;
  for (let bit = 0; bit < end * 8; bit += 37) {
    const damaged = await someCheckpoint();
    const offset = bit >> 3;
    await change(`${damaged}.index`, (bytes) => {
      bytes[offset]! ^= 1 << (bit & 7);
      return bytes;
    });
    const report = await tf.verifyCheckpoint(damaged);
    assert.deepEqual(report.causes, [
      { kind: 'flipped-bit', file: `${damaged}.index`, offset, bit: bit & 7 },
    ]);
    assert.equal(report.intactTensors, report.tensors.length);
  }
});

test('worse damage to a block of the index is told, and its tensors are kept on demand', async () => {
  const original = await someCheckpoint();
  const damaged = await someCheckpoint();
  // Two bits of the last entry: those before it can be read.
  await change(`${damaged}.index`, (bytes) => {
    const at = bytes.lastIndexOf(0x35, 260);
    bytes[at + 1]! ^= 0x11;
    return bytes;
  });
  const report = await tf.verifyCheckpoint(damaged);
  assert.ok(report.causes.some((cause) => cause.kind === 'damaged' && cause.part === 'data'));
  assert.ok(report.unverifiedKeys.length > 0);
  await assert.rejects(tf.salvageCheckpoint(damaged, `${damaged}-out`), { code: 'DATA_LOSS' });
  const names = report.tensors
    .filter(({ error, entry }) => error === undefined && !entry.key.startsWith('\0'))
    .map(({ entry }) => entry.key);
  assert.ok(names.length >= 3);
  await expectKept(damaged, original, names, true);
});

test('a data file cut after a tensor loses those behind it', async () => {
  const original = await someCheckpoint();
  const reader = await tf.BundleReader.open(original);
  const entries = reader.entries().filter(({ slices }) => slices.length === 0);
  reader.close();
  const expected = (await bytesOf(original + DATA)).length;
  for (const { offset, size } of entries) {
    for (const end of [offset + size, offset + size - 1]) {
      if (end === expected) continue;
      const damaged = await someCheckpoint();
      await change(damaged + DATA, (bytes) => bytes.slice(0, end));
      const report = await tf.verifyCheckpoint(damaged);
      assert.deepEqual(report.causes, [{ kind: 'cut', file: damaged + DATA, size: end, expected }]);
      const lost = entries.filter((entry) => entry.offset + entry.size > end);
      const isLost = (name: string) =>
        lost.some(({ key }) => key === name || (name === 'p' && key.startsWith('\0')));
      const names = KEYS.filter((name) => !isLost(name));
      if (names.length > 0) await expectKept(damaged, original, names);
      else
        await assert.rejects(tf.salvageCheckpoint(damaged, `${damaged}-o`), { code: 'DATA_LOSS' });
    }
  }
});

test('a flipped bit of a tensor is found', async () => {
  const original = await someCheckpoint();
  for (const [offset, bit] of [
    [0, 0],
    [399, 7],
    [400, 3],
  ] as const) {
    const damaged = await someCheckpoint();
    await change(damaged + DATA, (bytes) => {
      bytes[offset]! ^= 1 << bit;
      return bytes;
    });
    const tensor = offset < 400 ? 'a' : 'b';
    const report = await tf.verifyCheckpoint(damaged);
    const file = damaged + DATA;
    assert.deepEqual(report.causes, [{ kind: 'flipped-bit', file, offset, bit, tensor }]);
    await expectKept(
      damaged,
      original,
      KEYS.filter((name) => name !== tensor),
    );
  }
});

test('the data of another checkpoint is told from damage, and the right file is found', async () => {
  const damaged = await someCheckpoint();
  const other = await someCheckpoint(3);
  const bytes = await bytesOf(other + DATA);
  await put(damaged + DATA, bytes);
  const report = await tf.verifyCheckpoint(damaged);
  assert.deepEqual(report.causes, [
    { kind: 'other-checkpoint', file: damaged + DATA, size: bytes.length, expected: bytes.length },
  ]);

  // Two checkpoints in one folder whose data files were exchanged.
  const one = await someCheckpoint(1, 'model-1');
  const two = one.replace('model-1', 'model-2');
  await write(two, 5);
  const [first, second] = [await bytesOf(one + DATA), await bytesOf(two + DATA)];
  await put(one + DATA, second);
  await put(two + DATA, first);
  for (const [mine, theirs] of [
    [one, two],
    [two, one],
  ] as const) {
    assert.deepEqual((await tf.verifyCheckpoint(mine)).causes, [
      { kind: 'exchanged', file: mine + DATA, belongs: theirs + DATA },
    ]);
  }
});

test('exchanged shards of one checkpoint are told', async () => {
  const folder = await someCheckpoint(1, 'part-0');
  const parts = ['part-00000', 'part-00001'].map((name) => folder.replace('part-0', name));
  for (const [i, part] of parts.entries()) {
    const writer = new tf.BundleWriter(part);
    await writer.add(`w${i}`, tf.ndarray(Float32Array.from({ length: 50 }, (_, k) => k * (i + 2))));
    await writer.finish();
  }
  const merged = folder.replace('part-0', 'merged');
  await tf.mergeBundles(parts, merged);
  const files = ['.data-00000-of-00002', '.data-00001-of-00002'].map((end) => merged + end);
  const [first, second] = [await bytesOf(files[0]!), await bytesOf(files[1]!)];
  await put(files[0]!, second);
  await put(files[1]!, first);
  assert.deepEqual((await tf.verifyCheckpoint(merged)).causes, [
    { kind: 'exchanged', file: files[0], belongs: files[1] },
    { kind: 'exchanged', file: files[1], belongs: files[0] },
  ]);
});

test('zeros where data should be are told, and a missing file', async () => {
  const original = await someCheckpoint();
  const damaged = await someCheckpoint();
  const { length } = await bytesOf(damaged + DATA);
  await change(damaged + DATA, (bytes) => void bytes.fill(0, length - 800));
  const { causes } = await tf.verifyCheckpoint(damaged);
  assert.deepEqual(causes, [
    { kind: 'zeros', file: damaged + DATA, offset: length - 800, length: 800 },
  ]);
  await expectKept(
    damaged,
    original,
    KEYS.filter((name) => name !== 'z'),
  );

  const { files, name } = tf.locate(damaged + DATA);
  await files.remove!(name);
  const report = await tf.verifyCheckpoint(damaged);
  assert.deepEqual(report.causes, [{ kind: 'missing', file: damaged + DATA }]);
});

test('what is no index says so, and the damaged files are never written to', async () => {
  const prefix = await someCheckpoint();
  await put(`${prefix}.index`, new TextEncoder().encode('<!doctype html>'.repeat(20)));
  const report = await tf.verifyCheckpoint(prefix);
  assert.deepEqual(report.causes, [{ kind: 'not-an-index', file: `${prefix}.index` }]);
  assert.deepEqual(report.tensors, []);
  await assert.rejects(tf.salvageCheckpoint(prefix, prefix), { code: 'INVALID_ARGUMENT' });
  await assert.rejects(tf.salvageCheckpoint(prefix, `${prefix}-o`), { code: 'DATA_LOSS' });
});
