/// Narrow floats are bit patterns; the numbers they stand for convert both ways, ties to even.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BFLOAT16,
  decodeFloat,
  encodeFloat,
  FLOAT4_E2M1FN,
  FLOAT8_E4M3B11FNUZ,
  FLOAT8_E4M3FN,
  FLOAT8_E4M3FNUZ,
  FLOAT8_E5M2,
  FLOAT8_E5M2FNUZ,
  HALF,
} from '#dist/core/float-formats.js';

test('every bit pattern that is a number comes back', () => {
  for (const [format, bits] of [
    [HALF, 16],
    [BFLOAT16, 16],
    [FLOAT8_E5M2, 8],
    [FLOAT8_E4M3FN, 8],
    [FLOAT8_E4M3FNUZ, 8],
    [FLOAT8_E4M3B11FNUZ, 8],
    [FLOAT8_E5M2FNUZ, 8],
    [FLOAT4_E2M1FN, 4],
  ] as const) {
    for (let pattern = 0; pattern < 1 << bits; ++pattern) {
      const value = decodeFloat(pattern, format);
      if (!Number.isNaN(value)) assert.equal(encodeFloat(value, format), pattern);
    }
  }
});

test('bfloat16 is the upper half of a float32', () => {
  const words = new Uint32Array(1);
  const float = new Float32Array(words.buffer);
  for (let pattern = 0; pattern < 1 << 16; ++pattern) {
    words[0] = pattern << 16;
    assert.ok(Object.is(decodeFloat(pattern, BFLOAT16), float[0]));
  }
});

test('known values', () => {
  assert.equal(decodeFloat(0x3c01, HALF), 1.0009765625);
  assert.equal(decodeFloat(0x0001, HALF), 2 ** -24);
  assert.equal(decodeFloat(0x7bff, HALF), 65504);
  assert.equal(decodeFloat(0x7e, FLOAT8_E4M3FN), 448);
  assert.equal(decodeFloat(0x7b, FLOAT8_E5M2), 57344);
  assert.equal(decodeFloat(0x7f, FLOAT8_E4M3FNUZ), 240);
  assert.equal(decodeFloat(0x7f, FLOAT8_E4M3B11FNUZ), 30);
  assert.ok(Number.isNaN(decodeFloat(0x80, FLOAT8_E5M2FNUZ)));
  assert.equal(decodeFloat(0x7, FLOAT4_E2M1FN), 6);
});

test('rounding is to nearest, ties to even', () => {
  assert.equal(encodeFloat(1 + 2 ** -11, HALF), 0x3c00);
  assert.equal(encodeFloat(1 + 3 * 2 ** -11, HALF), 0x3c02);
  assert.equal(encodeFloat(1 + 2 ** -11 + 2 ** -30, HALF), 0x3c01);
  assert.equal(encodeFloat(65519.99, HALF), 0x7bff);
  assert.equal(encodeFloat(65520, HALF), 0x7c00);
  assert.equal(encodeFloat(-1e300, HALF), 0xfc00);
  assert.equal(encodeFloat(2 ** -25, HALF), 0);
  assert.equal(encodeFloat(2 ** -25 * 1.0001, HALF), 1);
  assert.equal(encodeFloat(1000, FLOAT8_E4M3FN), 0x7f);
  assert.equal(encodeFloat(Number.NaN, HALF), 0x7e00);
});
