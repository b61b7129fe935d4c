// A static file server for this machine alone: right MIME types, a strict Content-Security-Policy, byte ranges.
//   node tools/build/serve.mjs [folder]          PORT: where to listen (8080, or a free port when that is taken)
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * What every page runs under: no eval, no inline script, nothing from elsewhere but checkpoints that are read. The
 * programs of the lesson are modules made in the page, hence blob:.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval' blob:",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self' blob: https: http:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/**
 * Serves folders on 127.0.0.1.
 * @param {{ mounts: Record<string, string>, pages?: Record<string, string>, port?: number }} options `mounts`: URL
 *   prefix (`/`, `/dist/`) to folder, the longest prefix first tried; `pages`: path to HTML made up on the spot;
 *   `port` 0 is any free one.
 * @returns {Promise<{ url: string, port: number, close(): Promise<void> }>}
 */
export async function serve({ mounts, pages = {}, port = 0 }) {
  const prefixes = Object.keys(mounts).sort((a, b) => b.length - a.length);
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      if (!response.headersSent) send(response, 500, {}, `${error.message}\n`);
      else response.destroy();
    });
  });

  async function answer(request, response) {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return send(response, 405, { Allow: 'GET, HEAD' });
    const path = pathOf(request.url);
    if (path === undefined) return send(response, 400);
    if (Object.hasOwn(pages, path))
      return send(response, 200, { 'Content-Type': TYPES['.html'] }, pages[path]);
    for (const prefix of prefixes) {
      if (!path.startsWith(prefix)) continue;
      const root = resolve(mounts[prefix]);
      let file = join(root, path.slice(prefix.length));
      if (file !== root && !file.startsWith(root + sep)) continue;
      let stats = await stat(file).catch(() => undefined);
      if (stats?.isDirectory()) {
        // Relative links in a folder's page need the slash.
        if (!path.endsWith('/')) return send(response, 301, { Location: `${encodeURI(path)}/` });
        file = join(file, 'index.html');
        stats = await stat(file).catch(() => undefined);
      }
      if (stats?.isFile()) return sendFile(request, response, file, stats);
    }
    return send(response, 404, {}, `${path}: not found\n`);
  }

  await new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', done);
  });
  const actual = server.address().port;
  return {
    url: `http://localhost:${actual}/`,
    port: actual,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** As `serve`, on PORT, else 8080, else (unless PORT was given) whatever is free. */
export async function serveSomewhere(options) {
  const wanted = process.env.PORT;
  if (wanted !== undefined && !/^\d{1,5}$/.test(wanted))
    throw new Error(`PORT is not a port number: ${wanted}`);
  try {
    return await serve({ ...options, port: Number(wanted ?? 8080) });
  } catch (error) {
    if (error.code === 'EADDRINUSE' && wanted === undefined) return serve({ ...options, port: 0 });
    if (error.code === 'EADDRINUSE')
      throw new Error(`Port ${wanted} is taken; choose another: PORT=8081 npm start`);
    throw error;
  }
}

/** The decoded path of a request, or undefined when it is malformed. */
function pathOf(url) {
  try {
    const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    return path.includes('\0') ? undefined : path;
  } catch {
    return undefined;
  }
}

function sendFile(request, response, file, stats) {
  const headers = {
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    'Accept-Ranges': 'bytes',
    'Last-Modified': stats.mtime.toUTCString(),
    ETag: `"${stats.size.toString(16)}-${Math.floor(stats.mtimeMs).toString(16)}"`,
  };
  if (request.headers['if-none-match'] === headers.ETag) return send(response, 304, headers);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const start = range === null ? 0 : Number(range[1]);
  const end = Math.min(range?.[2] ? Number(range[2]) : stats.size - 1, stats.size - 1);
  if (range !== null && start > end)
    return send(response, 416, { 'Content-Range': `bytes */${stats.size}` });
  if (range !== null) headers['Content-Range'] = `bytes ${start}-${end}/${stats.size}`;
  headers['Content-Length'] = end - start + 1;
  writeHead(response, range === null ? 200 : 206, headers);
  if (request.method === 'HEAD' || stats.size === 0) return response.end();
  const stream = createReadStream(file, { start, end });
  stream.on('error', () => response.destroy());
  stream.pipe(response);
}

function send(response, status, headers = {}, body = '') {
  const type = { 'Content-Type': TYPES['.txt'], 'Content-Length': Buffer.byteLength(body) };
  writeHead(response, status, { ...type, ...headers });
  response.end(body);
}

function writeHead(response, status, headers) {
  response.writeHead(status, {
    'Cache-Control': 'no-cache',
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    ...headers,
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { url } = await serveSomewhere({ mounts: { '/': process.argv[2] ?? 'build/site' } });
  console.log(url);
}
