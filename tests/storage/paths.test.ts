// Paths: dirname and basename as Python's os.path, schemes on top of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  basename,
  dirname,
  joinPath,
  normalizePath,
  StorageRegistry,
  splitScheme,
} from '#dist/core/paths.js';
import { MemoryStorage } from '#dist/storage/memory.js';
import { NodeStorage } from '#dist/storage/node-fs.js';

test('dirname and basename are os.path.split', () => {
  for (const [path, head, tail] of [
    ['', '', ''],
    ['m', '', 'm'],
    ['/', '/', ''],
    ['/m', '/', 'm'],
    ['//m', '//', 'm'],
    ['a/m', 'a', 'm'],
    ['a//m', 'a', 'm'],
    ['a/', 'a', ''],
    ['./m', '.', 'm'],
    ['/a/b/m.ckpt-7', '/a/b', 'm.ckpt-7'],
    ['C:\\a\\m', '', 'C:\\a\\m'],
    ['a:b/m', 'a:b', 'm'],
    ['memory://m', 'memory://', 'm'],
    ['memory://a/m', 'memory://a', 'm'],
    ['file:///m', 'file:///', 'm'],
    ['https://h/a/b', 'https://h/a', 'b'],
  ] as const) {
    assert.deepEqual([dirname(path), basename(path)], [head, tail], path);
    if (path !== 'a//m') assert.equal(joinPath(head, tail), path);
  }
});

test('an absolute name and a name with a scheme stand alone when joined', () => {
  assert.equal(joinPath('/a', '/b'), '/b');
  assert.equal(joinPath('memory://a', 'https://h/b'), 'https://h/b');
});

test('a scheme is letters, digits, + . - before ://', () => {
  assert.equal(splitScheme('IndexedDB://a').scheme, 'indexeddb');
  for (const path of ['a:/b', '1a://b', '://b', 'a b://c', 'x:y']) {
    assert.deepEqual(splitScheme(path), { scheme: undefined, root: '', rest: path });
  }
});

test('normalizePath has one spelling for each file and never leaves the root', () => {
  for (const [path, normal] of [
    ['', ''],
    ['.', ''],
    ['/', ''],
    ['./a//b/', 'a/b'],
    ['../../a', 'a'],
    ['a/../b/./c', 'b/c'],
    ['...', '...'],
  ] as const) {
    assert.equal(normalizePath(path), normal);
  }
});

test('the registry asks the provider that the scheme names', async () => {
  const memory = new MemoryStorage();
  const registry = new StorageRegistry(new NodeStorage(), [memory]);
  assert.equal(registry.provider('memory://a/m'), memory);
  assert.equal(registry.locate('/tmp/m').files.label, '/tmp');
  assert.equal(registry.locate('MEMORY://a/m').files.label, 'MEMORY://a');
  assert.equal(await registry.isDirectory('memory://a'), false);
  assert.throws(() => registry.locate('gs://bucket/m'), {
    code: 'UNIMPLEMENTED',
    message: "File system scheme 'gs' not implemented (file: 'gs://bucket/m')",
    hint: 'Known here: file:// memory://',
  });
  const other = new MemoryStorage();
  registry.register(other);
  assert.equal(registry.provider('memory://a'), other);
});
