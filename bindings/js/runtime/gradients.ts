/** `tf.gradients`, and the sparse form in which gradients of lookups come. */

import { ValueError } from '../core/errors.js';
import { type Argument, graphOf, pushArguments, type TensorLike } from './arguments.js';
import type { GradientParts } from './engine-types.js';
import type { Graph, Tensor } from './graph.js';
import { check, runtime } from './host.js';
import type { Variable } from './variable.js';

/** The rows `values` at the places `indices` of a tensor of shape `denseShape`: `tf.IndexedSlices`. */
export class IndexedSlices {
  readonly values: Tensor;
  readonly indices: Tensor;
  readonly denseShape: Tensor | null;

  constructor(values: Tensor, indices: Tensor, denseShape: Tensor | null = null) {
    this.values = values;
    this.indices = indices;
    this.denseShape = denseShape;
  }

  get graph(): Graph {
    return this.values.graph;
  }
}

/** A gradient; `null` where nothing depends on the tensor. */
export type Gradient = Tensor | IndexedSlices | null;

/** Options of {@link gradients}. */
export interface GradientOptions {
  /** Default `"gradients"`. */
  readonly name?: string | undefined;
  /** Where to begin: one for each y, `null` for ones. */
  readonly gradYs?: TensorLike | readonly (TensorLike | null)[] | undefined;
  readonly colocateGradientsWithOps?: boolean | undefined;
  /** Whether the gradients of one operation's inputs wait for each other. */
  readonly gateGradients?: boolean | undefined;
  /** What is taken as constant. */
  readonly stopGradients?: Tensor | readonly Tensor[] | undefined;
  /** What to give for a tensor that no y depends on: `null` (`"none"`, the default) or zeros. */
  readonly unconnectedGradients?: 'none' | 'zero' | undefined;
}

const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

/**
 * Adds operations that compute the sum of the derivatives of `ys` by each of `xs`.
 * @returns one gradient for each of `xs`.
 * @throws {LookupError} `No gradient defined for operation 'x' (op type: Y)`
 */
export function gradients(
  ys: Tensor | Variable | readonly (Tensor | Variable)[],
  xs: Tensor | Variable | readonly (Tensor | Variable)[],
  options: GradientOptions = {},
): Gradient[] {
  const targets = listOf<Tensor | Variable>(ys);
  const sources = listOf<Tensor | Variable>(xs);
  const seeds =
    targets.length === 1 && !Array.isArray(options.gradYs) && options.gradYs !== undefined
      ? [options.gradYs as TensorLike]
      : (options.gradYs as readonly (TensorLike | null)[] | undefined);
  if (seeds !== undefined && seeds.length !== targets.length) {
    throw new ValueError(`Passed ${seeds.length} grad_ys for ${targets.length} ys`);
  }
  const args: Argument[] = [{ list: targets }, { list: sources }];
  const graph = graphOf(args);
  const call = new (runtime().GraphCall)(graph.handle);
  try {
    pushArguments(call, args);
    call.beginList();
    for (const seed of seeds ?? []) {
      if (seed === null) call.addNone();
      else pushArguments(call, [seed]);
    }
    call.endList();
    pushArguments(call, [{ list: listOf<Tensor>(options.stopGradients) }]);
    call.setName(options.name ?? '');
    check(() =>
      call.computeGradients(
        options.gateGradients ?? false,
        options.colocateGradientsWithOps ?? false,
        options.unconnectedGradients === 'zero',
      ),
    );
    const parts = JSON.parse(call.gradients()) as GradientParts[];
    return parts.map((part) => {
      if (part === null) return null;
      const values = graph.tensor(part[0], part[1]);
      if (part.length === 2) return values;
      return new IndexedSlices(
        values,
        graph.tensor(part[2], part[3]),
        graph.tensor(part[4], part[5]),
      );
    });
  } finally {
    call.delete();
  }
}
