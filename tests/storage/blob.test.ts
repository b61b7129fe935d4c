// Chosen and dropped files: read-only, nothing read before it is asked for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BlobFiles } from '#dist/storage/blob.js';

function file(name: string, bytes: number[], relative?: string): File {
  const made = new File([Uint8Array.from(bytes)], name, { lastModified: 7 });
  if (relative !== undefined)
    Object.defineProperty(made, 'webkitRelativePath', { value: relative });
  return made;
}

test('files are listed by name and read at any offset', async () => {
  const files = new BlobFiles([file('m.index', [1, 2, 3]), file('checkpoint', [])]);
  assert.deepEqual(await files.list(), [
    { name: 'checkpoint', size: 0, mtimeMs: 7 },
    { name: 'm.index', size: 3, mtimeMs: 7 },
  ]);
  const source = await files.open('m.index');
  assert.deepEqual(await source.read(1, 2), Uint8Array.of(2, 3));
  await assert.rejects(source.read(1, 3), { code: 'OUT_OF_RANGE' });
});

test('files of a chosen folder keep their paths below it', async () => {
  const files = new BlobFiles([
    file('saved_model.pb', [1], 'model/saved_model.pb'),
    file('variables.index', [2], 'model/variables/variables.index'),
  ]);
  assert.deepEqual(
    (await files.list()).map(({ name }) => name),
    ['saved_model.pb'],
  );
  const all = await files.list({ recursive: true });
  assert.deepEqual(
    all.map(({ name }) => name),
    ['saved_model.pb', 'variables/variables.index'],
  );
  assert.deepEqual(
    await (await files.open('variables/variables.index')).read(0, 1),
    Uint8Array.of(2),
  );
});

test('a missing file is NOT_FOUND and the hint names what is there', async () => {
  const files = new BlobFiles([file('m.index', [1])]);
  await assert.rejects(files.open('m.data-00000-of-00001'), {
    code: 'NOT_FOUND',
    message: 'm.data-00000-of-00001; No such file or directory',
    hint: /m\.index/,
  });
});

test('a file that changed on disk is FAILED_PRECONDITION', async () => {
  const changed = file('m', [1, 2]);
  changed.slice = () => {
    throw new DOMException('changed', 'NotReadableError');
  };
  const source = await new BlobFiles([changed]).open('m');
  await assert.rejects(source.read(0, 1), {
    code: 'FAILED_PRECONDITION',
    message: /^m; The file changed/,
  });
});
