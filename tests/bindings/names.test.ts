/// "Key names that are not UTF-8 are mapped reversibly": invalid bytes are lone surrogates U+DC80 and up.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeName, encodeName } from '#dist/core/names.js';

test('names of printable text stay as they are', () => {
  for (const name of ['Variable', 'é/日本', '😀', '\ufeffbom', '']) {
    assert.equal(decodeName(new TextEncoder().encode(name)), name);
    assert.deepEqual(encodeName(name), new TextEncoder().encode(name));
  }
});

test('bytes that are no UTF-8 are escaped as Python’s surrogateescape does', () => {
  const facts: [number[], string][] = [
    [[0xff], '\udcff'],
    [[0x61, 0x80, 0x62], 'a\udc80b'],
    [[0xc3], '\udcc3'],
    [[0xed, 0xa0, 0x80], '\udced\udca0\udc80'],
    [[0xc0, 0x80], '\udcc0\udc80'],
    [[0xe0, 0x9f, 0xbf], '\udce0\udc9f\udcbf'],
    [[0xf4, 0x90, 0x80, 0x80], '\udcf4\udc90\udc80\udc80'],
    [[0xf0, 0x9f, 0x98], '\udcf0\udc9f\udc98'],
    [[0xc3, 0xa9, 0xff], 'é\udcff'],
  ];
  for (const [bytes, name] of facts) {
    assert.equal(decodeName(Uint8Array.from(bytes)), name);
    assert.deepEqual([...encodeName(name)], bytes);
  }
});

test('every byte string comes back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      assert.deepEqual(encodeName(decodeName(bytes)), bytes);
    }),
  );
});

test('a lone surrogate that stands for no byte is refused', () => {
  assert.throws(() => encodeName('a\ud800'), { code: 'INVALID_ARGUMENT' });
});
