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
  const array = await reader.lookup(name);
  const bytes = array.bytes();
  if (flags.json) {
    const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    output.json({ name, dtype: array.dtype.name, shape: array.shape, base64 });
  } else {
    await output.write(bytes);
  }
  return 0;
}
