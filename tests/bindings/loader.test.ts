/// "`ready({ wasm })` takes a URL, Response, bytes or a compiled Module"; a page instead of a wasm is recognised.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type * as EngineNamespace from '#dist/core/engine.js';
import { StorageRegistry } from '#dist/core/paths.js';
import { compile } from '#dist/core/wasm-source.js';
import { MemoryStorage } from '#dist/storage/memory.js';

const WASM = new URL(import.meta.resolve('tensorbundle/engine.wasm'));
const ENGINE = import.meta.resolve('#dist/core/engine.js');
const noFetch = () => Promise.reject(new Error('nothing should be fetched'));

let copies = 0;

// A copy of the module with a singleton of its own.
async function freshEngine(): Promise<typeof EngineNamespace> {
  copies += 1;
  return (await import(`${ENGINE}?copy=${copies}`)) as typeof EngineNamespace;
}

function hostWith(fetchWasm: EngineNamespace.Host['fetchWasm'] = noFetch): EngineNamespace.Host {
  return {
    storage: new StorageRegistry(new MemoryStorage()),
    wasm: WASM,
    fetchWasm,
    workingDirectory: () => '/',
    fileSet: () => undefined,
    log: () => {},
  };
}

test('the engine comes from bytes, a module, a response or an address', async (t) => {
  const bytes = await readFile(WASM);
  const response = () => new Response(bytes, { headers: { 'content-type': 'application/wasm' } });
  const untyped = () => new Response(bytes);
  const sources: [string, EngineNamespace.ReadyOptions['wasm']][] = [
    ['bytes', bytes],
    ['ArrayBuffer', bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)],
    ['module', await WebAssembly.compile(bytes)],
    ['response', response()],
    ['promised response', Promise.resolve(response())],
    ['response without a MIME type', untyped()],
    ['default address', undefined],
    ['URL', new URL('http://host/engine.wasm')],
    ['text', 'engine.wasm'],
  ];
  for (const [name, wasm] of sources) {
    await t.test(name, async () => {
      const { load, engine } = await freshEngine();
      await load(
        { wasm },
        hostWith(async () => bytes),
      );
      assert.equal(engine().module.crc32c(0, 0, 0), 0);
    });
  }
});

test('before ready() everything says what to do', async () => {
  const { engine } = await freshEngine();
  assert.throws(() => engine(), { code: 'FAILED_PRECONDITION', message: /await tf\.ready\(\)/ });
});

test('a second ready() waits for the first; another wasm is refused', async () => {
  const bytes = await readFile(WASM);
  const { load, engine } = await freshEngine();
  await Promise.all([
    load({ wasm: bytes }, hostWith()),
    load({}, hostWith()),
    load({ wasm: bytes }, hostWith()),
  ]);
  const first = engine();
  await load({}, hostWith());
  assert.equal(engine(), first);
  await assert.rejects(load({ wasm: 'other.wasm' }, hostWith()), { code: 'FAILED_PRECONDITION' });
});

test('after a failure one may try again', async () => {
  const bytes = await readFile(WASM);
  const { load, engine } = await freshEngine();
  await assert.rejects(load({ wasm: new Uint8Array(4) }, hostWith()), {
    code: 'FAILED_PRECONDITION',
  });
  await load({ wasm: bytes }, hostWith());
  assert.ok(engine());
});

test('what is no engine is explained', async (t) => {
  const html = '\n<!DOCTYPE html><title>404</title>';
  const facts: [
    string,
    () => Promise<unknown>,
    { code: string; message: RegExp; hint?: RegExp },
  ][] = [
    [
      'a page',
      () => compile('http://host/engine.wasm', async () => new Response(html)),
      {
        code: 'FAILED_PRECONDITION',
        message: /got HTML from http:\/\/host\/engine\.wasm; the server answered with a page/,
        hint: /ready\(\{ wasm \}\)/,
      },
    ],
    [
      'HTTP 404',
      () =>
        compile(
          'http://host/engine.wasm',
          async () => new Response(html, { status: 404, statusText: 'Not Found' }),
        ),
      { code: 'FAILED_PRECONDITION', message: /HTTP 404 Not Found/, hint: /engine\.wasm/ },
    ],
    [
      'text',
      () => compile(new TextEncoder().encode('hello'), noFetch),
      { code: 'FAILED_PRECONDITION', message: /no WebAssembly: it begins with 68 65 6c 6c/ },
    ],
    [
      'nothing',
      () => compile(new Uint8Array(), noFetch),
      { code: 'FAILED_PRECONDITION', message: /begins with nothing/ },
    ],
    [
      'half a module',
      () => readFile(WASM).then((bytes) => compile(bytes.subarray(0, 1000), noFetch)),
      { code: 'FAILED_PRECONDITION', message: /cannot be compiled/ },
    ],
    [
      'no answer',
      () => compile('http://host/engine.wasm', () => Promise.reject(new TypeError('fetch failed'))),
      { code: 'UNAVAILABLE', message: /fetch failed/, hint: /engine\.wasm/ },
    ],
    [
      'no file',
      () =>
        compile('/nowhere/engine.wasm', (path) =>
          readFile(fileURLToPath(new URL(String(path), 'file:///'))),
        ),
      { code: 'NOT_FOUND', message: /\/nowhere\/engine\.wasm; No such file or directory/ },
    ],
  ];
  for (const [name, act, { code, message, hint }] of facts) {
    await t.test(name, async () => {
      await assert.rejects(act(), (error: Error & { code: string; hint?: string }) => {
        assert.equal(error.code, code);
        assert.match(error.message, message);
        if (hint !== undefined) assert.match(error.hint ?? '', hint);
        return true;
      });
    });
  }
});

test('a module of something else does not pass for the engine', async () => {
  const { load } = await freshEngine();
  const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
  await assert.rejects(load({ wasm: empty }, hostWith()), {
    code: 'FAILED_PRECONDITION',
    message: /does not belong to this copy of tensorbundle/,
  });
});

test('a trap poisons the engine', async () => {
  const bytes = await readFile(WASM);
  const { load, engine } = await freshEngine();
  await load({ wasm: bytes }, hostWith());
  const sound = engine();
  const fault = () => {
    throw new WebAssembly.RuntimeError('unreachable');
  };
  assert.throws(() => sound.run(fault), { code: 'INTERNAL', hint: /report/ });
  assert.throws(() => sound.run(() => 1), { code: 'INTERNAL' });
  assert.throws(() => engine(), { code: 'INTERNAL' });
});
