/// IDX, the format of the MNIST files: arrays of unsigned bytes.
///
///     00 00 08 rank | rank dimensions, 4 bytes each, big-endian | the elements, row-major
///
/// (Yann LeCun, "The MNIST database of handwritten digits". Read as a 32-bit number, the first four bytes are the
/// "magic number" 2051 for rank 3 and 2049 for rank 1.)

import { DataLossError, ResourceExhaustedError, ValueError } from '../core/errors.js';

/** An array of unsigned bytes. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** More than any data set of this kind has, and less than a page can hold. */
const MAX_BYTES = 2 ** 30;

const UNSIGNED_BYTE = 0x0800;

/**
 * Reads an IDX file of rank `rank`, which may be gzipped.
 * @param kind what messages call the file: `image` or `label`.
 * @throws {ValueError} `Invalid magic number 1234 in MNIST image file: train-images-idx3-ubyte.gz`
 * @throws {DataLossError} when the elements are fewer or more than the dimensions say.
 */
export async function readIdx(
  file: Uint8Array,
  { rank, kind, name }: { rank: number; kind: string; name: string },
): Promise<IdxArray> {
  const bytes = isGzip(file) ? await gunzip(file, name) : file;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = 4 + 4 * rank;
  if (bytes.length < 4) throw new DataLossError(`${name}; an IDX file has 4 bytes at least`);
  const magic = view.getUint32(0);
  if (magic !== UNSIGNED_BYTE + rank) {
    throw new ValueError(`Invalid magic number ${magic} in MNIST ${kind} file: ${name}`);
  }
  if (bytes.length < header) throw new DataLossError(`${name}; the file ends in its header`);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  // Exact up to 2^53, and beyond that still unequal.
  const count = shape.reduce((product, dim) => product * dim, 1);
  if (count !== bytes.length - header) {
    throw new DataLossError(
      `${name}; a shape of [${shape}] needs ${count} bytes, the file has ${bytes.length - header}`,
      { hint: `Download or copy ${name} again.` },
    );
  }
  return { shape, data: bytes.subarray(header) };
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function gunzip(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream('gzip'));
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of chunksOf(stream)) {
      length += chunk.length;
      if (length > MAX_BYTES) {
        throw new ResourceExhaustedError(`${name}; more than ${MAX_BYTES} bytes when unpacked`);
      }
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof ResourceExhaustedError) throw cause;
    throw new DataLossError(`${name}; the gzip data are damaged or incomplete`, {
      cause,
      hint: `Download or copy ${name} again.`,
    });
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

// Not every browser iterates over streams.
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
