/// `http://` and `https://`: files of a web server, read by ranges.

import { requireRange } from '../core/byte-range.js';
import { fromHost } from '../core/error-mapping.js';
import {
  FailedPreconditionError,
  NotFoundError,
  OutOfRangeError,
  PermissionDeniedError,
  UnavailableError,
  UnimplementedError,
} from '../core/errors.js';
import { basename, dirname, joinPath, requireName } from '../core/paths.js';
import type {
  ByteSource,
  FileInfo,
  FileSet,
  Location,
  OperationOptions,
  StorageProvider,
} from '../core/types.js';

/** A server that ignores ranges may send a file whole up to this size. */
const WHOLE_FILE_BYTES = 32 << 20;
/** One request asks for at most this much ... */
const RUN_BYTES = 8 << 20;
/** ... and one read has this many requests under way. */
const IN_FLIGHT = 4;

/** Options of {@link HttpStorage}. */
export interface HttpOptions {
  /** By default the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Sent with every request; in a page they make the browser ask the server first (CORS). */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Web servers, read only. Knows no listing: names come from the index of a checkpoint. */
export class HttpStorage implements StorageProvider {
  readonly schemes: readonly string[] = ['http', 'https'];
  readonly #options: HttpOptions;

  constructor(options: HttpOptions = {}) {
    this.#options = options;
  }

  locate(path: string): Location {
    const cut = path.search(/[?#]/);
    const plain = cut === -1 ? path : path.slice(0, cut);
    const query = cut === -1 ? '' : path.slice(cut).replace(/#.*/, '');
    return {
      path,
      files: new HttpFiles(dirname(plain), query, this.#options),
      name: decode(basename(plain)),
    };
  }

  /** Servers have no folders to ask for: one with a `checkpoint` file counts, and so does `.../`. */
  async isDirectory(path: string): Promise<boolean> {
    const plain = path.replace(/[?#].*/, '');
    if (plain.endsWith('/')) return true;
    const { files } = this.locate(path.replace(plain, `${plain}/checkpoint`));
    return files.open('checkpoint').then(
      () => true,
      () => false,
    );
  }

  async makeParent({ path }: Location): Promise<void> {
    throw new UnimplementedError(`${path}; a web server cannot be written to`);
  }
}

class HttpFiles implements FileSet {
  readonly label: string;
  readonly #query: string;
  readonly #options: HttpOptions;

  /** `query` (a signature, say) goes with the request for every file. */
  constructor(label: string, query: string, options: HttpOptions) {
    this.label = label;
    this.#query = query;
    this.#options = options;
  }

  async list(): Promise<FileInfo[]> {
    throw new UnimplementedError(`${this.label}; a web server does not list its files`);
  }

  async open(name: string, options: OperationOptions = {}): Promise<ByteSource> {
    options.signal?.throwIfAborted();
    requireName(this.label, name);
    const encoded = name.split('/').map(encodeURIComponent).join('/');
    const url = joinPath(this.label, encoded) + this.#query;
    return HttpSource.open(joinPath(this.label, name), url, this.#options, options.signal);
  }
}

class HttpSource implements ByteSource {
  readonly size: number;
  readonly #request: Requester;
  /** The whole file, where the server sent it so. */
  readonly #whole: Uint8Array | undefined;

  /**
   * Learns the size: from HEAD, else from the Content-Range of the first byte.
   * Suffix ranges and If-Range would cost a preflight in a page.
   */
  static async open(
    path: string,
    url: string,
    options: HttpOptions,
    signal: AbortSignal | undefined,
  ): Promise<HttpSource> {
    const request = new Requester(path, url, options);
    const head = await request.send('HEAD', {}, signal);
    const length = sizeOf(head.headers.get('content-length'));
    if (head.ok && length !== undefined && !isEncoded(head)) {
      request.remember(head);
      return new HttpSource(length, request, undefined);
    }
    if (head.status === 404 || head.status === 410) throw request.failed(head);
    const probe = await request.send('GET', { Range: 'bytes=0-0' }, signal);
    if (probe.status === 416) return new HttpSource(0, request, undefined);
    if (!probe.ok) throw request.failed(probe);
    request.remember(probe);
    if (probe.status !== 206) {
      const whole = await request.whole(probe, signal);
      return new HttpSource(whole.length, request, whole);
    }
    await probe.body?.cancel();
    const total = sizeOf(/\/(\d+)$/.exec(probe.headers.get('content-range') ?? '')?.[1]);
    if (total !== undefined) return new HttpSource(total, request, undefined);
    throw new FailedPreconditionError(`${path}; the server does not tell the file's size`, {
      hint: 'Let it answer HEAD with Content-Length, or expose Content-Range to pages.',
    });
  }

  private constructor(size: number, request: Requester, whole: Uint8Array | undefined) {
    this.size = size;
    this.#request = request;
    this.#whole = whole;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    requireRange(this.#request.path, this.size, offset, length);
    if (this.#whole !== undefined) return this.#whole.slice(offset, offset + length);
    const out = new Uint8Array(length);
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < length) {
        const from = next;
        next = Math.min(length, from + RUN_BYTES);
        out.set(await this.#request.range(offset + from, next - from, signal), from);
      }
    };
    const workers = Math.min(IN_FLIGHT, Math.ceil(length / RUN_BYTES));
    await Promise.all(Array.from({ length: workers }, worker));
    return out;
  }
}

/** Requests for one file, each answer checked to be of the same version of it. */
class Requester {
  readonly path: string;
  readonly #url: string;
  readonly #options: HttpOptions;
  #etag: string | null = null;
  #modified: string | null = null;

  constructor(path: string, url: string, options: HttpOptions) {
    this.path = path;
    this.#url = url;
    this.#options = options;
  }

  async send(
    method: string,
    headers: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    const send = this.#options.fetch ?? globalThis.fetch;
    const init: RequestInit = { method, headers: { ...this.#options.headers, ...headers } };
    if (signal !== undefined) init.signal = signal;
    try {
      const response = await send(this.#url, init);
      if (response.ok && isPage(response)) throw this.#pageError();
      return response;
    } catch (error) {
      throw fromHost(error, this.path, { signal, network: true });
    }
  }

  /** Later answers must be of this version. */
  remember(response: Response): void {
    this.#etag = response.headers.get('etag');
    this.#modified = response.headers.get('last-modified');
  }

  async range(
    offset: number,
    length: number,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    const response = await this.send(
      'GET',
      { Range: `bytes=${offset}-${offset + length - 1}` },
      signal,
    );
    if (!response.ok) throw this.failed(response);
    this.#requireSameVersion(response);
    if (response.status !== 206) {
      return (await this.whole(response, signal)).subarray(offset, offset + length);
    }
    if (isEncoded(response)) {
      throw new FailedPreconditionError(`${this.path}; the server compresses parts of the file`, {
        hint: 'Switch Content-Encoding off for checkpoint files.',
      });
    }
    const bytes = await this.#body(response, length, signal);
    if (bytes.length === length) return bytes;
    throw new OutOfRangeError(`${this.path}; Read less bytes than requested`);
  }

  /** Takes an answer that ignored the range, if the file is small. */
  async whole(response: Response, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const length = Number(response.headers.get('content-length') ?? Number.NaN);
    if (length <= WHOLE_FILE_BYTES) return this.#body(response, WHOLE_FILE_BYTES, signal);
    await response.body?.cancel();
    throw new FailedPreconditionError(`${this.path}; the server ignores Range requests`, {
      hint: `Only files up to ${WHOLE_FILE_BYTES >> 20} MiB are read whole; serve this one with ranges.`,
    });
  }

  /** The error that a status stands for. */
  failed({ status, statusText }: Response): Error {
    const text = `HTTP ${status} ${statusText}`.trimEnd();
    if (status === 404 || status === 410) {
      return new NotFoundError(`${this.path}; No such file or directory`, { cause: text });
    }
    if (status === 401 || status === 403) {
      return new PermissionDeniedError(`${this.path}; Permission denied`, { cause: text });
    }
    if (status === 416) {
      return new OutOfRangeError(`${this.path}; Read less bytes than requested`, { cause: text });
    }
    if (status === 408 || status === 429 || status >= 500) {
      return new UnavailableError(`${this.path}; ${text}`);
    }
    return new FailedPreconditionError(`${this.path}; ${text}`);
  }

  // Servers may send more than they said, and a compressed answer grows without end.
  async #body(
    response: Response,
    most: number,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
      const reader = response.body?.getReader();
      for (;;) {
        const { value } = (await reader?.read()) ?? {};
        if (value === undefined) break;
        chunks.push(value);
        size += value.length;
        if (size <= most) continue;
        await reader?.cancel();
        throw new FailedPreconditionError(`${this.path}; the server sent more than was asked for`, {
          hint: `At most ${most} bytes were expected.`,
        });
      }
    } catch (error) {
      throw fromHost(error, this.path, { signal, network: true });
    }
    if (chunks.length === 1) return chunks[0]!;
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }

  #requireSameVersion(response: Response): void {
    const etag = response.headers.get('etag');
    const modified = response.headers.get('last-modified');
    const same =
      (this.#etag === null || etag === null || etag === this.#etag) &&
      (this.#modified === null || modified === null || modified === this.#modified);
    if (same) return;
    throw new FailedPreconditionError(`${this.path}; the file changed while it was being read`, {
      hint: 'Open it again.',
    });
  }

  /** Many servers answer a missing file with a page and status 200. */
  #pageError(): Error {
    return new NotFoundError(`${this.path}; No such file or directory`, {
      hint: 'The server answered with a web page.',
    });
  }
}

/** The size that a header states, if it can be one. */
function sizeOf(text: string | null | undefined): number | undefined {
  const size = /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
  return Number.isSafeInteger(size) ? size : undefined;
}

function isEncoded(response: Response): boolean {
  return (response.headers.get('content-encoding') ?? 'identity') !== 'identity';
}

function isPage(response: Response): boolean {
  return (response.headers.get('content-type') ?? '').startsWith('text/html');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
