// The server of `npm start` and of the browser tests: types, ranges, a strict policy, nothing outside its folders.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CONTENT_SECURITY_POLICY, serve, serveSomewhere } from '#tools/serve.mjs';

const root = mkdtempSync(join(tmpdir(), 'tensorbundle-'));
for (const folder of ['site/sub', 'dist']) mkdirSync(join(root, folder), { recursive: true });
writeFileSync(join(root, 'secret'), 'secret');
writeFileSync(join(root, 'site/index.html'), '<!doctype html>home');
writeFileSync(join(root, 'site/sub/index.html'), '<!doctype html>sub');
writeFileSync(join(root, 'site/a b%.txt'), 'odd');
writeFileSync(join(root, 'site/empty'), '');
writeFileSync(join(root, 'dist/engine.wasm'), '0123456789');
const site = await serve({
  mounts: { '/': join(root, 'site'), '/dist/': join(root, 'dist') },
  pages: { '/blank': 'made up' },
});
after(async () => {
  await site.close();
  rmSync(root, { recursive: true });
});

async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(site.url + path, { headers, redirect: 'manual' });
}

test('files have their types, the policy and no sniffing', async () => {
  for (const [path, type, body] of [
    ['', 'text/html; charset=utf-8', '<!doctype html>home'],
    ['sub/', 'text/html; charset=utf-8', '<!doctype html>sub'],
    ['dist/engine.wasm', 'application/wasm', '0123456789'],
    ['a%20b%25.txt', 'text/plain; charset=utf-8', 'odd'],
    ['empty', 'application/octet-stream', ''],
    ['blank', 'text/html; charset=utf-8', 'made up'],
  ] as const) {
    const response = await get(path);
    assert.equal(response.status, 200, path);
    assert.equal(response.headers.get('content-type'), type);
    assert.equal(response.headers.get('content-security-policy'), CONTENT_SECURITY_POLICY);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(await response.text(), body);
  }
});

test('the policy allows WebAssembly and scripts made in the page, not eval and not inline scripts', () => {
  const scripts = /script-src ([^;]*)/.exec(CONTENT_SECURITY_POLICY)?.[1];
  assert.equal(scripts, "'self' 'wasm-unsafe-eval' blob:");
  assert.match(CONTENT_SECURITY_POLICY, /worker-src 'self' blob:/);
});

test('a folder without its slash is sent to the one with it', async () => {
  const response = await get('sub');
  assert.deepEqual([response.status, response.headers.get('location')], [301, '/sub/']);
});

test('ranges are answered with 206, or 416 past the end', async () => {
  for (const [range, status, body] of [
    ['bytes=2-4', 206, '234'],
    ['bytes=8-', 206, '89'],
    ['bytes=8-99', 206, '89'],
    ['bytes=10-11', 416, ''],
  ] as const) {
    const response = await get('dist/engine.wasm', { range });
    assert.deepEqual([response.status, await response.text()], [status, body], range);
  }
});

test('an unchanged file is not sent again', async () => {
  const etag = (await get('dist/engine.wasm')).headers.get('etag')!;
  assert.equal((await get('dist/engine.wasm', { 'if-none-match': etag })).status, 304);
});

test('nothing outside the folders is served, whatever the path', async () => {
  for (const path of [
    '/../secret',
    '/%2e%2e/secret',
    '/..%2fsecret',
    '/dist/..%2f..%2fsecret',
    '/%00',
    '/%zz',
  ]) {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(site.port, '127.0.0.1', () => {
        socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      });
      let text = '';
      socket.setEncoding('latin1').on('data', (data) => {
        text += data;
      });
      socket.on('end', () => resolve(text)).on('error', reject);
    });
    assert.match(answer, /^HTTP\/1\.1 40[04] /, path);
    assert.doesNotMatch(answer, /\r\n\r\nsecret/, path);
  }
});

test('only reading is allowed', async () => {
  assert.equal((await fetch(site.url, { method: 'POST' })).status, 405);
  const head = await fetch(`${site.url}dist/engine.wasm`, { method: 'HEAD' });
  assert.deepEqual([head.headers.get('content-length'), await head.text()], ['10', '']);
});

test('a taken PORT is an error that says what to do', async (context) => {
  const before = process.env['PORT'];
  context.after(() => {
    if (before === undefined) delete process.env['PORT'];
    else process.env['PORT'] = before;
  });
  process.env['PORT'] = String(site.port);
  await assert.rejects(serveSomewhere({ mounts: {} }), /taken; choose another: PORT=/);
  process.env['PORT'] = 'eighty';
  await assert.rejects(serveSomewhere({ mounts: {} }), /not a port number/);
});
