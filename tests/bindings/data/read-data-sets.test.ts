/// The data sets of the lesson: the digits of the package, files in IDX form, batches that repeat.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as tf from 'tensorbundle';
import { digits } from 'tensorbundle/digits';

let folder = '';

before(async () => {
  await tf.ready();
  tf.setLogHandler(null);
  folder = await mkdtemp(join(tmpdir(), 'data-sets-'));
});
after(() => rm(folder, { recursive: true }));

/** An IDX file of bytes, written out by hand. */
function idx(shape: readonly number[], elements: readonly number[]): Uint8Array {
  const dims = shape.flatMap((dim) => [dim >>> 24, (dim >> 16) & 255, (dim >> 8) & 255, dim & 255]);
  return Uint8Array.from([0, 0, 8, shape.length, ...dims, ...elements]);
}

/** Four images of 2 x 1 pixels to train with, one to test with. */
function tinyFiles(): Record<string, Uint8Array> {
  return {
    'train-images-idx3-ubyte': idx([4, 2, 1], [0, 255, 1, 254, 2, 253, 3, 252]),
    'train-labels-idx1-ubyte': idx([4], [7, 0, 9, 2]),
    't10k-images-idx3-ubyte': idx([1, 2, 1], [128, 64]),
    't10k-labels-idx1-ubyte': idx([1], [5]),
  };
}

function asFiles(contents: Record<string, Uint8Array>): File[] {
  return Object.entries(contents).map(
    ([name, bytes]) => new File([bytes as Uint8Array<ArrayBuffer>], name),
  );
}

function readTiny(changes: Record<string, Uint8Array> = {}, options: tf.ReadDataSetsOptions = {}) {
  return tf.readDataSets(asFiles({ ...tinyFiles(), ...changes }), {
    validationSize: 1,
    ...options,
  });
}

test('the digits of the package', async () => {
  const data = await tf.readDataSets(digits, { validationSize: 200, oneHot: true });
  assert.equal(data.train.numExamples, 1297);
  assert.equal(data.validation.numExamples, 200);
  assert.equal(data.test.numExamples, 300);
  const { images, labels } = data.test;
  assert.deepEqual([images.dtype.name, ...images.shape], ['float32', 300, 64]);
  assert.deepEqual([labels.dtype.name, ...labels.shape], ['float64', 300, 10]);
  const raw = await tf.readDataSets(digits, { validationSize: 0, dtype: 'uint8' });
  const digest = createHash('sha256').update(raw.test.images.data as Uint8Array);
  assert.equal(
    digest.digest('hex'),
    'c8a3e22ece9d0505c775554c8ab900cf432ab3f202cef9e11fe53c8cf3c7753a',
  );
  assert.deepEqual(
    [...(raw.train.labels.data as Uint8Array).subarray(0, 12)],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1],
  );
});

test('pixels and labels in every form', async () => {
  const { train, validation } = await readTiny();
  assert.deepEqual(validation.images.shape, [1, 2]);
  assert.deepEqual(train.images.tolist(), [
    [Math.fround(1 * Math.fround(1 / 255)), Math.fround(254 * Math.fround(1 / 255))],
    [Math.fround(2 * Math.fround(1 / 255)), Math.fround(253 * Math.fround(1 / 255))],
    [Math.fround(3 * Math.fround(1 / 255)), Math.fround(252 * Math.fround(1 / 255))],
  ]);
  assert.deepEqual(train.labels.tolist(), [0, 9, 2]);
  const other = await readTiny({}, { oneHot: true, dtype: tf.uint8, reshape: false });
  assert.deepEqual(other.test.images.shape, [1, 2, 1, 1]);
  assert.deepEqual(other.test.images.data, Uint8Array.of(128, 64));
  assert.deepEqual(other.test.labels.tolist(), [[0, 0, 0, 0, 0, 1, 0, 0, 0, 0]]);
});

test('a folder of unpacked files and one of zipped files', async () => {
  for (const [name, bytes] of Object.entries(tinyFiles())) {
    const zipped = name.startsWith('train');
    await writeFile(join(folder, zipped ? `${name}.gz` : name), zipped ? gzipSync(bytes) : bytes);
  }
  const lines: string[] = [];
  tf.setLogHandler((line) => lines.push(line));
  const progress: number[] = [];
  const data = await tf.readDataSets(folder, {
    validationSize: 1,
    onProgress: ({ done }) => progress.push(done),
  });
  tf.setLogHandler(null);
  assert.equal(data.train.numExamples, 3);
  assert.deepEqual(progress, [1, 2, 3, 4]);
  assert.equal(lines[0], `INFO:tensorflow:Extracting ${folder}/train-images-idx3-ubyte.gz`);
  assert.equal(lines[3], `INFO:tensorflow:Extracting ${folder}/t10k-labels-idx1-ubyte`);
});

test('an epoch gives every example once, and the next one fills up the batch', async () => {
  const { train } = await tf.readDataSets(digits, { validationSize: 0, dtype: 'uint8', seed: 3 });
  const all = [...(train.labels.data as Uint8Array)].sort();
  const seen: number[] = [];
  const batches = Math.floor(1497 / 100);
  for (let i = 0; i < batches; i += 1) {
    seen.push(...(train.nextBatch(100)[1].data as Uint8Array));
  }
  assert.equal(train.epochsCompleted, 0);
  const [images, labels] = train.nextBatch(100);
  assert.equal(train.epochsCompleted, 1);
  assert.deepEqual(images.shape, [100, 64]);
  seen.push(...(labels.data as Uint8Array).subarray(0, 97));
  assert.deepEqual(seen.sort(), all);
});

test('a seed repeats the order, epochs differ, no seed is fresh', async () => {
  const order = async (seed?: number) => {
    const { train } = await tf.readDataSets(digits, { validationSize: 0, dtype: 'uint8', seed });
    return [train.nextBatch(1497), train.nextBatch(1497)].map(([images]) =>
      createHash('sha256')
        .update(images.data as Uint8Array)
        .digest('hex'),
    );
  };
  const [first, second] = await order(7);
  assert.deepEqual(await order(7), [first, second]);
  assert.notEqual(first, second);
  assert.notEqual((await order(8))[0], first);
  assert.notEqual((await order())[0], (await order())[0]);
  tf.setRandomSeed(5);
  assert.deepEqual(await order(), await order());
  tf.resetDefaultGraph();
});

test('without shuffling the order is the file’s', async () => {
  const { train } = await readTiny();
  const labels = (n: number) => train.nextBatch(n, { shuffle: false })[1].tolist();
  assert.deepEqual(labels(2), [0, 9]);
  assert.deepEqual(labels(2), [2, 0]);
  assert.deepEqual(labels(3), [9, 2, 0]);
});

test('images stay with their labels', async () => {
  const { train } = await readTiny({}, { dtype: 'uint8', seed: 1 });
  const classOf = new Map([
    [1, 0],
    [2, 9],
    [3, 2],
  ]);
  for (let i = 0; i < 20; i += 1) {
    const [images, labels] = train.nextBatch(2);
    const pixels = images.data as Uint8Array;
    assert.deepEqual(labels.tolist(), [classOf.get(pixels[0]!), classOf.get(pixels[2]!)]);
  }
});

test('what is wrong with a data set is said', async () => {
  const cut = gzipSync(tinyFiles()['train-images-idx3-ubyte']!).subarray(0, -12);
  const cases: [Record<string, Uint8Array>, tf.ReadDataSetsOptions, object][] = [
    [
      { 'train-images-idx3-ubyte': idx([4], [1, 2, 3, 4]) },
      {},
      {
        name: 'ValueError',
        message: 'Invalid magic number 2049 in MNIST image file: train-images-idx3-ubyte',
      },
    ],
    [
      { 't10k-labels-idx1-ubyte': idx([1, 1, 1], [1]) },
      {},
      {
        name: 'ValueError',
        message: 'Invalid magic number 2051 in MNIST label file: t10k-labels-idx1-ubyte',
      },
    ],
    [{ 't10k-labels-idx1-ubyte': idx([2], [1, 2]) }, {}, { name: 'DataLossError' }],
    [{ 't10k-labels-idx1-ubyte': idx([1], [10]) }, {}, { name: 'ValueError' }],
    [{ 't10k-labels-idx1-ubyte': idx([0xffffffff], [1]) }, {}, { name: 'DataLossError' }],
    [
      { 'train-images-idx3-ubyte': idx([0xffffffff, 0xffffffff, 0xffffffff], [1]) },
      {},
      { name: 'DataLossError' },
    ],
    [{ 't10k-labels-idx1-ubyte': Uint8Array.of(0, 0) }, {}, { name: 'DataLossError' }],
    [{ 't10k-labels-idx1-ubyte': Uint8Array.of(0, 0, 8, 1) }, {}, { name: 'DataLossError' }],
    [{ 'train-images-idx3-ubyte.gz': cut }, {}, { name: 'DataLossError' }],
    [
      {},
      { validationSize: 5 },
      {
        name: 'ValueError',
        message: 'Validation size should be between 0 and 4. Received: 5.',
      },
    ],
    [{}, { dtype: 'float64' as 'float32' }, { name: 'TypeError' }],
  ];
  for (const [changes, options, expected] of cases) {
    await assert.rejects(readTiny(changes, options), expected);
  }
  await assert.rejects(tf.readDataSets(asFiles({})), { name: 'NotFoundError' });
  const { train } = await readTiny();
  for (const size of [0, 4, 1.5, Number.NaN]) {
    assert.throws(() => train.nextBatch(size), { name: 'ValueError' });
  }
});

test('the files of the package are those its README describes', async () => {
  const { readFile } = await import('node:fs/promises');
  const readme = await readFile(new URL('README.md', digits), 'utf8');
  const rows = [...readme.matchAll(/\| `([\w-]+)` \| ([\d,]+) \| `([0-9a-f]{64})` \|/g)];
  assert.equal(rows.length, 4);
  for (const [, name, size, digest] of rows) {
    const bytes = gunzipSync(await readFile(new URL(`${name}.gz`, digits)));
    assert.equal(bytes.length, Number(size!.replace(',', '')));
    assert.equal(createHash('sha256').update(bytes).digest('hex'), digest);
  }
});
