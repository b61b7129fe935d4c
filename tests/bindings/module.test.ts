/// The hand-written types of the engine module (core/codec-module.ts) name what the module exports.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, test } from 'node:test';
import * as tf from 'tensorbundle/node';
import { engine } from '#dist/core/engine.js';
import { liveHandles } from '#dist/core/handle.js';

const ROOT = new URL('../../../', import.meta.url);

before(() => tf.ready());

test('every class and method that the types name exists', async () => {
  const source = await readFile(new URL('bindings/js/core/codec-module.ts', ROOT), 'utf8');
  const module = engine().module as unknown as Record<string, { prototype: object }>;
  const interfaces = source.matchAll(
    /export interface (\w+)Object extends EngineObject \{([^}]*)\}/g,
  );
  let seen = 0;
  for (const [, name, body] of interfaces) {
    const { prototype } = module[name!]!;
    for (const [, method] of body!.matchAll(/^ {2}(\w+)\(/gm)) {
      assert.equal(
        typeof (prototype as Record<string, unknown>)[method!],
        'function',
        `${name}.${method}`,
      );
      seen += 1;
    }
  }
  assert.ok(seen > 30);
  for (const name of ['version', 'lastError', 'crc32c', 'explainIndex', '_malloc', '_free']) {
    assert.equal(typeof module[name], 'function', name);
  }
});

test('package, types and engine agree on the version', async () => {
  const manifest = JSON.parse(await readFile(new URL('package.json', ROOT), 'utf8')) as {
    version: string;
  };
  assert.equal(tf.VERSION, manifest.version);
  assert.equal(engine().module.version(), manifest.version);
});

test('the checksum in the engine is CRC-32C', () => {
  const { memory, module } = engine();
  const bytes = new TextEncoder().encode('123456789');
  assert.equal(
    memory.withBytes(bytes, (p, n) => module.crc32c(0, p, n)),
    0xe3069283,
  );
});

test('closing frees what was opened', async () => {
  const handles = liveHandles();
  const writer = new tf.BundleWriter('memory://module-test/model.ckpt');
  await writer.add('a', [1, 2, 3]);
  await writer.finish();
  const reader = await tf.BundleReader.open('memory://module-test/model.ckpt');
  await reader.lookup('a');
  await reader.verify();
  reader.close();
  reader.close();
  assert.equal(liveHandles(), handles);
  assert.throws(() => reader.keys(), {
    code: 'FAILED_PRECONDITION',
    message: 'The BundleReader is closed',
  });
  await assert.rejects(reader.lookup('a'), { code: 'FAILED_PRECONDITION' });
});

test('the glue uses no eval', async () => {
  const glue = await readFile(new URL('dist/engine.js', ROOT), 'utf8');
  assert.equal(/\beval\(|new Function|\brequire\(|import\.meta/.test(glue), false);
});

test('both entries export the same names', async () => {
  const web = await import('tensorbundle/web');
  assert.deepEqual(Object.keys(web).sort(), Object.keys(tf).sort());
});
