/// Compiles the engine from whatever the user has: an address, a response, bytes, a module.

import { fromHost } from './error-mapping.js';
import { FailedPreconditionError, UnimplementedError } from './errors.js';

/** Where the engine's wasm comes from. */
export type WasmSource =
  | string
  | URL
  | Request
  | Response
  | Promise<Response>
  | BufferSource
  | WebAssembly.Module;

// (module (func (drop (i8x16.splat (i32.const 0))))): valid exactly where SIMD is.
const SIMD_PROBE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26,
  11,
];

/**
 * The compiled module.
 * @throws {FailedPreconditionError} when what was found is no wasm; a page served in its place is recognised.
 * @throws {NotFoundError|UnavailableError} when nothing was found.
 * @throws {UnimplementedError} where WebAssembly lacks SIMD.
 */
export async function compile(
  source: WasmSource,
  fetchWasm: (address: string | URL | Request) => Promise<Response | BufferSource>,
): Promise<WebAssembly.Module> {
  const given = await source;
  if (given instanceof WebAssembly.Module) return given;
  const address = addressOf(given);
  const content =
    address === undefined ? (given as Response | BufferSource) : await fetched(address, fetchWasm);
  const label = address === undefined ? 'the given wasm' : nameOf(address);
  if (isBufferSource(content)) return compileBytes(content, label);
  const name = content.url === '' ? label : content.url;
  if (!content.ok) {
    throw new FailedPreconditionError(
      `${name}: HTTP ${content.status} ${content.statusText}`.trimEnd(),
      {
        hint: HINT,
      },
    );
  }
  const type = content.headers.get('content-type') ?? '';
  if (type.startsWith('application/wasm') && 'compileStreaming' in WebAssembly) {
    return guarded(() => WebAssembly.compileStreaming(content), name);
  }
  return compileBytes(await content.arrayBuffer(), name);
}

const HINT =
  'Copy node_modules/tensorbundle/dist/engine.wasm to where it is served, or pass ready({ wasm }).';

function addressOf(given: unknown): string | URL | Request | undefined {
  if (typeof given === 'string' || given instanceof URL) return given;
  return typeof Request !== 'undefined' && given instanceof Request ? given : undefined;
}

function nameOf(address: string | URL | Request): string {
  return typeof address === 'string'
    ? address
    : address instanceof URL
      ? address.href
      : address.url;
}

function isBufferSource(content: Response | BufferSource): content is BufferSource {
  return ArrayBuffer.isView(content) || !('headers' in content);
}

async function fetched(
  address: string | URL | Request,
  fetchWasm: (address: string | URL | Request) => Promise<Response | BufferSource>,
): Promise<Response | BufferSource> {
  try {
    return await fetchWasm(address);
  } catch (error) {
    const mapped = fromHost(error, nameOf(address), { network: true });
    if (mapped instanceof Error && 'hint' in mapped) mapped.hint = HINT;
    throw mapped;
  }
}

async function compileBytes(content: BufferSource, name: string): Promise<WebAssembly.Module> {
  const bytes = ArrayBuffer.isView(content)
    ? new Uint8Array(content.buffer, content.byteOffset, content.byteLength)
    : new Uint8Array(content);
  const start = bytes.subarray(0, 4);
  if (start.join() === '0,97,115,109') return guarded(() => WebAssembly.compile(content), name);
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, 64)).trimStart();
  if (text.startsWith('<')) {
    throw new FailedPreconditionError(`got HTML from ${name}; the server answered with a page`, {
      hint: HINT,
    });
  }
  const hex = Array.from(start, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  throw new FailedPreconditionError(
    `${name} is no WebAssembly: it begins with ${hex || 'nothing'}`,
    { hint: HINT },
  );
}

async function guarded(
  compiling: () => Promise<WebAssembly.Module>,
  name: string,
): Promise<WebAssembly.Module> {
  try {
    return await compiling();
  } catch (error) {
    if (!WebAssembly.validate(new Uint8Array(SIMD_PROBE))) {
      throw new UnimplementedError('This host has no WebAssembly SIMD', {
        hint: 'Use Node 16.4, Chrome 91, Firefox 89, Safari 16.4 or later.',
        cause: error,
      });
    }
    throw new FailedPreconditionError(
      `${name} cannot be compiled: ${error instanceof Error ? error.message : error}`,
      {
        hint: HINT,
        cause: error,
      },
    );
  }
}
