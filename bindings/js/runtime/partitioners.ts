/** Partitioners: into how many parts `tf.getVariable` cuts a variable. */

import type { DType } from '../core/dtype.js';
import { ValueError } from '../core/errors.js';

/** Gives the number of parts along each dimension; at most one may be more than 1. */
export type Partitioner = (shape: readonly number[], dtype: DType) => readonly number[];

/** Options of {@link variableAxisSizePartitioner} and {@link minMaxVariablePartitioner}. */
interface SizeOptions {
  /** The dimension to cut. Default 0. */
  readonly axis?: number | undefined;
  /** What a string counts for. Default 16. */
  readonly bytesPerStringElement?: number | undefined;
}

function alongAxis(rank: number, axis: number, parts: number): number[] {
  const partitions = new Array<number>(rank).fill(1);
  partitions[axis < 0 ? axis + rank : axis] = parts;
  return partitions;
}

function elementSize(dtype: DType, { bytesPerStringElement = 16 }: SizeOptions): number {
  return dtype.name === 'string' ? bytesPerStringElement : dtype.size;
}

const product = (shape: readonly number[]) => shape.reduce((size, dim) => size * dim, 1);

/** The same number of parts for every variable, or as many as the dimension has: `tf.fixed_size_partitioner`. */
export function fixedSizePartitioner(
  numShards: number,
  { axis = 0 }: { readonly axis?: number | undefined } = {},
): Partitioner {
  return (shape) => alongAxis(shape.length, axis, Math.min(numShards, shape.at(axis)!));
}

/**
 * Parts of at most `maxShardBytes`: `tf.variable_axis_size_partitioner`.
 * @throws {ValueError} `Both max_shard_bytes and bytes_per_string_element must be positive.`
 */
export function variableAxisSizePartitioner(
  maxShardBytes: number,
  options: SizeOptions & { readonly maxShards?: number | undefined } = {},
): Partitioner {
  const { axis = 0, bytesPerStringElement = 16, maxShards } = options;
  if (maxShardBytes < 1 || bytesPerStringElement < 1) {
    throw new ValueError('Both max_shard_bytes and bytes_per_string_element must be positive.');
  }
  if (maxShards !== undefined && maxShards < 1)
    throw new ValueError('max_shards must be positive.');
  return (shape, dtype) => {
    const length = shape.at(axis)!;
    const bytesPerSlice = (product(shape) / length) * elementSize(dtype, options);
    const slicesPerShard = Math.max(1, Math.floor(maxShardBytes / bytesPerSlice));
    const shards = Math.ceil(length / slicesPerShard);
    return alongAxis(shape.length, axis, Math.min(maxShards ?? shards, shards));
  };
}

/** At most `maxPartitions` parts of at least `minSliceSize` bytes: `tf.min_max_variable_partitioner`. */
export function minMaxVariablePartitioner(
  options: SizeOptions & {
    readonly maxPartitions?: number | undefined;
    readonly minSliceSize?: number | undefined;
  } = {},
): Partitioner {
  const { axis = 0, maxPartitions = 1, minSliceSize = 256 << 10 } = options;
  return (shape, dtype) => {
    if (axis >= shape.length) {
      throw new ValueError(
        `Can not partition variable along axis ${axis} when shape is only (${shape.join(', ')})`,
      );
    }
    const parts = Math.ceil((product(shape) * elementSize(dtype, options)) / minSliceSize);
    return alongAxis(
      shape.length,
      axis,
      Math.max(1, Math.min(shape.at(axis)!, maxPartitions, parts)),
    );
  };
}

/**
 * What `partitioner` says of a variable, checked: the dimension that is cut, and the number of parts.
 * @throws {ValueError} for an answer that is no partitioning.
 * @internal
 */
export function partition(
  partitioner: Partitioner,
  shape: readonly number[],
  dtype: DType,
): readonly number[] {
  const text = shapeText(shape);
  if (shape.length < 1) {
    throw new ValueError(`A partitioned Variable must have rank at least 1, shape: ${text}`);
  }
  const slicing = partitioner(shape, dtype);
  if (!Array.isArray(slicing)) {
    throw new ValueError(`Partitioner must return a sequence, but saw: ${slicing}`);
  }
  const said = listText(slicing);
  if (slicing.length !== shape.length) {
    throw new ValueError(
      `Partitioner returned a partition list that does not match the Variable's rank: ${said} vs. ${text}`,
    );
  }
  if (slicing.some((parts) => parts < 1)) {
    throw new ValueError(`Partitioner returned zero partitions for some axes: ${said}`);
  }
  if (slicing.filter((parts) => parts > 1).length > 1) {
    throw new ValueError(
      `Can only slice a variable along one dimension: shape: ${text}, partitioning: ${said}`,
    );
  }
  return slicing;
}

/** Offset and shape of each part; the first parts take what does not divide evenly. @internal */
export function slices(
  shape: readonly number[],
  partitions: readonly number[],
): { offset: number[]; shape: number[] }[] {
  const cut = Math.max(
    0,
    partitions.findIndex((parts) => parts > 1),
  );
  const parts = partitions[cut]!;
  const least = Math.floor(shape[cut]! / parts);
  const excess = shape[cut]! % parts;
  let at = 0;
  return Array.from({ length: parts }, (_, i) => {
    const length = least + (i < excess ? 1 : 0);
    const slice = {
      offset: shape.map((_dim, axis) => (axis === cut ? at : 0)),
      shape: shape.map((dim, axis) => (axis === cut ? length : dim)),
    };
    at += length;
    return slice;
  });
}

/** Python's text of a shape: `(2, 3)`, `(3,)`, `()`; `<unknown>`. @internal */
export function shapeText(shape: readonly (number | null)[] | undefined): string {
  if (shape === undefined) return '<unknown>';
  return `(${shape.map((dim) => dim ?? '?').join(', ')}${shape.length === 1 ? ',' : ''})`;
}

/** Python's text of a list of numbers. @internal */
export function listText(list: readonly number[]): string {
  return `[${list.join(', ')}]`;
}
