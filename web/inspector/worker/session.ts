/// The checkpoint that the inspector has open.

import * as tf from 'tensorbundle/web';
import { sendEvent } from '../../shared/worker-calls.js';
import { npyFile } from './npy.js';
import type {
  ProgressEvent,
  Row,
  Source,
  Summary,
  TensorView,
  Verdict,
  Verification,
} from './protocol.js';
import { statisticsOf } from './statistics.js';

let current: tf.Checkpoint | undefined;

function opened(): tf.Checkpoint {
  if (current === undefined) throw new tf.errors.FailedPreconditionError('No checkpoint is open');
  return current;
}

const prefixesIn = (names: readonly string[]): string[] =>
  names.filter((name) => name.endsWith('.index')).map((name) => name.slice(0, -'.index'.length));

export async function stored(): Promise<string[]> {
  const found = await tf.locate('./x').files.list({ recursive: true });
  return prefixesIn(found.map(({ name }) => name));
}

export async function prefixes(files: readonly File[]): Promise<string[]> {
  // A chosen folder tells each file's path in it.
  return prefixesIn(files.map((file) => file.webkitRelativePath || file.name));
}

export async function open(source: Source): Promise<Summary> {
  current?.reader.close();
  current = undefined;
  const what = source.kind === 'path' ? source.path : source.files;
  const prefix = source.kind === 'files' ? source.prefix : undefined;
  const checkpoint = await tf.openCheckpoint(what, { prefix });
  current = checkpoint;
  const { reader, path, format, isObjectBased } = checkpoint;
  return {
    path,
    format,
    isObjectBased,
    rows: reader.entries().map(rowOf),
    damage: reader.damage?.status,
    shards: reader.header.numShards,
    endianness: reader.header.endianness,
  };
}

function rowOf(entry: tf.BundleEntry): Row {
  return {
    name: entry.key,
    dtype: entry.dtype.name,
    shape: entry.shape,
    shard: entry.shardId,
    offset: entry.offset,
    bytes: entry.size,
    slices: entry.slices.length,
    problem: entry.problem?.message,
  };
}

export async function tensor(name: string): Promise<TensorView> {
  const array = await opened().reader.lookup(name);
  const { dtype, size } = array;
  const numeric = dtype.kind === 'float' || dtype.kind === 'int' || dtype.kind === 'bool';
  return {
    name,
    text: String(array),
    statistics: numeric ? statisticsOf(size, (i) => Number(array.number(i))) : undefined,
  };
}

export async function npy(name: string): Promise<Blob> {
  return npyFile(await opened().reader.lookup(name));
}

export async function verify(): Promise<Verification> {
  const { reader } = opened();
  const report = await reader.verify({
    onProgress: ({ done, total }) =>
      sendEvent({ kind: 'progress', done, total } satisfies ProgressEvent),
  });
  const bad: Verdict[] = report.tensors
    .filter(({ error }) => error !== undefined)
    .map(({ entry, status }) => ({ name: entry.key, status }));
  return {
    ok: report.ok,
    status: report.status,
    bad,
    good: report.tensors.length - bad.length,
    verifiedBytes: report.verifiedBytes,
  };
}
