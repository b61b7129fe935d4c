/// What is written is read: arbitrary dtypes, shapes, names and slices, in both formats.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import * as tf from 'tensorbundle/node';

before(() => tf.ready());

const NUMBERS = [
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
];
const NOT_IN_V1 = new Set(['bfloat16', 'uint32', 'uint64', 'qint16']);

// Any string of Unicode, NUL included, and bytes that are no UTF-8; the empty name is the header's.
const name = fc
  .oneof(
    { weight: 3, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }) },
    { weight: 1, arbitrary: fc.constantFrom('a\udcff', '\udc80', 'é\u0000', '__proto__', 'x/y:0') },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 3000 }).map((n) => 'long/'.repeat(n)) },
  )
  // A lone surrogate is a byte only from U+DC80 to U+DCFF; a zero byte at the front makes a slice's key.
  .filter((text) => !/[\ud800-\udc7f\udd00-\udfff]/u.test(text) && !text.startsWith('\0'));

const shape = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });

const array = fc.tuple(fc.constantFrom(...NUMBERS, 'string'), shape).chain(([dtype, dims]) => {
  const size = dims.reduce((product, dim) => product * dim, 1);
  if (dtype === 'string') {
    return fc
      .array(fc.uint8Array({ maxLength: 200 }), { minLength: size, maxLength: size })
      .map((strings) => new tf.NDArray('string', dims, strings));
  }
  const length = size * tf.asDType(dtype).size;
  const max = dtype === 'bool' ? 1 : 255;
  return fc
    .uint8Array({ min: 0, max, minLength: length, maxLength: length })
    .map((bytes) => tf.NDArray.fromBytes(dtype, dims, bytes.slice()));
});

const tensors = fc.uniqueArray(fc.record({ name, array }), {
  maxLength: 8,
  selector: (tensor) => tensor.name,
});

function assertEqual(got: tf.NDArray, want: tf.NDArray): void {
  assert.equal(got.dtype, want.dtype);
  assert.deepEqual(got.shape, want.shape);
  if (ArrayBuffer.isView(want.data)) assert.deepEqual(got.bytes(), want.bytes());
  else assert.deepEqual(got.data, want.data);
}

let runs = 0;
const path = () => `memory://properties/${runs++}/`;

test('bundles give back what was written', async () => {
  await fc.assert(
    fc.asyncProperty(
      tensors,
      fc.constantFrom(1, 8, 64),
      fc.constantFrom('', 'm', 'a b', 'é.ckpt'),
      async (wanted, dataAlignment, prefix) => {
        const at = path() + prefix;
        const writer = new tf.BundleWriter(at, { dataAlignment });
        for (const tensor of wanted) await writer.add(tensor.name, tensor.array);
        await writer.finish();
        using reader = await tf.BundleReader.open(at);
        assert.deepEqual(reader.keys().sort(), wanted.map((tensor) => tensor.name).sort());
        for (const tensor of wanted) assertEqual(await reader.lookup(tensor.name), tensor.array);
        assert.equal((await reader.verify()).ok, true);
      },
    ),
    { numRuns: 100 },
  );
});

test('V1 files give back what was written', async () => {
  await fc.assert(
    fc.asyncProperty(tensors, async (all) => {
      const wanted = all.filter((tensor) => !NOT_IN_V1.has(tensor.array.dtype.name));
      const at = `${path()}v1`;
      const writer = new tf.TensorSliceWriter(at);
      for (const tensor of wanted) writer.add(tensor.name, tensor.array);
      await writer.finish();
      using reader = await tf.TensorSliceReader.open(at);
      assert.deepEqual(reader.keys().sort(), wanted.map((tensor) => tensor.name).sort());
      for (const tensor of wanted) assertEqual(await reader.lookup(tensor.name), tensor.array);
    }),
    { numRuns: 100 },
  );
});

// --- slices ---

// Where an axis of `length` is cut.
const cuts = (length: number) =>
  fc.subarray(Array.from({ length: length - 1 }, (_, i) => i + 1)).map((at) => {
    const edges = [0, ...at, length];
    return edges.slice(1).map((end, i) => [edges[i]!, end - edges[i]!] as const);
  });

type Extent = readonly [start: number, length: number];

function product(axes: readonly (readonly Extent[])[]): Extent[][] {
  return axes.reduce<Extent[][]>(
    (all, axis) => all.flatMap((slice) => axis.map((extent) => [...slice, extent])),
    [[]],
  );
}

// The elements of `box`, each its index in the whole.
function elements(dims: readonly number[], box: readonly Extent[]): number[] {
  return box.reduce<number[]>(
    (flat, [start, length], d) =>
      flat.flatMap((index) => Array.from({ length }, (_, i) => index * dims[d]! + start + i)),
    [0],
  );
}

const specOf = (box: readonly Extent[]) => box.map((extent) => extent.join(',')).join(':');

const partitioned = fc
  .array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 })
  .chain((dims) =>
    fc.record({
      dims: fc.constant(dims),
      parts: fc
        .tuple(...dims.map(cuts))
        .map(product)
        .chain((parts) => fc.shuffledSubarray(parts, { minLength: parts.length })),
      query: fc.tuple(
        ...dims.map((dim) =>
          fc
            .integer({ min: 0, max: dim - 1 })
            .chain((start) =>
              fc.integer({ min: 1, max: dim - start }).map((length): Extent => [start, length]),
            ),
        ),
      ),
      isString: fc.boolean(),
      format: fc.constantFrom('V1', 'V2'),
    }),
  );

test('any slice of any partition is what was written', async () => {
  await fc.assert(
    fc.asyncProperty(partitioned, async ({ dims, parts, query, isString, format }) => {
      const of = (box: readonly Extent[]) => {
        const values = elements(dims, box).map((i) => (isString ? `v${i}` : i));
        return tf.ndarray(
          values,
          box.map(([, length]) => length),
          isString ? 'string' : 'int32',
        );
      };
      const at = path() + format;
      const writer = format === 'V1' ? new tf.TensorSliceWriter(at) : new tf.BundleWriter(at);
      for (const box of parts) await writer.addSlice('w', dims, specOf(box), of(box));
      await writer.finish();
      using reader = (await tf.openCheckpoint(at)).reader;
      assertEqual(await reader.lookup('w'), of(dims.map((dim): Extent => [0, dim])));
      assertEqual(await reader.lookupSlice('w', specOf(query)), of(query));
      assert.equal((await reader.verify({ onBytes: () => {} })).ok, true);
    }),
    { numRuns: 200 },
  );
});
