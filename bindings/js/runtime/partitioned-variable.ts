/** PartitionedVariable: several variables that are saved as slices of one tensor. */

import type { DType } from '../core/dtype.js';
import { callForTensor } from './arguments.js';
import { nameScope, type Tensor } from './graph.js';
import { identity } from './ops.js';
import type { Variable } from './variable.js';

/**
 * What `tf.getVariable` gives when it was told a partitioner: `name/part_0`, `name/part_1`, ... under one name. In a
 * checkpoint there is one tensor of that name, with a slice for each part.
 */
export class PartitionedVariable implements Iterable<Variable> {
  /** As `tf.getVariable` was asked, with the variable scope in front. */
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** The parts, in order. */
  readonly variables: readonly Variable[];
  /** The number of parts along each dimension. */
  readonly partitions: readonly number[];
  #tensor: Tensor | undefined;

  /** @internal */
  constructor(
    name: string,
    dtype: DType,
    shape: readonly number[],
    variables: readonly Variable[],
    partitions: readonly number[],
  ) {
    this.name = name;
    this.dtype = dtype;
    this.shape = shape;
    this.variables = variables;
    this.partitions = partitions;
  }

  get length(): number {
    return this.variables.length;
  }

  [Symbol.iterator](): Iterator<Variable> {
    return this.variables[Symbol.iterator]();
  }

  /** The parts joined to the whole. */
  asTensor(): Tensor {
    this.#tensor ??= this.#concatenated();
    return this.#tensor;
  }

  toString(): string {
    return `<tf.PartitionedVariable '${this.name}'>`;
  }

  // PartitionedVariable._concat, tensorflow/python/ops/variables.py.
  #concatenated(): Tensor {
    const axis = this.partitions.findIndex((parts) => parts > 1);
    const { name, variables } = this;
    if (axis < 0) return nameScope(null, () => identity(variables[0]!, { name }));
    const whole = nameScope(`${name}/ConcatPartitions/`, () =>
      callForTensor([{ list: variables }, axis], (call) => {
        call.setName('concat');
        return call.apply('ConcatV2');
      }),
    );
    return nameScope(null, () => identity(whole, { name }));
  }
}
