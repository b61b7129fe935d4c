/// "Everything that takes an array also takes nested arrays and TypedArrays", with Python's inference and texts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ndarray } from '#dist/core/array-like.js';
import { asDType, float32, string } from '#dist/core/dtype.js';
import { NDArray } from '#dist/core/ndarray.js';
import { Complex } from '#dist/core/python-repr.js';

test('the dtype is inferred as Python infers it', () => {
  const facts: [Parameters<typeof ndarray>[0], string, number[]][] = [
    [1, 'int32', []],
    [[1, 2], 'int32', [2]],
    [[1, 2.5], 'float32', [2]],
    [[[1], [Number.NaN]], 'float32', [2, 1]],
    [-0, 'float32', []],
    [2 ** 31, 'int64', []],
    [-(2 ** 31), 'int32', []],
    [5n, 'int64', []],
    [true, 'bool', []],
    ['a', 'string', []],
    [new Complex(1, 2), 'complex128', []],
    [[], 'float32', [0]],
    [[[], []], 'float32', [2, 0]],
    [new Float32Array(3), 'float32', [3]],
    [new Float64Array(3), 'float64', [3]],
    [new Uint8ClampedArray(2), 'uint8', [2]],
    [[new Int16Array(2), new Int16Array(2)], 'int16', [2, 2]],
    [new BigUint64Array(1), 'uint64', [1]],
  ];
  for (const [values, dtype, shape] of facts) {
    const array = ndarray(values);
    assert.equal(array.dtype.name, dtype);
    assert.deepEqual(array.shape, shape);
  }
});

test('elements come back as they went in, for every dtype', () => {
  const facts: [string, (number | bigint | boolean)[]][] = [
    ['float64', [0.1, -2]],
    ['float32', [0.5, -2]],
    ['float16', [0.5, 65504]],
    ['bfloat16', [0.5, -3]],
    ['int8', [-128, 127]],
    ['uint8', [0, 255]],
    ['int16', [-32768, 32767]],
    ['uint16', [0, 65535]],
    ['int32', [-2147483648, 2147483647]],
    ['uint32', [0, 4294967295]],
    ['int64', [-(2n ** 63n), 2n ** 63n - 1n]],
    ['uint64', [0n, 2n ** 64n - 1n]],
    ['bool', [true, false]],
    ['qint8', [-1, 1]],
    ['quint16', [1, 2]],
    ['float8_e4m3fn', [448, -0.5]],
    ['int4', [-8, 7]],
  ];
  for (const [dtype, values] of facts) {
    const array = ndarray(values, undefined, dtype);
    assert.deepEqual(array.tolist(), values);
    assert.deepEqual(NDArray.fromBytes(dtype, [2], array.bytes()).tolist(), values);
    assert.equal(array.item(-1), values[1]);
  }
});

test('strings are kept as bytes', () => {
  const array = ndarray(['é', Uint8Array.of(255)], undefined, string);
  assert.deepEqual(array.tolist(), [Uint8Array.of(0xc3, 0xa9), Uint8Array.of(255)]);
  assert.throws(() => array.bytes(), { code: 'UNIMPLEMENTED' });
});

test('values that do not fit are refused in Python’s words', () => {
  const facts: [() => unknown, { name: string; message: string }][] = [
    [
      () => ndarray([1.5], undefined, 'int32'),
      { name: 'TypeError', message: "Expected int32, got 1.5 of type 'float' instead." },
    ],
    [
      () => ndarray(['a'], undefined, float32),
      { name: 'TypeError', message: "Expected float32, got 'a' of type 'str' instead." },
    ],
    [
      () => ndarray([1, true]),
      { name: 'TypeError', message: "Expected int32, got True of type 'bool' instead." },
    ],
    [
      () => ndarray([300], undefined, 'uint8'),
      {
        name: 'ValueError',
        message: "Can't convert Python sequence with out-of-range integer to Tensor.",
      },
    ],
    [
      () => ndarray([[1, 2], [3]]),
      {
        name: 'ValueError',
        message:
          'Argument must be a dense tensor: [[1, 2], [3]] - got shape [2], but wanted [2, 2].',
      },
    ],
    [
      () => ndarray([1, [2]]),
      {
        name: 'ValueError',
        message: 'Argument must be a dense tensor: [1, [2]] - got shape [2], but wanted [2].',
      },
    ],
    [() => ndarray([null as never]), { name: 'ValueError', message: 'None values not supported.' }],
    [
      () => ndarray([1, 2, 3], [2]),
      { name: 'ValueError', message: 'cannot reshape array of size 3 into shape (2,)' },
    ],
    [
      () => asDType('flot32'),
      { name: 'TypeError', message: "Cannot convert value 'flot32' to a TensorFlow DType." },
    ],
    [
      () => ndarray([1, 2]).item(),
      { name: 'ValueError', message: 'can only convert an array of size 1 to a Python scalar' },
    ],
  ];
  for (const [act, expected] of facts) assert.throws(act, expected);
});

test('shape, dtype and data have to agree', () => {
  assert.throws(() => new NDArray('float32', [2], new Float32Array(3)), {
    code: 'INVALID_ARGUMENT',
  });
  assert.throws(() => new NDArray('float32', [2], new Int32Array(2)), { code: 'INVALID_ARGUMENT' });
  assert.throws(() => NDArray.fromBytes('int32', [1], new Uint8Array(3)), {
    code: 'INVALID_ARGUMENT',
  });
});

test('bytes on an odd address become an array all the same', () => {
  const bytes = new Uint8Array([9, 0, 0, 128, 63]).subarray(1);
  assert.equal(NDArray.fromBytes('float32', [], bytes).item(), 1);
});

test('dtypes have TensorFlow’s names and numbers', () => {
  for (const [alias, name, number] of [
    ['float', 'float32', 1],
    ['double', 'float64', 2],
    ['half', 'float16', 19],
    ['DT_BFLOAT16', 'bfloat16', 14],
    ['DT_HALF', 'float16', 19],
  ] as const) {
    assert.equal(asDType(alias).name, name);
    assert.equal(asDType(number), asDType(name));
  }
  assert.equal(String(float32), "<dtype: 'float32'>");
});
