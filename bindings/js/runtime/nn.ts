/** `tf.nn`: activations and losses. */

import { ValueError } from '../core/errors.js';
import { apply, applyAll, composite, convert, type NameOption } from './apply.js';
import type { TensorLike } from './arguments.js';
import {
  concat,
  rank,
  reshape,
  shape,
  slice,
  stopGradient,
  transpose,
  where,
  zerosLike,
} from './array-ops.js';
import type { Tensor } from './graph.js';
import { add, cast, exp, log1p, negative, subtract } from './math.js';

export { sigmoid, tanh } from './math.js';
export * from './nn-conv.js';
export * from './nn-normalise.js';

/** `max(x, 0)` */
export function relu(features: TensorLike, options?: NameOption): Tensor {
  return apply('Relu', [features], options);
}

/** `min(max(x, 0), 6)` */
export function relu6(features: TensorLike, options: NameOption = {}): Tensor {
  return apply('Relu6', [features], { name: options.name ?? 'Relu6' });
}

/** `x`, below 0 `e^x - 1`. */
export function elu(features: TensorLike, options?: NameOption): Tensor {
  return apply('Elu', [features], options);
}

/** `log(1 + e^x)` */
export function softplus(features: TensorLike, options?: NameOption): Tensor {
  return apply('Softplus', [features], options);
}

/** Options of {@link biasAdd}. */
export interface BiasAddOptions extends NameOption {
  /** `'NHWC'` (the default): the channels are the last dimension; `'NCHW'`: dimension 1. */
  readonly dataFormat?: 'NHWC' | 'NCHW' | undefined;
}

/** `value` with `bias[c]` added to channel `c`. */
export function biasAdd(value: TensorLike, bias: TensorLike, options: BiasAddOptions = {}): Tensor {
  return composite([value, bias], options, 'BiasAdd', (name) =>
    apply(
      'BiasAdd',
      [convert(value, 'input'), bias],
      { name },
      { data_format: options.dataFormat },
    ),
  );
}

/** `sum(t^2) / 2` */
export function l2Loss(t: TensorLike, options?: NameOption): Tensor {
  return apply('L2Loss', [t], options);
}

/** Whether the target is among the `k` largest predictions of its row. */
export function inTopK(
  predictions: TensorLike,
  targets: TensorLike,
  k: TensorLike,
  options: NameOption = {},
): Tensor {
  return apply('InTopKV2', [predictions, targets, k], { name: options.name ?? 'in_top_k' });
}

/** Options of the softmaxes. */
export interface AxisOption extends NameOption {
  /** The dimension of the classes; -1 (the default): the last. */
  readonly axis?: number | undefined;
}

// Exchanges a dimension with the last one.
function swapWithLast(tensor: Tensor, axis: number): Tensor {
  const dims = tensor.shape;
  if (dims === undefined) {
    throw new ValueError(`axis ${axis} of a tensor of unknown rank; use -1`);
  }
  const perm = Array.from(dims.keys());
  const at = axis < 0 ? axis + dims.length : axis;
  [perm[at], perm[dims.length - 1]] = [dims.length - 1, at];
  return transpose(tensor, perm);
}

function isLast(tensor: Tensor, axis: number): boolean {
  return axis === -1 || (tensor.shape !== undefined && axis === tensor.shape.length - 1);
}

function softmaxOf(op: string, logits: TensorLike, options: AxisOption): Tensor {
  const { axis = -1, name } = options;
  const tensor = convert(logits, 'logits');
  if (isLast(tensor, axis)) return apply(op, [tensor], { name });
  return swapWithLast(apply(op, [swapWithLast(tensor, axis)], { name }), axis);
}

/** `e^x / sum(e^x)` over the last dimension. */
export function softmax(logits: TensorLike, options: AxisOption = {}): Tensor {
  return softmaxOf('Softmax', logits, options);
}

/** `log(softmax(x))`, without its loss of precision. */
export function logSoftmax(logits: TensorLike, options: AxisOption = {}): Tensor {
  return softmaxOf('LogSoftmax', logits, options);
}

/** What the cross entropies take. */
export interface CrossEntropyArguments extends AxisOption {
  readonly labels: TensorLike;
  readonly logits: TensorLike;
}

function checkNamed(fn: string, args: Partial<CrossEntropyArguments> | undefined): void {
  if (typeof args !== 'object' || args === null || !('labels' in args || 'logits' in args)) {
    throw new ValueError(`Only call \`${fn}\` with named arguments (labels=..., logits=..., ...)`);
  }
  if (args.labels === undefined || args.logits === undefined) {
    throw new ValueError('Both labels and logits must be provided.');
  }
}

// _flatten_outer_dims, tensorflow/python/ops/nn_ops.py: a matrix of rows.
function flattenOuterDims(logits: Tensor): Tensor {
  const last = slice(shape(logits), asVector(subtract(rank(logits), 1), 'Slice/begin'), [1]);
  const output = reshape(logits, concat([[-1], last], 0));
  const dims = logits.shape;
  if (dims?.slice(0, -1).every((dim) => dim !== null)) {
    const rows = dims.slice(0, -1).reduce<number>((count, dim) => count * dim!, 1);
    output.setShape([rows, dims.at(-1)!]);
  }
  return output;
}

// [x] as an argument: Python packs a list of one scalar tensor.
function asVector(scalar: Tensor, name: string): Tensor {
  return apply('Pack', [{ list: [scalar] }], { name }, { axis: 0 });
}

function crossEntropy({ labels, logits, axis = -1 }: CrossEntropyArguments, name: string): Tensor {
  let x = convert(logits, 'logits');
  let z = cast(convert(labels, 'labels'), x.dtype);
  const dims = x.shape;
  const inputRank = rank(x);
  const last = isLast(x, axis);
  if (!last) {
    x = swapWithLast(x, axis);
    z = swapWithLast(z, axis);
  }
  const inputShape = shape(x);
  const [cost] = applyAll(
    'SoftmaxCrossEntropyWithLogits',
    [flattenOuterDims(x), flattenOuterDims(z)],
    { name },
  );
  const outputShape = slice(inputShape, [0], asVector(subtract(inputRank, 1), 'Slice/size'));
  const result = reshape(cost!, outputShape);
  if (dims !== undefined) {
    const at = axis < 0 ? axis + dims.length : axis;
    result.setShape(dims.filter((_, i) => i !== at));
  }
  return result;
}

/**
 * The cross entropy of each row of `logits` with the probabilities in the row of `labels`:
 * `tf.nn.softmaxCrossEntropyWithLogits({ labels, logits })`. No gradient flows to the labels.
 * @throws {ValueError} `Both labels and logits must be provided.`
 */
export function softmaxCrossEntropyWithLogits(args: CrossEntropyArguments): Tensor {
  checkNamed('softmax_cross_entropy_with_logits', args);
  const { labels, logits } = args;
  return composite([logits, labels], args, 'softmax_cross_entropy_with_logits_sg', (name) => {
    const stopped = stopGradient(labels, { name: 'labels_stop_gradient' });
    return crossEntropy({ ...args, labels: stopped }, name);
  });
}

/** The same with a gradient to the labels as well. */
export function softmaxCrossEntropyWithLogitsV2(args: CrossEntropyArguments): Tensor {
  checkNamed('softmax_cross_entropy_with_logits', args);
  return composite([args.logits, args.labels], args, 'softmax_cross_entropy_with_logits', (name) =>
    crossEntropy(args, name),
  );
}

/**
 * The same for labels that are the numbers of the classes, int32 or int64, of one dimension less than `logits`.
 * @throws {ValueError} `Rank mismatch: Rank of labels (received 2) should equal rank of logits minus 1 (received 2).`
 */
export function sparseSoftmaxCrossEntropyWithLogits(args: CrossEntropyArguments): Tensor {
  checkNamed('sparse_softmax_cross_entropy_with_logits', args);
  return composite(
    [args.logits, args.labels],
    args,
    'SparseSoftmaxCrossEntropyWithLogits',
    (name) => {
      const labels = convert(args.labels);
      const logits = convert(args.logits);
      const labelRank = labels.shape?.length;
      const logitRank = logits.shape?.length;
      const labelShape = shape(labels);
      if (logitRank === 0) {
        throw new ValueError('Logits cannot be scalars - received shape ().');
      }
      if (logitRank !== undefined && labelRank !== undefined && labelRank !== logitRank - 1) {
        throw new ValueError(
          `Rank mismatch: Rank of labels (received ${labelRank}) should equal rank of logits minus 1 ` +
            `(received ${logitRank}).`,
        );
      }
      if (logitRank === 2) {
        return applyAll('SparseSoftmaxCrossEntropyWithLogits', [logits, labels], { name })[0]!;
      }
      const classes = flattenOuterDims(logits);
      const [cost] = applyAll(
        'SparseSoftmaxCrossEntropyWithLogits',
        [classes, reshape(labels, [-1])],
        { name },
      );
      const result = reshape(cost!, labelShape);
      if (labels.shape !== undefined) result.setShape(labels.shape);
      return result;
    },
  );
}

/** `max(x, 0) - x * z + log(1 + e^-|x|)` for logits `x` and labels `z`, which cannot overflow. */
export function sigmoidCrossEntropyWithLogits(args: CrossEntropyArguments): Tensor {
  checkNamed('sigmoid_cross_entropy_with_logits', args);
  return composite([args.logits, args.labels], args, 'logistic_loss', (name) => {
    const logits = convert(args.logits, 'logits');
    const labels = convert(args.labels, 'labels', logits.dtype);
    const zero = zerosLike(logits);
    const positive = apply('GreaterEqual', [logits, zero]);
    const clipped = where(positive, logits, zero);
    const negated = where(positive, negative(logits), logits);
    return add(clipped.sub(logits.mul(labels)), log1p(exp(negated)), { name });
  });
}
