/// Partitioned tensors: TensorFlow's bytes come out, and any region goes in.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
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

const float32 = (values: tf.NDArrayLike) => tf.ndarray(values, undefined, 'float32');

// spec: "w" float [4,2] in two parts, 200 bytes.
const PARTS_INDEX =
  '00000608011a020801000a1300770001010280828082080112081202080212020802' +
  '281035 4c289874 060415 82828082 0801120812020802120208022010281035ebd5bc49' +
  '000122 77 0801120812020804120208023a080a0210020a0210023a0a0a04080210020a021002' +
  '0000000001000000 00906e9bd4 0000000001000000 00c0f2a1b0' +
  '000102780073 0000000001000000 0028bd45a7 7808 85010e' +
  '00'.repeat(35) +
  '57fb808b247547db';

test('two parts of a matrix have TensorFlow’s bytes', async () => {
  const prefix = join(folder, 'parts');
  const writer = new tf.BundleWriter(prefix);
  await writer.addSlice(
    'w',
    [4, 2],
    '0,2:0,2',
    float32([
      [1, 2],
      [3, 4],
    ]),
  );
  await writer.addSlice(
    'w',
    [4, 2],
    '2,2:0,2',
    float32([
      [5, 6],
      [7, 8],
    ]),
  );
  await writer.finish();
  const index = await readFile(`${prefix}.index`);
  assert.equal(index.toString('hex'), PARTS_INDEX.replaceAll(' ', ''));
  const reader = await tf.BundleReader.open(prefix);
  assert.deepEqual(reader.keys().length, 3);
  assert.deepEqual((await reader.lookup('w')).tolist(), [
    [1, 2],
    [3, 4],
    [5, 6],
    [7, 8],
  ]);
  assert.deepEqual(reader.entry('w').slices.map(tf.sliceText), ['0,2:0,2', '2,2:0,2']);
  reader.close();
});

test('a slice that is everything is an ordinary tensor', async () => {
  const writer = new tf.BundleWriter('memory://whole/m');
  await writer.addSlice('a', [2], '-', [1, 2]);
  await writer.addSlice('b', [2], '0,2', [3, 4]);
  await writer.addSlice('s', [], '', 5);
  await writer.finish();
  const reader = await tf.BundleReader.open('memory://whole/m');
  assert.deepEqual(reader.keys(), ['a', 'b', 's']);
  assert.ok(reader.entries().every(({ slices }) => slices.length === 0));
  assert.equal((await reader.lookup('s')).item(), 5);
});

// Every dtype in an uneven grid, and every region of it.
const DTYPES = [
  'float32',
  'float16',
  'uint16',
  'int64',
  'complex128',
  'bool',
  'bfloat16',
  'int8',
  'uint64',
  'string',
];

function cut(
  values: tf.NDArrayLike[][],
  [r, rows]: readonly number[],
  [c, columns]: readonly number[],
) {
  return values.slice(r!, r! + rows!).map((row) => row.slice(c!, c! + columns!));
}

function grid(dtype: string): tf.NDArrayLike[][] {
  const of = (i: number) => {
    if (dtype === 'string') return `s${i}`.repeat(i % 3);
    if (dtype === 'bool') return i % 3 === 0;
    return dtype === 'int64' || dtype === 'uint64' ? BigInt(i) : i;
  };
  return Array.from({ length: 5 }, (_, r) => Array.from({ length: 4 }, (_, c) => of(4 * r + c)));
}

const ROWS = [
  [0, 2],
  [2, 3],
] as const;
const COLUMNS = [
  [0, 1],
  [1, 3],
] as const;

for (const dtype of DTYPES) {
  test(`any region of a grid of ${dtype} can be read`, async () => {
    const path = `memory://grid/${dtype}`;
    const values = grid(dtype);
    const writer = new tf.BundleWriter(path, { numShards: 2 });
    const text = ([start, length]: readonly number[]) => `${start},${length}`;
    for (const [i, rows] of ROWS.entries()) {
      if (i > 0) writer.nextShard();
      for (const columns of COLUMNS) {
        const part = tf.ndarray(cut(values, rows, columns), undefined, dtype);
        await writer.addSlice('g', [5, 4], `${text(rows)}:${text(columns)}`, part);
      }
    }
    await writer.finish();
    const reader = await tf.BundleReader.open(path);
    const whole = tf.ndarray(values, undefined, dtype).tolist() as tf.NestedList[][];
    assert.deepEqual((await reader.lookup('g')).tolist(), whole);
    for (let r = 0; r < 5; ++r) {
      for (let rows = 1; r + rows <= 5; ++rows) {
        for (let c = 0; c < 4; ++c) {
          for (let columns = 1; c + columns <= 4; ++columns) {
            const region = await reader.lookupSlice('g', `${r},${rows}:${c},${columns}`);
            assert.deepEqual(region.shape, [rows, columns]);
            assert.deepEqual(region.tolist(), cut(whole as never, [r, rows], [c, columns]));
          }
        }
      }
    }
    const report = await reader.verify({ onBytes: () => {} });
    assert.equal(report.ok, true);
    assert.equal((await reader.verify()).ok, true);
    reader.close();
  });
}

test('a slice of a large tensor is cut piece by piece', async () => {
  const path = 'memory://large/m';
  const columns = 1_000_003;
  const values = Int32Array.from({ length: 5 * columns }, (_, i) => i);
  const writer = new tf.BundleWriter(path);
  await writer.add('big', tf.ndarray(values, [5, columns]));
  await writer.finish();
  const reader = await tf.BundleReader.open(path);
  const tail = await reader.lookupSlice('big', `-:${columns - 2},2`);
  assert.deepEqual(
    tail.tolist(),
    [1, 2, 3, 4, 5].map((row) => [row * columns - 2, row * columns - 1]),
  );
  const rows = await reader.lookupSlice('big', '2,2:-');
  assert.deepEqual(rows.shape, [2, columns]);
  assert.deepEqual(
    Buffer.from(rows.bytes()).equals(Buffer.from(values.slice(2 * columns, 4 * columns).buffer)),
    true,
  );
  reader.close();
});

test('slices that cannot be are refused in TensorFlow’s words', async () => {
  const writer = new tf.BundleWriter('memory://refused/slices');
  await writer.addSlice(
    'w',
    [4, 2],
    '0,2:-',
    float32([
      [1, 2],
      [3, 4],
    ]),
  );
  await writer.add('v', [1]);
  const add =
    (...args: Parameters<tf.BundleWriter['addSlice']>) =>
    () =>
      writer.addSlice(...args);
  const half = float32([
    [1, 2],
    [3, 4],
  ]);
  assert.throws(add('w', [4, 2], '3,2:-', half), {
    code: 'INTERNAL',
    message: 'Extent in dimension 0 out of bounds: shape = [4,2], slice = 3,2:-',
  });
  assert.throws(add('w', [4, 2], '2,2', half), { code: 'INTERNAL', message: /^Mismatching ranks/ });
  assert.throws(add('w', [4, 2], 'x:-', half), {
    code: 'INVALID_ARGUMENT',
    message: /^Expected a pair of numbers or '-' but got 'x'/,
  });
  assert.throws(add('w', [4, 2], '2,1:-', half), {
    code: 'INVALID_ARGUMENT',
    message:
      'Slice in shape_and_slice specification does not match the shape of the tensor to  save: 4 2 2,1:-, tensor: [2,2]',
  });
  assert.throws(add('w', [4, 2], '0,2:-', half), { message: 'Adding duplicate key: w' });
  assert.throws(add('w', [6, 2], '2,2:-', half), { code: 'INVALID_ARGUMENT' });
  assert.throws(add('v', [4, 2], '2,2:-', half), { message: 'Adding duplicate key: v' });
  assert.throws(() => writer.add('w', [1]), { message: 'Adding duplicate key: w' });
  await writer.addSlice('w', [4, 2], '2,2:-', half);
  await writer.finish();
  const reader = await tf.BundleReader.open('memory://refused/slices');
  assert.deepEqual(reader.entry('w').slices.length, 2);
  await assert.rejects(reader.lookupSlice('w', '0,2'), { message: /^Mismatching ranks/ });
  await assert.rejects(reader.lookupSlice('w', '4,1:-'), { message: /^Extent in dimension 0/ });
  await assert.rejects(reader.lookupSlice('w', 'a,b:-'), { code: 'INVALID_ARGUMENT' });
  await assert.rejects(reader.lookupSlice('nothing', '-'), { code: 'NOT_FOUND' });

  const overlapping = new tf.BundleWriter('memory://refused/overlap');
  await overlapping.addSlice('w', [4], '0,3', [1, 2, 3]);
  await overlapping.addSlice('w', [4], '2,2', [1, 2]);
  await assert.rejects(overlapping.finish(), {
    message: 'Overlapping slices: existing slice = 0,3, new slice = 2,2',
  });
});

test('what is missing of a partitioned tensor is said', async () => {
  const writer = new tf.BundleWriter('memory://missing/m');
  await writer.addSlice('w', [6], '0,2', [0, 1]);
  await writer.addSlice('w', [6], '4,2', [4, 5]);
  await writer.finish();
  const reader = await tf.BundleReader.open('memory://missing/m');
  await assert.rejects(reader.lookup('w'), {
    code: 'INVALID_ARGUMENT',
    message: 'Does not have sufficient slices for partitioned tensor w to restore in slice_spec: -',
  });
  assert.deepEqual((await reader.lookupSlice('w', '5,1')).tolist(), [5]);
  const report = await reader.verify();
  assert.equal(report.ok, false);
  assert.match(report.tensors.at(-1)!.status, /^Invalid argument: Does not have sufficient slices/);
});

test('shards are merged into what one writer would have written', async () => {
  const at = (name: string) => join(folder, name);
  const whole = new tf.BundleWriter(at('whole'), { numShards: 3 });
  const inputs: string[] = [];
  for (let shard = 0; shard < 3; ++shard) {
    const input = at(`temp_1/part-0000${shard}-of-00003`);
    const part = new tf.BundleWriter(input);
    if (shard > 0) whole.nextShard();
    for (const writer of [part, whole]) {
      await writer.add(`layer${shard}`, float32([shard, 1]));
      await writer.add(`name${shard}`, ['x'.repeat(shard)]);
      await writer.addSlice('table', [3, 2], `${shard},1:-`, float32([[shard, shard]]));
    }
    await part.finish();
    inputs.push(input);
  }
  await whole.finish();
  assert.throws(() => whole.nextShard(), { code: 'FAILED_PRECONDITION' });
  await tf.mergeBundles(inputs, at('merged'));
  for (const suffix of ['.index', ...[0, 1, 2].map((i) => `.data-0000${i}-of-00003`)]) {
    assert.deepEqual(await readFile(at(`merged${suffix}`)), await readFile(at(`whole${suffix}`)));
  }
  assert.deepEqual(await readdir(at('temp_1')), []);
  const reader = await tf.BundleReader.open(at('merged'));
  assert.deepEqual((await reader.lookup('table')).tolist(), [
    [0, 0],
    [1, 1],
    [2, 2],
  ]);
  assert.equal((await reader.verify()).ok, true);
});

test('a merge that fails leaves its inputs', async () => {
  const inputs = ['memory://twice/part-0', 'memory://twice/part-1'];
  for (const input of inputs) {
    const writer = new tf.BundleWriter(input);
    await writer.add('same', [1]);
    await writer.finish();
  }
  await assert.rejects(tf.mergeBundles(inputs, 'memory://twice/merged'), {
    code: 'INVALID_ARGUMENT',
    message:
      'Duplicate tensor keyed by same encountered, when merging prefix: memory://twice/part-1',
  });
  await assert.rejects(tf.mergeBundles([], 'memory://twice/merged'), {
    code: 'FAILED_PRECONDITION',
  });
  await assert.rejects(tf.mergeBundles(['memory://twice/no'], 'memory://twice/merged'), {
    code: 'NOT_FOUND',
  });
  for (const input of inputs) {
    assert.deepEqual((await (await tf.BundleReader.open(input)).lookup('same')).tolist(), [1]);
  }
  await tf.mergeBundles(inputs.slice(1), 'memory://twice/part-1');
  assert.deepEqual(
    (await (await tf.BundleReader.open('memory://twice/part-1')).lookup('same')).tolist(),
    [1],
  );
});

test('shards that were announced have to come', async () => {
  const writer = new tf.BundleWriter('memory://announced/m', { numShards: 2 });
  await writer.add('a', [1]);
  await assert.rejects(writer.finish(), {
    code: 'FAILED_PRECONDITION',
    message: 'memory://announced/m is to have 2 shards, not 1',
  });
});
