/// Variants, resources and types that nobody knows: named, sized, their bytes to be had, and never a crash.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as tf from 'tensorbundle/node';
import { crc32c, fixed32, makeTable, masked } from '../support/table.js';

let folder = '';

before(async () => {
  await tf.ready();
  folder = await mkdtemp(join(tmpdir(), 'tensorbundle-'));
});
after(() => rm(folder, { recursive: true }));

// VariantTensorDataProto { type_name: "t" }, and one of nothing.
const MESSAGES = [Uint8Array.from([0x0a, 0x01, 0x74]), new Uint8Array(0)];

// The stored form, and the entry's checksum.
function encodeVariants(): { data: Buffer; crc: number } {
  let crc = 0;
  const parts: Uint8Array[] = [];
  for (const message of MESSAGES) {
    const length = Buffer.alloc(8);
    length.writeUInt32LE(message.length);
    crc = crc32c(message, crc32c(length, crc));
    const stored = fixed32(masked(crc));
    crc = crc32c(stored, crc);
    parts.push(Uint8Array.from([message.length]), message, stored);
  }
  return { data: Buffer.concat(parts), crc };
}

const HEADER = Buffer.from('08011a020801', 'hex');

// dtype, shape [dim], offset, size, checksum.
function entry(dtype: number, dim: number, offset: number, size: number, crc: number): Buffer {
  const head = [
    0x08,
    dtype & 127,
    0x12,
    0x04,
    0x12,
    0x02,
    0x08,
    dim,
    0x20,
    offset,
    0x28,
    size,
    0x35,
  ];
  if (dtype > 127) head.splice(1, 1, (dtype & 127) | 128, dtype >> 7);
  return Buffer.concat([Uint8Array.from(head), fixed32(masked(crc))]);
}

async function writeBundle(name: string, damage = -1): Promise<string> {
  const prefix = join(folder, name);
  const { data: variants, crc } = encodeVariants();
  const data = Buffer.concat([variants, Buffer.from('handle')]);
  if (damage >= 0) data[damage]! ^= 1;
  const at = variants.length;
  const handle = data.subarray(at);
  const index = makeTable([
    ['', HEADER],
    ['resource', entry(20, 1, at, handle.length, crc32c(handle))],
    ['unknown', entry(200, 1, at, handle.length, crc32c(handle))],
    ['variant', entry(21, 2, 0, at, crc)],
  ]);
  await writeFile(`${prefix}.index`, index);
  await writeFile(`${prefix}.data-00000-of-00001`, data);
  return prefix;
}

test('a variant’s elements are the bytes of its messages', async () => {
  using reader = await tf.BundleReader.open(await writeBundle('good'));
  assert.deepEqual(
    reader.entries().map(({ key, dtype, size }) => [key, dtype.name, size]),
    [
      ['resource', 'resource', 6],
      ['unknown', 'unknown dtype enum (200)', 6],
      ['variant', 'variant', encodeVariants().data.length],
    ],
  );
  const array = await reader.lookup('variant');
  assert.equal(array.dtype, tf.variant);
  assert.deepEqual(array.shape, [2]);
  assert.deepEqual(array.data, MESSAGES);
  assert.deepEqual(array.tolist(), MESSAGES);
  assert.match(String(array), /^\[.*\]$/);
  assert.deepEqual((await reader.lookupSlice('variant', '1,1')).data, [MESSAGES[1]]);
});

test('resources and unknown types give their raw bytes', async () => {
  using reader = await tf.BundleReader.open(await writeBundle('raw'));
  for (const key of ['resource', 'unknown']) {
    await assert.rejects(reader.lookup(key), (error: tf.errors.OpError) =>
      ['UNIMPLEMENTED', 'INVALID_ARGUMENT'].includes(error.code),
    );
    assert.equal(Buffer.from(await reader.readRaw(key)).toString(), 'handle');
  }
  const report = await reader.verify();
  assert.deepEqual(
    report.tensors.map(({ status }) => status.split(':')[0]),
    ['Unimplemented', 'Invalid argument', 'OK'],
  );
});

test('every byte of a variant is checked', async () => {
  const { data } = encodeVariants();
  for (let at = 0; at < data.length; ++at) {
    using reader = await tf.BundleReader.open(await writeBundle('bad', at));
    await assert.rejects(reader.lookup('variant'), { code: 'DATA_LOSS' });
  }
});
