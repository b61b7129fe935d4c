/// tensorbundle ls: the tensors of a checkpoint.

import type { Args } from '../args.js';
import { bytesOf, open, tensorsOf } from '../open.js';
import { count, escapeText, formatBytes, type Output } from '../output.js';
import { EXIT_CORRUPT } from '../report.js';

export async function run({ positionals, flags }: Args, output: Output): Promise<number> {
  const checkpoint = await open(positionals[0]!);
  const { reader, format, path } = checkpoint;
  const tensors = tensorsOf(checkpoint);
  const bytes = tensors.reduce((sum, entry) => sum + bytesOf(entry), 0);
  const { damage } = reader;
  const problem = damage ?? tensors.find((entry) => entry.problem !== undefined)?.problem;
  if (flags.json) {
    output.json({
      format,
      path,
      numShards: reader.header.numShards,
      endianness: reader.header.endianness,
      status: problem === undefined ? 'OK' : problem.message,
      tensors: tensors.map((entry) => ({
        name: entry.key,
        dtype: entry.dtype.name,
        shape: entry.shape,
        bytes: bytesOf(entry),
      })),
      totals: { tensors: tensors.length, bytes },
    });
  } else {
    output.table(
      [
        { title: 'name', style: 'bold' },
        { title: 'dtype', style: 'cyan' },
        { title: 'shape', style: 'green' },
        { title: 'bytes', right: true },
      ],
      tensors.map((entry) => [
        entry.key,
        entry.dtype.name,
        `[${entry.shape.join(', ')}]`,
        bytesOf(entry).toLocaleString('en'),
      ]),
    );
    const shards =
      reader.header.numShards === 1 ? '' : `, ${count(reader.header.numShards, 'shard')}`;
    output.print(`${count(tensors.length, 'tensor')}, ${formatBytes(bytes)}${shards}`);
  }
  if (problem === undefined) return 0;
  output.error(`tensorbundle: the index is damaged: ${escapeText(problem.message)}`);
  return EXIT_CORRUPT;
}
