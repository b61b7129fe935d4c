// Files in Node: temporary name, fsync, rename in order; errno as TensorFlow's class and `<path>; <strerror>`.

import assert from 'node:assert/strict';
import {
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  rmdir,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { NodeFiles, NodeStorage } from '#dist/storage/node-fs.js';
import { runContract } from './run-contract.js';

const root = await mkdtemp(join(tmpdir(), 'tensorbundle-'));
after(() => rm(root, { recursive: true }));
let folders = 0;

async function newFolder(): Promise<string> {
  const folder = join(root, `f${folders++}`);
  await mkdir(folder);
  return folder;
}

runContract('node-fs', {
  folder: async () => new NodeFiles(await newFolder()),
  reopen: async (files) => new NodeFiles(files.label!),
  // A folder in the place of the file cannot be replaced by a file.
  failCommit: async (files, name) => {
    const place = join(files.label!, name);
    const aside = await mkdtemp(join(root, 'aside-'));
    const old = await readFile(place).catch(() => undefined);
    await rm(place, { force: true });
    await mkdir(place);
    return async () => {
      await rmdir(place);
      if (old !== undefined) await writeFile(place, old);
      await rmdir(aside);
    };
  },
  replaced: 'keeps',
  atomic: true,
});

test('a save leaves no temporary file, whether it succeeds or fails', async () => {
  const folder = await newFolder();
  const files = new NodeFiles(folder);
  await mkdir(join(folder, 'm.index'));
  for (const name of ['m.data', 'm.index']) {
    const transaction = await files.begin();
    const sink = await transaction.create(name);
    await sink.write(new Uint8Array(10));
    const during = await readdir(folder);
    assert.ok(during.some((entry) => /^m\.(data|index)\.tempstate\d{1,20}$/.test(entry)));
    assert.deepEqual(
      (await files.list()).filter((file) => file.name.includes('temp')),
      [],
    );
    await sink.close();
    if (name === 'm.data') await transaction.commit();
    else
      await assert.rejects(transaction.commit(), { message: `${folder}/m.index; Is a directory` });
  }
  assert.deepEqual((await readdir(folder)).sort(), ['m.data', 'm.index']);
});

test('folders that a failed save made for its files go again', async () => {
  const folder = await newFolder();
  const transaction = await new NodeFiles(folder).begin();
  await (await transaction.create('a/b/part')).close();
  await transaction.abort();
  assert.deepEqual(await readdir(folder), []);
});

test('errors have the class and the words of the C library, and the path as it was written', async () => {
  const folder = await newFolder();
  await writeFile(join(folder, 'plain'), 'x');
  await mkdir(join(folder, 'sub'));
  await symlink('loop', join(folder, 'loop'));
  const files = new NodeFiles(folder);
  const long = 'n'.repeat(256);
  for (const [name, code, words] of [
    ['sub', 'FAILED_PRECONDITION', 'Is a directory'],
    ['plain/x', 'FAILED_PRECONDITION', 'Not a directory'],
    ['none', 'NOT_FOUND', 'No such file or directory'],
    [long, 'INVALID_ARGUMENT', 'File name too long'],
  ] as const) {
    await assert.rejects(files.open(name), { code, message: `${folder}/${name}; ${words}` });
  }
  const missing = new NodeFiles(join(folder, 'nosuch'));
  const transaction = await missing.begin();
  await assert.rejects(transaction.create('m.index'), {
    code: 'NOT_FOUND',
    message: `${folder}/nosuch/m.index; No such file or directory`,
  });
  assert.deepEqual(await missing.list(), []);
});

test('a full disk is RESOURCE_EXHAUSTED, and the old file stays', async (context) => {
  const folder = await newFolder();
  await writeFile(join(folder, 'm.data'), 'old');
  const transaction = await new NodeFiles(folder).begin();
  const sink = await transaction.create('m.data');
  const probe = await open(join(folder, 'm.data'));
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  context.mock.method(Object.getPrototypeOf(probe), 'write', () => Promise.reject(full));
  await probe.close();
  const error = {
    code: 'RESOURCE_EXHAUSTED',
    message: `${folder}/m.data; No space left on device`,
  };
  await assert.rejects(sink.write(new Uint8Array(1)), { ...error, cause: full });
  await assert.rejects(transaction.commit(), { code: 'FAILED_PRECONDITION' });
  assert.deepEqual(await readdir(folder), ['m.data']);
  assert.equal(await readFile(join(folder, 'm.data'), 'utf8'), 'old');
});

test('locate() splits a path and keeps its spelling; makeParent() makes one level', async () => {
  const storage = new NodeStorage();
  for (const [path, label, name] of [
    ['model.ckpt', '', 'model.ckpt'],
    ['./model.ckpt', '.', 'model.ckpt'],
    ['/tmp/m/', '/tmp/m', ''],
    ['/model', '/', 'model'],
    ['file:///tmp/a b%20/m', 'file:///tmp/a b%20', 'm'],
  ] as const) {
    const location = storage.locate(path);
    assert.deepEqual([location.path, location.files.label, location.name], [path, label, name]);
  }
  assert.throws(() => storage.locate('file://tmp/m'), { code: 'INVALID_ARGUMENT' });
  const folder = await newFolder();
  await storage.makeParent(storage.locate(`${folder}/one/model.ckpt`));
  await storage.makeParent(storage.locate(`file://${folder}/one/model.ckpt`));
  await storage.makeParent(storage.locate('model.ckpt'));
  assert.equal(await storage.isDirectory(`${folder}/one`), true);
  assert.equal(await storage.isDirectory(`${folder}/one/model.ckpt`), false);
  await assert.rejects(storage.makeParent(storage.locate(`${folder}/two/three/model.ckpt`)), {
    code: 'NOT_FOUND',
    message: `${folder}/two/three; No such file or directory`,
  });
});
