// Partitioned variables: one tensor in several variables (engine/docs/runtime.md, "Partitioned variables").

import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import * as tf from 'tensorbundle';

before(() => tf.ready());
beforeEach(() => tf.resetDefaultGraph());

const valueError = (message: string | RegExp) => ({ name: 'ValueError', message });
const initializer = tf.zerosInitializer();
const halves = tf.fixedSizePartitioner(2);
const reused = <T>(body: () => T, reuse: tf.Reuse = true) =>
  tf.variableScope(tf.getVariableScope(), body, { reuse });

test('the parts are slices of the whole', () => {
  const emb = tf.variableScope('a', () =>
    tf.getVariable('emb', [5, 2], { initializer, partitioner: tf.fixedSizePartitioner(3) }),
  );
  assert.ok(emb instanceof tf.PartitionedVariable);
  assert.deepEqual([emb.name, emb.length, emb.shape, emb.partitions], ['a/emb', 3, [5, 2], [3, 1]]);
  assert.deepEqual(
    [...emb].map((part) => [part.op.name, part.shape, part.saveSliceInfo]),
    [
      [0, 2],
      [2, 2],
      [4, 1],
    ].map(([offset, length], i) => [
      `a/emb/part_${i}`,
      [length, 2],
      {
        fullName: 'a/emb',
        fullShape: [5, 2],
        varOffset: [offset, 0],
        varShape: [length, 2],
        spec: `5 2 ${offset},${length}:0,2`,
      },
    ]),
  );
  assert.equal(new tf.Variable(1).saveSliceInfo, undefined);
  assert.equal(tf.globalVariables().length, 4);
});

test('initializers are told about the part', () => {
  const seen: unknown[] = [];
  tf.getVariable('v', [2, 3], {
    partitioner: tf.fixedSizePartitioner(2, { axis: 1 }),
    initializer: (shape, dtype, info) => {
      seen.push([shape, dtype.name, info]);
      return tf.constant(0.5, { shape });
    },
  });
  assert.deepEqual(seen, [
    [[2, 2], 'float32', { fullShape: [2, 3], varOffset: [0, 0] }],
    [[2, 1], 'float32', { fullShape: [2, 3], varOffset: [0, 2] }],
  ]);
});

test('the default initializer has the limits of the whole', () => {
  const v = tf.getVariable('v', [2, 4], { partitioner: tf.fixedSizePartitioner(2, { axis: -1 }) });
  using sess = new tf.Session();
  for (const part of v) {
    const max = `${part.op.name}/Initializer/random_uniform/max:0`;
    assert.equal(Number(sess.run(max)), Math.fround(Math.sqrt(6 / (2 + 4))));
  }
});

test('a scalar is not partitioned', () => {
  const scalar: unknown = tf.getVariable('s', [], { initializer, partitioner: halves });
  assert.ok(scalar instanceof tf.Variable);
});

test('partitioners', () => {
  const { float32, string } = tf;
  const facts: [tf.Partitioner, number[], tf.DType, number[]][] = [
    [tf.fixedSizePartitioner(3), [5, 2], float32, [3, 1]],
    [tf.fixedSizePartitioner(9), [5, 2], float32, [5, 1]],
    [tf.fixedSizePartitioner(2, { axis: 1 }), [5, 2, 7], float32, [1, 2, 1]],
    // Eight bytes a row; two rows fit into 20 bytes.
    [tf.variableAxisSizePartitioner(20), [5, 2], float32, [3, 1]],
    [tf.variableAxisSizePartitioner(1), [5, 2], float32, [5, 1]],
    [tf.variableAxisSizePartitioner(1, { maxShards: 2 }), [5, 2], float32, [2, 1]],
    [tf.variableAxisSizePartitioner(64), [5, 2], string, [3, 1]],
    [tf.variableAxisSizePartitioner(64, { bytesPerStringElement: 64 }), [5, 2], string, [5, 1]],
    [tf.minMaxVariablePartitioner(), [1000, 1000], float32, [1, 1]],
    [tf.minMaxVariablePartitioner({ maxPartitions: 8 }), [1000, 1000], float32, [8, 1]],
    [tf.minMaxVariablePartitioner({ maxPartitions: 99 }), [1000, 1000], float32, [16, 1]],
    [tf.minMaxVariablePartitioner({ maxPartitions: 99, minSliceSize: 4 }), [5], float32, [5]],
  ];
  for (const [partitioner, shape, dtype, expected] of facts) {
    assert.deepEqual(partitioner(shape, dtype), expected);
  }
  assert.throws(
    () => tf.variableAxisSizePartitioner(0),
    valueError('Both max_shard_bytes and bytes_per_string_element must be positive.'),
  );
  assert.throws(
    () => tf.variableAxisSizePartitioner(1, { maxShards: 0 }),
    valueError('max_shards must be positive.'),
  );
  assert.throws(
    () => tf.minMaxVariablePartitioner({ axis: 2 })([5, 2], float32),
    valueError('Can not partition variable along axis 2 when shape is only (5, 2)'),
  );
});

test('answers of a partitioner that are none', () => {
  const facts: [unknown, string][] = [
    [2, 'Partitioner must return a sequence, but saw: 2'],
    [
      [2],
      "Partitioner returned a partition list that does not match the Variable's rank: [2] vs. (4, 4)",
    ],
    [[0, 1], 'Partitioner returned zero partitions for some axes: [0, 1]'],
    [[2, 2], 'Can only slice a variable along one dimension: shape: (4, 4), partitioning: [2, 2]'],
  ];
  for (const [answer, message] of facts) {
    const partitioner = () => answer as number[];
    assert.throws(() => tf.getVariable('v', [4, 4], { partitioner }), valueError(message));
  }
  assert.throws(
    () => tf.getVariable('v', [null, 4], { partitioner: halves }),
    valueError(
      'Shape of a new partitioned variable must be fully defined, but instead was (?, 4).',
    ),
  );
});

test('finding partitioned variables again', () => {
  const get = (shape: number[], options: tf.GetVariableOptions = { partitioner: halves }) =>
    tf.getVariable('v', shape, { initializer, ...options }) as unknown;
  const v = get([4, 2]);
  assert.equal(
    reused(() => get([4, 2])),
    v,
  );
  assert.equal(
    reused(() => get([4, 2], {})),
    v,
  );
  assert.equal(
    reused(() => get([4, 2]), tf.AUTO_REUSE),
    v,
  );
  const facts: [() => unknown, string][] = [
    [
      () => get([4, 2]),
      'Partitioned variable with name v already exists. Did you mean to set reuse=True or reuse=tf.AUTO_REUSE in VarScope?',
    ],
    [
      () => reused(() => get([2, 2])),
      'Trying to reuse partitioned variable v, but specified shape (2, 2) and found shape (4, 2).',
    ],
    [
      () => reused(() => get([4, 2], { partitioner: halves, dtype: tf.int32 })),
      'Trying to reuse partitioned variable v, but specified dtype int32 and found dtype float32.',
    ],
    [
      () => reused(() => get([4, 2], { partitioner: tf.fixedSizePartitioner(4) })),
      'Trying to reuse partitioned variable v, but specified partitions [4, 1] and found partitions [2, 1].',
    ],
    [
      () => get([4, 2], {}),
      'No partitioner was provided, but a partitioned version of the variable was found: v/part_0. Perhaps a variable of the same name was already created with partitioning?',
    ],
    [
      () => reused(() => tf.getVariable('w', [4], { partitioner: halves })),
      'PartitionedVariable w does not exist, or was not created with tf.get_variable(). Did you mean to set reuse=False or reuse=tf.AUTO_REUSE in VarScope?',
    ],
  ];
  for (const [program, message] of facts) assert.throws(program, valueError(message));
  tf.getVariable('single', [4]);
  assert.throws(
    () => tf.getVariable('single', [4], { partitioner: halves }),
    valueError(
      'A partitioner was provided, but an unpartitioned version of the variable was found: single.  Perhaps a variable of the same name was already created without partitioning?',
    ),
  );
});
