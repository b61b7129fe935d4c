// Reading over HTTP: ranges demanded, a changed file noticed, servers of every habit, TensorFlow's error classes.

import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { HttpStorage } from '#dist/storage/http.js';

const whole = Uint8Array.from({ length: 20_000_003 }, (_, i) => (i * 31 + (i >> 12)) & 0xff);

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
let handler: Handler = () => {};
let requests: string[] = [];
let underWay = 0;
let mostUnderWay = 0;

const server = createServer((request, response) => {
  requests.push(`${request.method} ${request.url} ${request.headers.range ?? ''}`.trimEnd());
  mostUnderWay = Math.max(mostUnderWay, ++underWay);
  response.on('close', () => underWay--);
  handler(request, response);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
after(() => server.close());
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const { files } = new HttpStorage().locate(`${base}/dir/model.ckpt`);

function serve(next: Handler): void {
  handler = next;
  requests = [];
  mostUnderWay = 0;
}

/** A server that knows HEAD and ranges. */
function ranged(body: Uint8Array, headers: () => Record<string, string> = () => ({})): Handler {
  return (request, response) => {
    const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (match === null) {
      response.writeHead(200, { 'content-length': body.length, ...headers() });
      response.end(request.method === 'HEAD' ? undefined : body);
      return;
    }
    const [from, to] = [Number(match[1]), Math.min(Number(match[2]), body.length - 1)];
    if (from >= body.length) {
      response.writeHead(416).end();
      return;
    }
    const part = body.subarray(from, to + 1);
    const range = `bytes ${from}-${to}/${body.length}`;
    response.writeHead(206, {
      'content-length': part.length,
      'content-range': range,
      ...headers(),
    });
    response.end(part);
  };
}

/** A server that answers everything with the whole file. */
function rangeless(body: Uint8Array, headers: Record<string, string>): Handler {
  return (request, response) => {
    response.writeHead(200, headers);
    response.end(request.method === 'HEAD' ? undefined : body);
  };
}

test('the size comes from HEAD, bytes from ranges of at most 8 MiB, four at a time', async () => {
  serve(ranged(whole));
  const source = await files.open('m.data');
  assert.equal(source.size, whole.length);
  assert.ok(Buffer.from(await source.read(0, whole.length)).equals(whole));
  assert.deepEqual(await source.read(whole.length - 3, 3), whole.subarray(-3));
  assert.deepEqual(requests, [
    'HEAD /dir/m.data',
    'GET /dir/m.data bytes=0-8388607',
    'GET /dir/m.data bytes=8388608-16777215',
    'GET /dir/m.data bytes=16777216-20000002',
    'GET /dir/m.data bytes=20000000-20000002',
  ]);
  assert.ok(mostUnderWay > 1 && mostUnderWay <= 4);
  await assert.rejects(source.read(whole.length, 1), { code: 'OUT_OF_RANGE' });
  assert.equal((await source.read(5, 0)).length, 0);
});

test('a server without HEAD is asked for the first byte', async () => {
  const honest = ranged(whole);
  serve((request, response) => {
    if (request.method === 'HEAD') response.writeHead(405).end();
    else honest(request, response);
  });
  const source = await files.open('m.data');
  assert.equal(source.size, whole.length);
  assert.deepEqual(await source.read(7, 9), whole.subarray(7, 16));
});

test('an empty file is empty', async () => {
  serve(ranged(new Uint8Array(0)));
  assert.equal((await files.open('m.data')).size, 0);
  serve((request, response) => response.writeHead(request.method === 'HEAD' ? 405 : 416).end());
  assert.equal((await files.open('m.data')).size, 0);
});

test('a server that ignores ranges: a small file is taken whole, a large one refused', async () => {
  const small = whole.subarray(0, 5000);
  serve(rangeless(small, { 'content-length': '5000' }));
  const source = await files.open('m.index');
  assert.deepEqual(await source.read(100, 50), small.subarray(100, 150));
  serve(rangeless(small, {}));
  const unknown = files.open('m.index');
  await assert.rejects(unknown, { code: 'FAILED_PRECONDITION', message: /ignores Range/ });
  serve((request, response) => {
    response.writeHead(200, { 'content-length': 33 << 20 });
    if (request.method === 'HEAD') response.end();
    else response.write(small);
  });
  const large = await files.open('m.data');
  await assert.rejects(large.read(0, 10), {
    code: 'FAILED_PRECONDITION',
    message: /ignores Range/,
  });
});

test('compressed parts are refused', async () => {
  serve(ranged(whole, () => ({ 'content-encoding': 'br' })));
  await assert.rejects(
    files.open('m.data').then((source) => source.read(0, 10)),
    {
      code: 'FAILED_PRECONDITION',
    },
  );
});

test('a file that changes while it is read is noticed by its ETag or its date', async () => {
  for (const header of ['etag', 'last-modified']) {
    let version = '"1"';
    serve(ranged(whole, () => ({ [header]: version })));
    const source = await files.open('m.data');
    await source.read(0, 10);
    version = '"2"';
    await assert.rejects(source.read(0, 10), {
      code: 'FAILED_PRECONDITION',
      message: /changed while/,
    });
  }
});

test('statuses become error classes', async () => {
  for (const [status, code, text] of [
    [404, 'NOT_FOUND', 'No such file or directory'],
    [410, 'NOT_FOUND', 'No such file or directory'],
    [401, 'PERMISSION_DENIED', 'Permission denied'],
    [403, 'PERMISSION_DENIED', 'Permission denied'],
    [429, 'UNAVAILABLE', 'HTTP 429 Too Many Requests'],
    [503, 'UNAVAILABLE', 'HTTP 503 Service Unavailable'],
    [400, 'FAILED_PRECONDITION', 'HTTP 400 Bad Request'],
  ] as const) {
    serve((_request, response) => response.writeHead(status).end());
    await assert.rejects(files.open('m.index'), { code, message: `${base}/dir/m.index; ${text}` });
  }
});

test('a page with status 200 is a missing file', async () => {
  serve(rangeless(whole.subarray(0, 100), { 'content-type': 'text/html; charset=utf-8' }));
  await assert.rejects(files.open('m.index'), { code: 'NOT_FOUND', hint: /web page/ });
});

test('an answer shorter than its range is OUT_OF_RANGE', async () => {
  const honest = ranged(whole);
  const cut = ranged(whole.subarray(0, 15));
  serve((request, response) => (request.method === 'HEAD' ? honest : cut)(request, response));
  await assert.rejects(
    files.open('m.data').then((source) => source.read(10, 10)),
    {
      code: 'OUT_OF_RANGE',
    },
  );
});

test('an answer longer than its range is cut off, and so is one without end', async () => {
  const honest = ranged(whole);
  for (const endless of [false, true]) {
    let sent = 0;
    serve((request, response) => {
      if (request.method === 'HEAD') return honest(request, response);
      response.writeHead(206, { 'content-range': `bytes 10-19/${whole.length}` });
      const more = () => {
        do sent += 1 << 16;
        while (sent < 1 << 30 && !response.destroyed && response.write(new Uint8Array(1 << 16)));
      };
      if (!endless) return void response.end(new Uint8Array(11));
      response.on('drain', more);
      more();
    });
    const source = await files.open('m.data');
    await assert.rejects(source.read(10, 10), {
      code: 'FAILED_PRECONDITION',
      message: /more than was asked for/,
      hint: /At most 10 bytes/,
    });
    // What lay in the sockets' buffers by then; not the whole.
    assert.ok(sent < 64 << 20, `${sent} bytes were sent`);
  }
});

test('a size that no file can have is none', async () => {
  const honest = ranged(whole);
  for (const size of ['99999999999999999999', '-1', '1e9', 'many']) {
    const odd = new HttpStorage({
      fetch: async (input, init) =>
        init?.method === 'HEAD'
          ? new Response(null, { headers: { 'content-length': size } })
          : fetch(input, init),
    });
    serve(honest);
    const source = await odd.locate(`${base}/m`).files.open('m.data');
    assert.equal(source.size, whole.length);
  }
});

test('an unreachable server is UNAVAILABLE; an aborted read gives the reason', async () => {
  const nobody = new HttpStorage().locate('http://127.0.0.1:1/m').files;
  await assert.rejects(nobody.open('m.index'), { code: 'UNAVAILABLE', hint: /CORS/ });
  serve(ranged(whole));
  const source = await files.open('m.data');
  const controller = new AbortController();
  serve(() => controller.abort(new Error('enough')));
  await assert.rejects(source.read(0, 10, controller.signal), { message: 'enough' });
});

test('names are escaped, and the query goes with every file', async () => {
  serve(ranged(whole.subarray(0, 10)));
  const location = new HttpStorage().locate(`${base}/a%20b/my%20model?sig=1#part`);
  assert.equal(location.name, 'my model');
  await location.files.open(`${location.name}.data-00000-of-00001`);
  await location.files.open('a?b#c');
  assert.deepEqual(requests, [
    'HEAD /a%20b/my%20model.data-00000-of-00001?sig=1',
    'HEAD /a%20b/a%3Fb%23c?sig=1',
  ]);
});

test('a folder is one that has a checkpoint file', async () => {
  const storage = new HttpStorage();
  serve((request, response) => {
    if (request.url === '/dir/checkpoint') ranged(whole.subarray(0, 10))(request, response);
    else response.writeHead(404).end();
  });
  assert.equal(await storage.isDirectory(`${base}/dir`), true);
  assert.equal(await storage.isDirectory(`${base}/other`), false);
  assert.equal(await storage.isDirectory(`${base}/other/`), true);
  await assert.rejects(files.list(), { code: 'UNIMPLEMENTED' });
});

test('headers and fetch may be given', async () => {
  const seen: (string | null)[] = [];
  const storage = new HttpStorage({
    headers: { Authorization: 'Bearer x' },
    fetch: async (url, init) => {
      seen.push(new Headers(init?.headers).get('authorization'), String(url));
      return new Response(null, { headers: { 'content-length': '4' } });
    },
  });
  assert.equal((await storage.locate('https://h/m').files.open('m')).size, 4);
  assert.deepEqual(seen, ['Bearer x', 'https://h/m']);
});
