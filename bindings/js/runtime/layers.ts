/** Layers with variables of their own: `tf.layers`. */

import { ValueError } from '../core/errors.js';
import { apply, type NameOption } from './apply.js';
import type { TensorLike } from './arguments.js';
import { nameScope, type Tensor } from './graph.js';
import { type Initializer, zerosInitializer } from './initializers.js';
import type { Variable } from './variable.js';
import { getVariable, type VariableScopeOptions, variableScope } from './variable-scope.js';
import type { Regularizer, Reuse } from './variable-store.js';

/** Options of layers with weights. */
export interface LayerOptions extends NameOption {
  /** What the output passes through, such as `tf.nn.relu`. Default: nothing. */
  readonly activation?: ((x: Tensor) => Tensor) | null | undefined;
  /** Default true. */
  readonly useBias?: boolean | undefined;
  /** Default: what `tf.getVariable` takes. */
  readonly kernelInitializer?: Initializer | undefined;
  /** Default zeros. */
  readonly biasInitializer?: Initializer | undefined;
  readonly kernelRegularizer?: Regularizer | undefined;
  readonly biasRegularizer?: Regularizer | undefined;
  /** Default true. */
  readonly trainable?: boolean | undefined;
  /** Take the weights of the layer `name` that exists. */
  readonly reuse?: Reuse | undefined;
}

function op(type: string, args: readonly TensorLike[], name = type): Tensor {
  return apply(type, args, { name });
}

/** @internal */
export function layerScope<T>(
  defaultName: string,
  { name, reuse }: LayerOptions,
  body: () => T,
): T {
  const options: VariableScopeOptions = { defaultName, reuse: name === undefined ? null : reuse };
  return variableScope(name ?? null, options, body);
}

/** The variable `kernel` of the layer whose scope is open. @internal */
export function kernelOf(
  shape: readonly number[],
  dtype: Tensor['dtype'],
  options: LayerOptions,
): Variable {
  return getVariable('kernel', shape, {
    dtype,
    initializer: options.kernelInitializer,
    regularizer: options.kernelRegularizer,
    trainable: options.trainable ?? true,
  });
}

/** Adds the variable `bias`, and applies the activation. @internal */
export function biasAndActivation(x: Tensor, units: number, options: LayerOptions): Tensor {
  let y = x;
  if (options.useBias ?? true) {
    const bias = getVariable('bias', [units], {
      dtype: x.dtype,
      initializer: options.biasInitializer ?? zerosInitializer(),
      regularizer: options.biasRegularizer,
      trainable: options.trainable ?? true,
    });
    y = op('BiasAdd', [y, bias]);
  }
  return options.activation ? options.activation(y) : y;
}

/**
 * `activation(inputs @ kernel + bias)` over the last dimension: `tf.layers.dense`. The variables are `dense/kernel`
 * and `dense/bias`; the next layer's `dense_1/...`.
 *
 * @throws {ValueError} `The last dimension of the inputs to `Dense` should be defined. Found `None`.`
 */
export function dense(inputs: Tensor, units: number, options: LayerOptions = {}): Tensor {
  return layerScope('dense', options, () => {
    const { shape } = inputs;
    const depth = shape?.at(-1);
    if (shape === undefined || typeof depth !== 'number') {
      throw new ValueError(
        'The last dimension of the inputs to `Dense` should be defined. Found `None`.',
      );
    }
    const kernel = kernelOf([depth, units], inputs.dtype, options);
    return biasAndActivation(product(inputs, kernel, shape, depth, units), units, options);
  });
}

// Dimensions before the last are rows.
function product(
  inputs: Tensor,
  kernel: Variable,
  shape: readonly (number | null)[],
  depth: number,
  units: number,
): Tensor {
  if (shape.length === 2) return op('MatMul', [inputs, kernel]);
  const outer = shape.slice(0, -1);
  if (outer.filter((dim) => dim === null).length > 1) {
    throw new ValueError('At most one dimension of the inputs to `Dense` may be unknown.');
  }
  return nameScope('Tensordot', (scope) => {
    const rows = op('Reshape', [inputs, [-1, depth]]);
    const results = op('MatMul', [rows, kernel]);
    return op('Reshape', [results, [...outer.map((dim) => dim ?? -1), units]], scope);
  });
}

/** Every dimension but the first as one: `tf.layers.flatten`. */
export function flatten(inputs: Tensor, { name }: NameOption = {}): Tensor {
  return nameScope(name ?? 'flatten', () => {
    const [rows, ...rest] = inputs.shape ?? [null];
    const columns = rest.reduce<number>((size, dim) => size * (dim ?? Number.NaN), 1);
    if (inputs.shape !== undefined && !Number.isNaN(columns)) {
      return op('Reshape', [inputs, rows === null ? [-1, columns] : [rows!, columns]]);
    }
    const size = op('Shape', [inputs]);
    const first = apply('StridedSlice', [size, [0], [1], [1]], {}, { shrink_axis_mask: 1 });
    const dims = apply('Pack', [{ list: [first, -1] }], { name: 'Reshape/shape' });
    return op('Reshape', [inputs, dims]);
  });
}
