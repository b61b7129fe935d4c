/// "NDArray prints exactly as numpy prints": every fact of numpy-facts.ts, and what has no numpy to ask.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { ndarray } from '#dist/core/array-like.js';
import { NDArray } from '#dist/core/ndarray.js';
import { bytesRepr, Complex, floatRepr } from '#dist/core/python-repr.js';
import { FACTS } from './numpy-facts.js';

test('arrays print as numpy prints them', async (t) => {
  for (const [dtype, shape, elements, text] of FACTS) {
    await t.test(`${dtype} [${shape}] ${text.slice(0, 40)}`, () => {
      assert.equal(ndarray(elements, shape, dtype).toString(), text);
    });
  }
});

test('bfloat16 prints the fewest digits that name its number', () => {
  assert.equal(
    ndarray([1, 0.1, -2.5, 3.1426], undefined, 'bfloat16').toString(),
    '[ 1.    0.1  -2.5   3.14]',
  );
  assert.equal(ndarray(0.1, undefined, 'bfloat16').toString(), '0.1');
});

test('console.log shows what print shows', () => {
  assert.equal(inspect(ndarray([[1, 2]])), '[[1 2]]');
});

test('a scalar stands where a number or a string is wanted', () => {
  const half = ndarray(0.1, undefined, 'float32');
  assert.equal(`${half}`, '0.1');
  assert.equal(Number(half), 0.10000000149011612);
  assert.equal((ndarray(2) as unknown as number) + 1, 3);
  assert.equal(`${ndarray('text')}`, 'text');
  assert.equal(Number(ndarray(true)), 1);
  assert.equal((ndarray(5n) as unknown as bigint) + 1n, 6n);
});

test('an array of several stands for no number', () => {
  assert.throws(() => Number(ndarray([1, 2])), {
    name: 'TypeError',
    message: 'only size-1 arrays can be converted to Python scalars',
  });
  assert.equal(Number(ndarray([7])), 7);
  assert.equal(`${ndarray([1, 2])}`, '[1 2]');
});

test('single values print as Python prints them', () => {
  const facts: [number, string][] = [
    [0, '0.0'],
    [-0, '-0.0'],
    [1, '1.0'],
    [0.1, '0.1'],
    [1e16, '1e+16'],
    [123456789012345680, '1.2345678901234568e+17'],
    [2 ** 53, '9007199254740992.0'],
    [1e-5, '1e-05'],
    [0.0001, '0.0001'],
    [5e-324, '5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [Number.NaN, 'nan'],
    [-Infinity, '-inf'],
  ];
  for (const [value, text] of facts) assert.equal(floatRepr(value), text);
  assert.equal(String(new Complex(1, -2)), '(1-2j)');
  assert.equal(bytesRepr(Uint8Array.of(0x61, 0x27, 0, 0xff)), `b"a'\\x00\\xff"`);
});

test('shortest digits of doubles are those of JavaScript', () => {
  // Both promise the shortest digits that are read back as the same number.
  let seed = 12345n;
  const bits = new BigUint64Array(1);
  const value = new Float64Array(bits.buffer);
  for (let i = 0; i < 2000; ++i) {
    seed = (seed * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    bits[0] = seed;
    if (!Number.isFinite(value[0])) continue;
    assert.equal(Number(floatRepr(value[0]!)), value[0]);
    assert.equal(digitsOf(floatRepr(value[0]!)), digitsOf(String(value[0])));
  }
});

test('an empty array prints as brackets whatever its shape', () => {
  assert.equal(new NDArray('float32', [3, 0, 2], new Float32Array()).toString(), '[]');
});

// The significant digits of a printed number.
function digitsOf(text: string): string {
  return text
    .replace(/e.*/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '');
}
