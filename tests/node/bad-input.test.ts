/// Bad input: TensorFlow's class and text, and a hint that says which file and what to do.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as tf from 'tensorbundle/node';

let folder = '';
let index = Buffer.alloc(0);
let data = Buffer.alloc(0);

before(async () => {
  await tf.ready();
  folder = await mkdtemp(join(tmpdir(), 'tensorbundle-'));
  const writer = new tf.BundleWriter(join(folder, 'good'));
  await writer.add(
    'Variable',
    tf.ndarray(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      undefined,
      'float32',
    ),
  );
  await writer.add('Variable_1', tf.ndarray([0.5, -1.5, 2.25], undefined, 'float32'));
  await writer.finish();
  index = await readFile(join(folder, 'good.index'));
  data = await readFile(join(folder, 'good.data-00000-of-00001'));
});
after(() => rm(folder, { recursive: true }));

let cases = 0;

// A checkpoint of its own with these files; a file that is undefined is not written.
async function checkpoint(
  indexBytes: Uint8Array | undefined,
  dataBytes: Uint8Array | undefined,
): Promise<string> {
  cases += 1;
  const home = join(folder, `case-${cases}`);
  await mkdir(home);
  const prefix = join(home, 'model.ckpt');
  if (indexBytes !== undefined) await writeFile(`${prefix}.index`, indexBytes);
  if (dataBytes !== undefined) await writeFile(`${prefix}.data-00000-of-00001`, dataBytes);
  return prefix;
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at]! ^= 0x10;
  return copy;
}

interface Expected {
  readonly code: string;
  readonly message: string | RegExp;
  readonly hint: RegExp;
}

async function rejects(act: Promise<unknown>, { code, message, hint }: Expected): Promise<void> {
  await assert.rejects(act, (error: tf.errors.OpError) => {
    assert.equal(error.code, code);
    if (typeof message === 'string') assert.equal(error.message, message);
    else assert.match(error.message, message);
    assert.match(error.hint ?? '(no hint)', hint);
    return true;
  });
}

test('damaged and missing index files', async (t) => {
  const unreadable = (prefix: string) =>
    `Unable to read file (${prefix}.index). Perhaps the file is corrupt or was produced by a newer version of TensorFlow with format changes (failed to seek to header entry): block checksum mismatch`;
  const facts: [string, Uint8Array | undefined, string, (prefix: string) => string][] = [
    ['missing', undefined, 'NOT_FOUND', (p) => `${p}.index; No such file or directory`],
    ['empty', new Uint8Array(), 'DATA_LOSS', () => 'file is too short to be an sstable'],
    ['47 bytes', index.subarray(0, 47), 'DATA_LOSS', () => 'file is too short to be an sstable'],
    ['cut by one', index.subarray(0, -1), 'DATA_LOSS', () => 'not an sstable (bad magic number)'],
    ['magic flipped', flipped(index, 153), 'DATA_LOSS', () => 'not an sstable (bad magic number)'],
    ['block flipped', flipped(index, 30), 'DATA_LOSS', unreadable],
    ['index block flipped', flipped(index, 90), 'DATA_LOSS', () => 'block checksum mismatch'],
  ];
  for (const [name, bytes, code, message] of facts) {
    await t.test(name, async () => {
      const prefix = await checkpoint(bytes, data);
      const hint =
        code === 'NOT_FOUND' ? /No checkpoint lies in|There is/ : /model\.ckpt\.index is damaged/;
      await rejects(tf.BundleReader.open(prefix), { code, message: message(prefix), hint });
    });
  }
});

test('an index cut or flipped anywhere is an error or harmless, never a fault', async () => {
  for (let at = 0; at < index.length; ++at) {
    for (const bytes of [index.subarray(0, at), flipped(index, at)]) {
      const prefix = 'memory://fuzz/model.ckpt';
      const set = tf.BundleReader.open({
        files: {
          list: async () => [],
          open: async () => ({
            size: bytes.length,
            read: async (offset, length) =>
              Uint8Array.from(bytes.subarray(offset, offset + length)),
          }),
        },
        name: prefix,
      });
      try {
        const reader = await set;
        for (const key of reader.keys()) reader.entry(key);
        reader.close();
      } catch (error) {
        assert.ok(error instanceof tf.errors.OpError, `${at}: ${error}`);
      }
    }
  }
});

test('damaged and missing data files', async () => {
  const lookup = async (prefix: string, key: string) =>
    (await tf.BundleReader.open(prefix)).lookup(key);
  const file = 'model.ckpt.data-00000-of-00001';

  const missing = await checkpoint(index, undefined);
  await rejects(lookup(missing, 'Variable'), {
    code: 'NOT_FOUND',
    message: `${missing}.data-00000-of-00001; No such file or directory`,
    hint: /keep all files of a checkpoint together/,
  });

  const short = await checkpoint(index, data.subarray(0, 30));
  await rejects(lookup(short, 'Variable_1'), {
    code: 'OUT_OF_RANGE',
    message: 'Read less bytes than requested',
    hint: new RegExp(`${file} has 30 bytes, but its index tells of 36`),
  });
  const intact = await lookup(short, 'Variable');
  assert.deepEqual(intact.tolist(), [
    [1, 2, 3],
    [4, 5, 6],
  ]);

  const changed = await checkpoint(index, flipped(data, 5));
  await rejects(lookup(changed, 'Variable'), {
    code: 'DATA_LOSS',
    message: /^Checksum does not match: stored \d{8,} vs\. calculated on the restored bytes \d+$/,
    hint: new RegExp(`${file} does not hold what was written for Variable`),
  });
  const report = await (await tf.BundleReader.open(changed)).verify();
  assert.equal(report.ok, false);
  assert.match(report.tensors[0]!.status, /^Data loss: Checksum does not match/);
  assert.equal(report.tensors[1]!.status, 'OK');
});

test('a key that is not there', async () => {
  const reader = await tf.BundleReader.open(join(folder, 'good'));
  await rejects(reader.lookup('scope/Variable:0'), {
    code: 'NOT_FOUND',
    message: 'Key scope/Variable:0 not found in checkpoint',
    hint: /The checkpoint has Variable\./,
  });
  reader.close();
});

test('one file of a checkpoint in place of its prefix', async () => {
  const other =
    ': perhaps your file is in a different file format and you need to use a different restore operator?';
  const good = join(folder, 'good');
  const dataFile = `${good}.data-00000-of-00001`;
  await rejects(tf.CheckpointReader.open(dataFile), {
    code: 'DATA_LOSS',
    message: `Unable to open table file ${dataFile}: Data loss: file is too short to be an sstable${other}`,
    hint: new RegExp(`give ${good}\\.$`),
  });
  await writeFile(join(folder, 'good.meta'), new Uint8Array(100));
  await rejects(tf.CheckpointReader.open(`${good}.meta`), {
    code: 'DATA_LOSS',
    message: `Unable to open table file ${good}.meta: Data loss: not an sstable (bad magic number)${other}`,
    hint: new RegExp(`give ${good}\\.$`),
  });
  await rejects(tf.CheckpointReader.open(`${good}.index`), {
    code: 'INTERNAL',
    message: `Failed to find the saved tensor slices at the beginning of the checkpoint file: ${good}.index`,
    hint: new RegExp(`give ${good}\\.$`),
  });
  await rejects(tf.BundleReader.open(dataFile), {
    code: 'NOT_FOUND',
    message: `${dataFile}.index; No such file or directory`,
    hint: new RegExp(`named by its prefix: ${good},`),
  });
  for (const suffix of ['.index', '.data-00000-of-00001', '.meta']) {
    const found = await tf.openCheckpoint(good + suffix);
    assert.equal(found.path, good);
    found.reader.close();
  }
});

test('a folder in place of a prefix', async () => {
  await rejects(tf.BundleReader.open(folder), {
    code: 'NOT_FOUND',
    message: `${folder}.index; No such file or directory`,
    hint: /is a folder; give the prefix of a checkpoint in it: .*good/,
  });
  await rejects(tf.CheckpointReader.open(folder), {
    code: 'DATA_LOSS',
    message: `Unable to open table file ${folder}: Failed precondition: ${folder}; Is a directory: perhaps your file is in a different file format and you need to use a different restore operator?`,
    hint: /is a folder/,
  });
  await assert.rejects(tf.train.loadCheckpoint(folder), {
    code: 'VALUE_ERROR',
    message: `Couldn't find 'checkpoint' file or checkpoints in given directory ${folder}`,
  });
});

test('nothing at all', async () => {
  const nowhere = join(folder, 'no/such/model.ckpt');
  await rejects(tf.BundleReader.open(nowhere), {
    code: 'NOT_FOUND',
    message: `${nowhere}.index; No such file or directory`,
    hint: /No checkpoint lies in/,
  });
  await rejects(tf.CheckpointReader.open(nowhere), {
    code: 'NOT_FOUND',
    message: `Unsuccessful TensorSliceReader constructor: Failed to find any matching files for ${nowhere}`,
    hint: /the prefix that was passed to save\(\)/,
  });
  await assert.rejects(tf.openCheckpoint(nowhere), { code: 'NOT_FOUND' });
});

test('writing where no folder can be', async () => {
  const writer = new tf.BundleWriter(join(folder, 'no/such/place/model.ckpt'));
  await assert.rejects(writer.add('a', [1]), { code: 'NOT_FOUND' });
  await assert.rejects(writer.finish(), { code: 'NOT_FOUND' });

  const inFile = new tf.BundleWriter(join(folder, 'good.index/model.ckpt'));
  await assert.rejects(inFile.add('a', [1]), (error: tf.errors.OpError) =>
    ['FAILED_PRECONDITION', 'ALREADY_EXISTS', 'NOT_FOUND'].includes(error.code),
  );
});

test('a storage that is full leaves the earlier checkpoint', async () => {
  const files = new Map<string, Uint8Array>([['m.index', index]]);
  const full = {
    label: 'full',
    list: async () => [],
    open: () => Promise.reject(new Error('not read')),
    create: async () => ({
      write: () => Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })),
      close: async () => {},
      abort: async () => {},
    }),
  };
  const writer = new tf.BundleWriter('m', { storage: full });
  await rejects(writer.add('a', [1]), {
    code: 'RESOURCE_EXHAUSTED',
    message: /^m\.data-00000-of-00001; No space left on device$/,
    hint: /Free some space/,
  });
  await assert.rejects(writer.finish(), { code: 'RESOURCE_EXHAUSTED' });
  assert.equal(files.get('m.index'), index);
});

test('a schema nobody knows', async () => {
  await assert.rejects(tf.BundleReader.open('s3://bucket/model.ckpt'), {
    code: 'UNIMPLEMENTED',
    message: "File system scheme 's3' not implemented (file: 's3://bucket/model.ckpt')",
  });
});
