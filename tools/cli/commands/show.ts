/// tensorbundle show: the values of one tensor.

import type { NDArray, NestedList, TensorReader } from 'tensorbundle/node';
import { type Args, UsageError } from '../args.js';
import { open } from '../open.js';
import { escapeText, type Output } from '../output.js';

export async function run({ positionals, flags }: Args, output: Output): Promise<number> {
  const [prefix, name] = positionals as [string, string];
  const { reader } = await open(prefix);
  const array =
    typeof flags.slice === 'string'
      ? await sliceOf(reader, name, flags.slice)
      : await reader.lookup(name);
  if (flags.json) {
    const values = jsonOf(array.tolist());
    output.json({ name, dtype: array.dtype.name, shape: array.shape, values });
  } else {
    output.print(array.toString());
  }
  return 0;
}

async function sliceOf(reader: TensorReader, name: string, spec: string): Promise<NDArray> {
  try {
    return await reader.lookupSlice(name, spec);
  } catch (error) {
    const { message } = error as Error;
    const isUsage = /^(Expected (a pair|non-negative)|Mismatching ranks|Extent in dim)/.test(
      message,
    );
    throw isUsage ? new UsageError(`--slice: ${escapeText(message)}`) : error;
  }
}

// What JSON has no number for becomes a string.
function jsonOf(value: NestedList): unknown {
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'boolean') return value;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return [jsonOf(value.re), jsonOf(value.im)];
}
