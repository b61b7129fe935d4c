/// tensorbundle cat: the bytes of one tensor.

import { type Args, UsageError } from '../args.js';
import { open } from '../open.js';
import type { Output } from '../output.js';

export async function run({ positionals, flags }: Args, output: Output): Promise<number> {
  const [prefix, name] = positionals as [string, string];
  if (output.isTerminal && !flags.raw && !flags.json) {
    throw new UsageError(
      'standard output is a terminal; pass --raw to write the bytes there all the same',
    );
  }
  const { reader } = await open(prefix);
  const { dtype, shape, data } = await reader.lookup(name);
  const elements = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : data;
  if (flags.json) {
    const base64 =
      elements instanceof Uint8Array
        ? base64Of(elements)
        : elements.map((bytes) => base64Of(bytes));
    output.json({ name, dtype: dtype.name, shape, base64 });
  } else if (elements instanceof Uint8Array) {
    await output.write(elements);
  } else {
    for (const bytes of elements) {
      if (shape.length > 0) await output.write(lengthOf(bytes));
      await output.write(bytes);
    }
  }
  return 0;
}

function base64Of({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

function lengthOf({ length }: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  return bytes;
}
