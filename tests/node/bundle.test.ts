/// BundleWriter and BundleReader: the bytes are TensorFlow's, and what was written is read.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as tf from 'tensorbundle/node';

let folder = '';

before(async () => {
  await tf.ready();
  folder = await mkdtemp(join(tmpdir(), 'tensorbundle-'));
});
after(() => rm(folder, { recursive: true }));

// spec: the worked example of the format, 154 bytes written by TensorFlow.
const TUTORIAL_INDEX =
  '00000608011a0208010008135661726961626c65080112081202080212020803' +
  '2818357aebf5ab0802115f3108011204120208032018280c35a04cfb15000000' +
  '0001000000000edab78d000000000100000000c0f2a1b0000102570045000000' +
  '0001000000007fab21054a08570e000000000000000000000000000000000000' +
  '00000000000000000000000000000000000057fb808b247547db';

test('the tutorial checkpoint has TensorFlow’s bytes', async () => {
  const prefix = join(folder, 'tutorial.ckpt');
  const writer = new tf.BundleWriter(prefix);
  await writer.add(
    'Variable',
    tf.ndarray(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      undefined,
      'float32',
    ),
  );
  await writer.add('Variable_1', tf.ndarray([0.5, -1.5, 2.25], undefined, 'float32'));
  await writer.finish();
  const index = await readFile(`${prefix}.index`);
  const data = await readFile(`${prefix}.data-00000-of-00001`);
  assert.equal(index.length, 154);
  assert.equal(index.toString('hex'), TUTORIAL_INDEX);
  assert.equal(
    data.toString('hex'),
    '0000803f0000004000004040000080400000a0400000c0400000003f0000c0bf00001040',
  );
});

const DTYPES = [
  'float32',
  'float64',
  'float16',
  'bfloat16',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'bool',
  'complex64',
  'complex128',
  'qint8',
  'qint16',
  'qint32',
  'quint8',
  'quint16',
  'float8_e5m2',
  'float8_e4m3fn',
  'float8_e4m3fnuz',
  'float8_e4m3b11fnuz',
  'float8_e5m2fnuz',
  'int4',
  'uint4',
];
const SHAPES = [[], [0], [3, 0, 2], [5], [2, 3, 2, 2]];

// Bytes that every element type can hold: booleans are 0 or 1.
function someBytes(length: number, dtype: string): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (dtype === 'bool' ? i % 2 : (i * 37 + 11) % 256));
}

for (const place of ['memory', 'file'] as const) {
  test(`every dtype and shape comes back, ${place}`, async () => {
    const prefix = place === 'memory' ? 'memory://round/trip' : join(folder, 'trip');
    const writer = new tf.BundleWriter(prefix);
    const wanted = new Map<string, tf.NDArray>();
    for (const dtype of DTYPES) {
      for (const shape of SHAPES) {
        const size = shape.reduce((a, b) => a * b, 1) * tf.asDType(dtype).size;
        const array = tf.NDArray.fromBytes(dtype, shape, someBytes(size, dtype));
        wanted.set(`${dtype}/${shape.join('x')}`, array);
        await writer.add(`${dtype}/${shape.join('x')}`, array);
      }
    }
    await writer.finish();
    const reader = await tf.BundleReader.open(prefix);
    assert.deepEqual(reader.keys(), [...wanted.keys()].sort());
    for (const [key, array] of wanted) {
      const got = await reader.lookup(key);
      assert.equal(got.dtype, array.dtype);
      assert.deepEqual(got.shape, array.shape);
      assert.deepEqual(got.bytes(), array.bytes());
    }
    const report = await reader.verify();
    assert.equal(report.ok, true);
    assert.equal(report.tensors.length, wanted.size);
    reader.close();
  });
}

test('aligned data has zeros after tensors that end unaligned', async () => {
  const writer = new tf.BundleWriter('memory://aligned/m', { dataAlignment: 16 });
  await writer.add('a', new Uint8Array([1, 2, 3]));
  await writer.add('e', new Uint8Array(0));
  await writer.add('b', new Uint8Array([4]));
  await writer.finish();
  const reader = await tf.BundleReader.open('memory://aligned/m');
  assert.deepEqual(
    reader.entries().map(({ key, offset, size }) => [key, offset, size]),
    [
      ['a', 0, 3],
      ['b', 16, 1],
      ['e', 16, 0],
    ],
  );
  assert.equal((await reader.verify()).ok, true);
});

test('keys of any bytes come back', async () => {
  const keys = [
    'Variable',
    'é/日本',
    'a\udcff',
    '__proto__',
    'constructor',
    'x'.repeat(5000),
    '\n\u202e',
  ];
  const writer = new tf.BundleWriter('memory://keys/m');
  for (const key of keys) await writer.add(key, [keys.indexOf(key)]);
  await writer.finish();
  const reader = await tf.BundleReader.open('memory://keys/m');
  assert.deepEqual(new Set(reader.keys()), new Set(keys));
  for (const key of keys)
    assert.deepEqual((await reader.lookup(key)).tolist(), [keys.indexOf(key)]);
});

test('large tensors pass in pieces, with progress', async () => {
  const values = Float32Array.from({ length: 5_000_000 }, (_, i) => i);
  const writer = new tf.BundleWriter('memory://large/m');
  await writer.add('big', values);
  await writer.add('small', [1]);
  await writer.finish();
  const reader = await tf.BundleReader.open('memory://large/m');
  const seen: number[] = [];
  const big = await reader.lookup('big', { onProgress: ({ done }) => seen.push(done) });
  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  assert.equal(digest(big.bytes()), digest(new Uint8Array(values.buffer)));
  assert.ok(seen.length > 1);
  assert.equal(seen.at(-1), 20_000_000);
  const hash = createHash('sha256');
  const report = await reader.verify({
    onBytes: ({ key }, chunk) => {
      if (key === 'big') hash.update(chunk);
    },
  });
  assert.equal(report.ok, true);
  assert.equal(hash.digest('hex'), digest(new Uint8Array(values.buffer)));
});

test('an index of more than 4 MiB is read in parts', async () => {
  const writer = new tf.BundleWriter('memory://wide/m');
  const key = (i: number) =>
    `${'layer/with/a/long/name/'.repeat(8)}${String(i).padStart(6, '0')}${'x'.repeat(40)}`;
  const n = 60_000;
  // Keys that share little with their neighbours make a large index.
  const name = (i: number) => createHash('sha256').update(key(i)).digest('hex');
  for (let i = 0; i < n; ++i) writer.add(name(i), new Uint8Array(1));
  await writer.finish();
  const reader = await tf.BundleReader.open('memory://wide/m');
  assert.equal(reader.keys().length, n);
  assert.equal((await reader.lookup(name(n - 1))).size, 1);
  reader.close();
});

test('duplicate keys, empty keys and strings are refused at once', async () => {
  const writer = new tf.BundleWriter('memory://refused/m');
  await writer.add('a', [1]);
  assert.throws(() => writer.add('a', [2]), {
    code: 'INVALID_ARGUMENT',
    message: /^Adding duplicate key: a/,
  });
  assert.throws(() => writer.add('', [2]), { code: 'INVALID_ARGUMENT' });
  await writer.finish();
  const reader = await tf.BundleReader.open('memory://refused/m');
  assert.deepEqual((await reader.lookup('a')).tolist(), [1]);
});

test('before finish() and after a failure nothing is there', async () => {
  const prefix = join(folder, 'whole');
  const first = new tf.BundleWriter(prefix);
  await first.add('a', [1]);
  await first.finish();
  const before = await readdir(folder);

  const second = new tf.BundleWriter(prefix);
  await second.add('a', [2]);
  await second.abort();
  assert.deepEqual(await readdir(folder), before);
  const reader = await tf.BundleReader.open(prefix);
  assert.deepEqual((await reader.lookup('a')).tolist(), [1]);
  reader.close();

  const controller = new AbortController();
  const third = new tf.BundleWriter(prefix, { signal: controller.signal });
  await third.add('a', [3]);
  controller.abort(new Error('enough'));
  await assert.rejects(third.finish(), { message: 'enough' });
  assert.deepEqual(await readdir(folder), before);
  assert.deepEqual((await (await tf.BundleReader.open(prefix)).lookup('a')).tolist(), [1]);
});

test('a FileSet and a list of files are as good as a path', async () => {
  const prefix = join(folder, 'as-files');
  const writer = new tf.BundleWriter(prefix);
  await writer.add('a', [7]);
  await writer.finish();
  const file = async (suffix: string) =>
    new File([await readFile(prefix + suffix)], `as-files${suffix}`);
  const files = [await file('.index'), await file('.data-00000-of-00001')];
  const reader = await tf.BundleReader.open(files);
  assert.equal(reader.path, 'as-files');
  assert.deepEqual((await reader.lookup('a')).tolist(), [7]);
  assert.deepEqual((await (await tf.openCheckpoint(files)).reader.lookup('a')).tolist(), [7]);
});

test('an aborted read rejects with the signal’s own reason', async () => {
  const reason = { why: 'test' };
  await assert.rejects(
    tf.BundleReader.open(join(folder, 'trip'), { signal: AbortSignal.abort(reason) }),
    (error) => error === reason,
  );
});

test('CheckpointReader answers as TensorFlow’s does', async () => {
  await writeFile(join(folder, 'checkpoint'), 'model_checkpoint_path: "tutorial.ckpt"\n');
  const reader = await tf.train.loadCheckpoint(folder);
  assert.equal(reader.hasTensor('Variable'), true);
  assert.equal(reader.hasTensor('Variable_2'), false);
  assert.equal(`${await reader.getTensor('Variable_1')}`, '[ 0.5  -1.5   2.25]');
  assert.deepEqual(
    [...reader.getVariableToShapeMap()],
    [
      ['Variable', [2, 3]],
      ['Variable_1', [3]],
    ],
  );
  assert.equal(reader.getVariableToDtypeMap().get('Variable'), tf.float32);
  assert.equal(reader.debugString(), 'Variable (DT_FLOAT) [2,3]\nVariable_1 (DT_FLOAT) [3]\n');
  reader.close();
  const prefix = join(folder, 'tutorial.ckpt');
  assert.deepEqual(await tf.train.listVariables(prefix), [
    ['Variable', [2, 3]],
    ['Variable_1', [3]],
  ]);
  assert.equal(`${await tf.train.loadVariable(prefix, 'Variable_1:0')}`, '[ 0.5  -1.5   2.25]');
});

test('every byte of an index is explained', async () => {
  const index = await readFile(join(folder, 'tutorial.ckpt.index'));
  const spans = tf.explainIndex(index).filter(({ depth }) => depth === 0);
  let at = 0;
  for (const { offset, length } of spans) {
    assert.equal(offset, at);
    at += length;
  }
  assert.equal(at, 154);
});
