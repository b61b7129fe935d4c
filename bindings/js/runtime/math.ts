/** Arithmetic: the functions of `tf` that work element by element, and matrix products. */

import { asDType, type DTypeLike, float32, float64, int32, int64 } from '../core/dtype.js';
import { ValueError } from '../core/errors.js';
import { apply, composite, convert, type NameOption } from './apply.js';
import type { TensorLike } from './arguments.js';
import type { Tensor } from './graph.js';
import { applyOperator } from './operators.js';

/** `x + y`, element by element, with numpy's broadcasting (op Add). */
export function add(x: TensorLike, y: TensorLike, options?: NameOption): Tensor {
  return apply('Add', [x, y], options);
}

/** `x - y` */
export function subtract(x: TensorLike, y: TensorLike, options?: NameOption): Tensor {
  return apply('Sub', [x, y], options);
}

/** `x * y` */
export function multiply(x: TensorLike, y: TensorLike, options?: NameOption): Tensor {
  return apply('Mul', [x, y], options);
}

/** `x / y` as Python 3 divides: integers give float64. */
export function divide(x: TensorLike, y: TensorLike): Tensor {
  return applyOperator('div', x, y);
}

export { divide as truediv };

/** `x / y` of floats, or of integers towards zero. */
export function div(x: TensorLike, y: TensorLike, options?: NameOption): Tensor {
  return apply('Div', [x, y], options);
}

/** `x / y` of floats. */
export function realdiv(x: TensorLike, y: TensorLike, options?: NameOption): Tensor {
  return apply('RealDiv', [x, y], options);
}

/** `x // y`: towards minus infinity. @throws {InvalidArgumentError} `Integer division by zero`, when it runs. */
export function floordiv(x: TensorLike, y: TensorLike, options?: NameOption): Tensor {
  return apply('FloorDiv', [x, y], { name: options?.name ?? 'floordiv' });
}

/** `x % y`, of the sign of `y`. */
export function floormod(x: TensorLike, y: TensorLike, options?: NameOption): Tensor {
  return apply('FloorMod', [x, y], options);
}

/** `x` to the power of `y`. */
export function pow(x: TensorLike, y: TensorLike, options?: NameOption): Tensor {
  return apply('Pow', [x, y], options);
}

export function maximum(x: TensorLike, y: TensorLike, options?: NameOption): Tensor {
  return apply('Maximum', [x, y], options);
}

export function minimum(x: TensorLike, y: TensorLike, options?: NameOption): Tensor {
  return apply('Minimum', [x, y], options);
}

/** `(x - y)^2` */
export function squaredDifference(x: TensorLike, y: TensorLike, options?: NameOption): Tensor {
  return apply('SquaredDifference', [x, y], options);
}

/** The sum of tensors of one shape. @throws {ValueError} when there is none. */
export function addN(inputs: readonly TensorLike[], options?: NameOption): Tensor {
  if (inputs.length === 0) {
    throw new ValueError(
      'inputs must be a list of at least one Tensor/IndexedSlices with the same dtype and shape',
    );
  }
  if (inputs.length === 1 && options?.name === undefined) return convert(inputs[0]!, 'inputs');
  return apply('AddN', [{ list: inputs }], options);
}

export function negative(x: TensorLike, options?: NameOption): Tensor {
  return apply('Neg', [x], options);
}

export function abs(x: TensorLike, options?: NameOption): Tensor {
  return apply('Abs', [x], options);
}

export function sign(x: TensorLike, options?: NameOption): Tensor {
  return apply('Sign', [x], options);
}

export function square(x: TensorLike, options?: NameOption): Tensor {
  return apply('Square', [x], options);
}

export function sqrt(x: TensorLike, options?: NameOption): Tensor {
  return apply('Sqrt', [x], options);
}

/** `1 / sqrt(x)` */
export function rsqrt(x: TensorLike, options?: NameOption): Tensor {
  return apply('Rsqrt', [x], options);
}

/** `1 / x` */
export function reciprocal(x: TensorLike, options?: NameOption): Tensor {
  return apply('Reciprocal', [x], options);
}

export function exp(x: TensorLike, options?: NameOption): Tensor {
  return apply('Exp', [x], options);
}

/** `e^x - 1`, exact near 0. */
export function expm1(x: TensorLike, options?: NameOption): Tensor {
  return apply('Expm1', [x], options);
}

/** The natural logarithm. */
export function log(x: TensorLike, options?: NameOption): Tensor {
  return apply('Log', [x], options);
}

/** `log(1 + x)`, exact near 0. */
export function log1p(x: TensorLike, options?: NameOption): Tensor {
  return apply('Log1p', [x], options);
}

export function sin(x: TensorLike, options?: NameOption): Tensor {
  return apply('Sin', [x], options);
}

export function cos(x: TensorLike, options?: NameOption): Tensor {
  return apply('Cos', [x], options);
}

export function tanh(x: TensorLike, options?: NameOption): Tensor {
  return apply('Tanh', [x], options);
}

/** `1 / (1 + e^-x)` */
export function sigmoid(x: TensorLike, options?: NameOption): Tensor {
  return apply('Sigmoid', [x], options);
}

export function floor(x: TensorLike, options?: NameOption): Tensor {
  return apply('Floor', [x], options);
}

export function ceil(x: TensorLike, options?: NameOption): Tensor {
  return apply('Ceil', [x], options);
}

/** To the nearest integer, halves to the even one. */
export function round(x: TensorLike, options?: NameOption): Tensor {
  return apply('Round', [x], options);
}

export function isNan(x: TensorLike, options?: NameOption): Tensor {
  return apply('IsNan', [x], options);
}

function finite(x: TensorLike, options?: NameOption): Tensor {
  return apply('IsFinite', [x], options);
}

export { finite as isFinite };

/** `x == y`, element by element. */
export function equal(x: TensorLike, y: TensorLike, options?: NameOption): Tensor {
  return apply('Equal', [x, y], options);
}

export function notEqual(x: TensorLike, y: TensorLike, options?: NameOption): Tensor {
  return apply('NotEqual', [x, y], options);
}

export function less(x: TensorLike, y: TensorLike, options?: NameOption): Tensor {
  return apply('Less', [x, y], options);
}

export function lessEqual(x: TensorLike, y: TensorLike, options?: NameOption): Tensor {
  return apply('LessEqual', [x, y], options);
}

export function greater(x: TensorLike, y: TensorLike, options?: NameOption): Tensor {
  return apply('Greater', [x, y], options);
}

export function greaterEqual(x: TensorLike, y: TensorLike, options?: NameOption): Tensor {
  return apply('GreaterEqual', [x, y], options);
}

export function logicalAnd(x: TensorLike, y: TensorLike, options?: NameOption): Tensor {
  return apply('LogicalAnd', [x, y], options);
}

export function logicalOr(x: TensorLike, y: TensorLike, options?: NameOption): Tensor {
  return apply('LogicalOr', [x, y], options);
}

export function logicalNot(x: TensorLike, options?: NameOption): Tensor {
  return apply('LogicalNot', [x], options);
}

/** Either of them, but not both. */
export function logicalXor(x: TensorLike, y: TensorLike, { name }: NameOption = {}): Tensor {
  return logicalAnd(logicalOr(x, y), logicalNot(logicalAnd(x, y)), { name: name ?? 'LogicalXor' });
}

/** Options of {@link matMul}. */
export interface MatMulOptions extends NameOption {
  readonly transposeA?: boolean | undefined;
  readonly transposeB?: boolean | undefined;
}

/**
 * The matrix product of `a` and `b`; with more than two dimensions, of the matrices in the last two.
 * @throws {ValueError} `Dimensions must be equal, but are 3 and 2 for 'MatMul' (op: 'MatMul') with input shapes: ...`
 */
export function matMul(a: TensorLike, b: TensorLike, options: MatMulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false } = options;
  return composite([a, b], options, 'MatMul', (name) => {
    const x = convert(a, 'a');
    const y = convert(b, 'b');
    if ((x.shape?.length ?? 0) > 2 || (y.shape?.length ?? 0) > 2) {
      return apply('BatchMatMulV2', [x, y], { name }, { adj_x: transposeA, adj_y: transposeB });
    }
    return apply('MatMul', [x, y], { name }, { transpose_a: transposeA, transpose_b: transposeB });
  });
}

export { matMul as matmul };

/** `x` in another dtype: floats are truncated towards zero, `true` is 1. The same tensor if it has that dtype. */
export function cast(x: TensorLike, dtype: DTypeLike, options: NameOption = {}): Tensor {
  const to = asDType(dtype);
  return composite([x], options, 'Cast', (name) => {
    const tensor = convert(x, 'x');
    return tensor.dtype.asDatatypeEnum === to.asDatatypeEnum
      ? tensor
      : apply('Cast', [tensor], { name }, { DstT: to });
  });
}

export function toFloat(x: TensorLike, options: NameOption = {}): Tensor {
  return cast(x, float32, { name: options.name ?? 'ToFloat' });
}

export function toDouble(x: TensorLike, options: NameOption = {}): Tensor {
  return cast(x, float64, { name: options.name ?? 'ToDouble' });
}

/** From the dtype that gives way to the one that stays. */
const RANGE_DTYPES = [int32, int64, float32, float64];

/**
 * `start, start + delta, ...` below `limit`; with one number, from 0. Of `dtype`, or of that among int32, int64,
 * float32, float64 which all three have or can be cast to.
 */
export function range(
  start: TensorLike,
  limit?: TensorLike,
  delta: TensorLike = 1,
  options: NameOption & { readonly dtype?: DTypeLike | undefined } = {},
): Tensor {
  const [from, to] = limit === undefined ? [0, start] : [start, limit];
  return composite([from, to, delta], options, 'range', (name) => {
    const { dtype } = options;
    const given = [
      convert(from, 'start', dtype),
      convert(to, 'limit', dtype),
      convert(delta, 'delta', dtype),
    ];
    const rank = Math.max(...given.map((each) => RANGE_DTYPES.indexOf(each.dtype)));
    const common = RANGE_DTYPES[rank] ?? given[0]!.dtype;
    return apply('Range', dtype === undefined ? given.map((each) => cast(each, common)) : given, {
      name,
    });
  });
}
