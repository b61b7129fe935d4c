/// tensorbundle dump: all that an index says, and whether the data bears it out.

import { createHash, type Hash } from 'node:crypto';
import type { BundleEntry, Checkpoint, TensorVerdict } from 'tensorbundle/node';
import type { Args } from '../args.js';
import { open } from '../open.js';
import { escapeText, type Output } from '../output.js';
import { EXIT_CORRUPT, EXIT_IO, exitCodeOf, isCoded, reportError } from '../report.js';

export async function run({ positionals, flags }: Args, output: Output): Promise<number> {
  let checkpoint: Checkpoint;
  try {
    checkpoint = await open(positionals[0]!);
  } catch (error) {
    // What cannot be opened has a status all the same.
    if (!flags.json || !isCoded(error)) throw error;
    output.json({
      format: 'V2',
      numShards: null,
      endianness: null,
      status: error.status,
      tensors: [],
    });
    return reportError(error, output, false);
  }
  const { sliceText } = await import('tensorbundle/node');
  const { reader, format } = checkpoint;
  const hashes = new Map<BundleEntry, Hash>();
  const report = await reader.verify({
    onProgress: ({ done, total }) => output.progress('Reading', done, total),
    onBytes: (entry, chunk) => {
      if (flags.sha256) hashFor(hashes, entry).update(chunk);
    },
  });
  const dump = {
    format,
    numShards: reader.header.numShards,
    endianness: reader.header.endianness,
    status: report.status,
    tensors: report.tensors.map((verdict) => ({
      ...rowOf(verdict, format, sliceText),
      ...(flags.sha256 && verdict.error === undefined
        ? { sha256: hashFor(hashes, verdict.entry).digest('hex') }
        : {}),
    })),
  };
  if (flags.json) {
    output.json(dump);
  } else {
    printColumns(dump, output);
  }
  if (report.ok) return 0;
  const worst = report.tensors.some(
    ({ error }) => error !== undefined && exitCodeOf(error) === EXIT_CORRUPT,
  );
  return worst || report.status !== 'OK' ? EXIT_CORRUPT : EXIT_IO;
}

interface Row {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Null in V1, which says neither where a tensor lies nor what its checksum is. */
  readonly shard: number | null;
  readonly offset: number | null;
  readonly size: number;
  /** Eight hexadecimal digits, masked as stored. */
  readonly crc32c: string | null;
  readonly slices?: readonly string[];
  readonly status: string;
  readonly sha256?: string;
}

function rowOf(
  { entry, status }: TensorVerdict,
  format: Checkpoint['format'],
  sliceText: (slice: BundleEntry['slices'][number]) => string,
): Row {
  const isV1 = format === 'V1';
  return {
    name: entry.key,
    dtype: entry.dtype.name,
    shape: entry.shape,
    shard: isV1 ? null : entry.shardId,
    offset: isV1 ? null : entry.offset,
    size: entry.size,
    crc32c: isV1 ? null : entry.crc32c.toString(16).padStart(8, '0'),
    ...(entry.slices.length === 0 ? {} : { slices: entry.slices.map(sliceText) }),
    status,
  };
}

function hashFor(hashes: Map<BundleEntry, Hash>, entry: BundleEntry): Hash {
  let hash = hashes.get(entry);
  if (hash === undefined) {
    hash = createHash('sha256');
    hashes.set(entry, hash);
  }
  return hash;
}

type Dump = Pick<Checkpoint['reader']['header'], 'numShards' | 'endianness'> & {
  readonly format: string;
  readonly status: string;
  readonly tensors: readonly Row[];
};

function printColumns(dump: Dump, output: Output): void {
  const columns = [
    { title: 'name', style: 'bold' as const },
    { title: 'dtype', style: 'cyan' as const },
    { title: 'shape', style: 'green' as const },
    { title: 'shard', right: true },
    { title: 'offset', right: true },
    { title: 'size', right: true },
    { title: 'crc32c' },
    { title: 'status' },
    ...(dump.tensors.some(({ sha256 }) => sha256 !== undefined) ? [{ title: 'sha256' }] : []),
  ];
  output.table(
    columns,
    dump.tensors.map((row) =>
      [
        row.name,
        row.dtype,
        `[${row.shape.join(', ')}]`,
        String(row.shard ?? '-'),
        String(row.offset ?? '-'),
        String(row.size),
        row.crc32c ?? '-',
        row.status,
        row.sha256 ?? '',
      ].slice(0, columns.length),
    ),
  );
  output.print(
    `${dump.format}, shards: ${dump.numShards}, endianness: ${dump.endianness}, status: ${escapeText(dump.status)}`,
  );
}
