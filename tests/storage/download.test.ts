// downloads://: several files come as one stored zip; the bytes follow APPNOTE.TXT 4.3.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DownloadStorage } from '#dist/storage/download.js';
import { centralDirectory, crc32, localHeader } from '#dist/storage/zip.js';

const utf8 = new TextEncoder();

interface Delivered {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function collector(as?: 'zip' | 'files'): { storage: DownloadStorage; delivered: Delivered[] } {
  const delivered: Delivered[] = [];
  const storage = new DownloadStorage({
    as,
    deliver: async (name, bytes) => {
      delivered.push({ name, bytes: new Uint8Array(await bytes.arrayBuffer()) });
    },
  });
  return { storage, delivered };
}

async function save(storage: DownloadStorage, contents: Record<string, string>): Promise<void> {
  const transaction = await storage.locate('downloads://model.ckpt').files.begin!();
  for (const [name, text] of Object.entries(contents)) {
    const sink = await transaction.create(name);
    await sink.write(utf8.encode(text));
    await sink.close();
  }
  await transaction.commit();
}

test('crc32 has the check value of the standard, whole or in parts', () => {
  assert.equal(crc32(0, utf8.encode('123456789')), 0xcbf43926);
  assert.equal(crc32(crc32(0, utf8.encode('1234')), utf8.encode('56789')), 0xcbf43926);
  assert.equal(crc32(0, new Uint8Array(0)), 0);
});

test('an archive has exactly these bytes', () => {
  // 2017-02-15 12:34:56 local time: time 0x645c, date 0x4a4f.
  const mtimeMs = new Date(2017, 1, 15, 12, 34, 56).getTime();
  const body = utf8.encode('hi');
  const entry = { name: 'm', size: 2, crc32: crc32(0, body), mtimeMs };
  const bytes = Buffer.concat([localHeader(entry), body, ...centralDirectory([entry])]);
  const common = `0008 0000 5c64 4f4a ac2a93d8 02000000 02000000 0100 0000`;
  const wanted = `504b0304 1400 ${common} 6d 6869
    504b0102 2d00 1400 ${common} 0000 0000 0000 00000000 00000000 6d
    504b0506 0000 0000 0100 0100 2f000000 21000000 0000`;
  assert.equal(bytes.toString('hex'), wanted.replace(/\s/g, ''));
});

test('files and offsets of 4 GiB and more get zip64 fields', () => {
  const big = { name: 'm.data', size: 2 ** 32 + 5, crc32: 1, mtimeMs: 0 };
  const small = { name: 'm.index', size: 154, crc32: 2, mtimeMs: 0 };
  const header = new DataView(localHeader(big).buffer);
  assert.equal(header.getUint32(18, true), 0xffffffff);
  assert.equal(header.getUint16(30 + 6, true), 1);
  assert.equal(header.getBigUint64(30 + 6 + 4, true), 2n ** 32n + 5n);
  const parts = centralDirectory([big, small]);
  assert.deepEqual(
    parts.map(({ length }) => length),
    [46 + 6 + 20, 46 + 7 + 12, 76, 22],
  );
  const second = new DataView(parts[1]!.buffer);
  const offset = BigInt(localHeader(big).length) + 2n ** 32n + 5n;
  assert.equal(second.getUint32(42, true), 0xffffffff);
  assert.equal(second.getBigUint64(46 + 7 + 4, true), offset);
  const zip64 = new DataView(parts[2]!.buffer);
  assert.equal(zip64.getBigUint64(32, true), 2n);
  assert.equal(zip64.getBigUint64(48, true), offset + BigInt(localHeader(small).length) + 154n);
});

test('several files are one archive named after the first, one file is itself', async () => {
  const { storage, delivered } = collector();
  await save(storage, {
    'model.ckpt.data-00000-of-00001': 'dd',
    'model.ckpt.index': 'i',
    checkpoint: '',
  });
  assert.equal(delivered[0]!.name, 'model.ckpt.zip');
  const text = Buffer.from(delivered[0]!.bytes).toString('latin1');
  assert.ok(text.startsWith('PK\x03\x04'));
  assert.equal(text.split('PK\x01\x02').length - 1, 3);
  await save(storage, { 'model.ckpt.index': 'i' });
  assert.deepEqual(delivered[1], { name: 'model.ckpt.index', bytes: utf8.encode('i') });
});

test("as: 'files' gives each file, in order", async () => {
  const { storage, delivered } = collector('files');
  await save(storage, { 'm.data': 'dd', 'm.index': 'i' });
  assert.deepEqual(delivered, [
    { name: 'm.data', bytes: utf8.encode('dd') },
    { name: 'm.index', bytes: utf8.encode('i') },
  ]);
});

test('nothing is delivered before commit, nor when a file is incomplete', async () => {
  const { storage, delivered } = collector();
  const transaction = await storage.locate('downloads://m').files.begin!();
  await (await transaction.create('m.data')).close();
  await transaction.create('m.index');
  await assert.rejects(transaction.commit(), { code: 'FAILED_PRECONDITION' });
  assert.deepEqual(delivered, []);
});

test('large writes arrive whole and in order', async () => {
  const { storage, delivered } = collector();
  const sink = await storage.locate('downloads://m').files.create!('m');
  const parts = [10, 5 << 20, 3, 4 << 20, 1 << 20].map((size, i) =>
    new Uint8Array(size).fill(i + 1),
  );
  for (const part of parts) await sink.write(part);
  await sink.close();
  assert.ok(Buffer.concat(parts).equals(delivered[0]!.bytes));
});

test('reading and removing are refused with a sentence', async () => {
  const { storage } = collector();
  const { files } = storage.locate('downloads://m');
  await assert.rejects(files.open('m'), {
    code: 'NOT_FOUND',
    message: 'downloads://m; No such file or directory',
  });
  const transaction = await files.begin!();
  transaction.remove('m');
  await assert.rejects(transaction.commit(), { code: 'UNIMPLEMENTED' });
  await assert.rejects(
    new DownloadStorage().locate('downloads://m').files.create!('m').then((sink) => sink.close()),
    { code: 'UNIMPLEMENTED', message: /only a page/ },
  );
});
