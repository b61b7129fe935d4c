/// tensorbundle show: the values of one tensor.

import type { NDArray, NestedList, TensorReader } from 'tensorbundle/node';
import { type Args, UsageError } from '../args.js';
import { open } from '../open.js';
import { escapeText, type Output } from '../output.js';

export async function run({ positionals, flags }: Args, output: Output): Promise<number> {
  const [prefix, name] = positionals as [string, string];
  const { reader } = await open(prefix);
  if (flags.all) return showAll(reader, Boolean(flags.json), output);
  const array =
    typeof flags.slice === 'string'
      ? await sliceOf(reader, name, flags.slice)
      : await reader.lookup(name);
  if (flags.json) output.json(record(name, array));
  else output.print(array.toString());
  return 0;
}

// What TensorFlow's inspect_checkpoint prints.
async function showAll(reader: TensorReader, json: boolean, output: Output): Promise<number> {
  const variables = reader.entries().filter(({ key }) => !key.startsWith('\0'));
  let elements = 0;
  const records = [];
  for (const { key, shape } of variables) {
    const array = await reader.lookup(key);
    elements += shape.reduce((product, dim) => product * dim, 1);
    if (json) records.push(record(key, array));
    else output.print(`tensor_name:  ${escapeText(key)}\n${array}`);
  }
  if (json) output.json({ tensors: records, totalParams: elements });
  else output.print(`# Total number of params: ${elements}`);
  return 0;
}

function record(name: string, array: NDArray): object {
  return { name, dtype: array.dtype.name, shape: array.shape, values: jsonOf(array.tolist()) };
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
