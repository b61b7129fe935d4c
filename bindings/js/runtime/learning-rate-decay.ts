/** Learning rates that change with the global step: `tf.train.exponential_decay` and its like. */

import { type DType, float32 } from '../core/dtype.js';
import { ValueError } from '../core/errors.js';
import { apply, type NameOption } from './apply.js';
import type { TensorLike } from './arguments.js';
import { nameScope, type Tensor } from './graph.js';
import { castTo, type HyperParameter, hyper } from './optimizer.js';

/** Options of the decays that fall in steps or without. */
export interface DecayOptions extends NameOption {
  /** Fall once every `decaySteps` instead of all the time. Default false. */
  readonly staircase?: boolean | undefined;
}

/** Options of {@link polynomialDecay}. */
export interface PolynomialDecayOptions extends NameOption {
  /** Default 0.0001. */
  readonly endLearningRate?: HyperParameter | undefined;
  /** Default 1: a straight line. */
  readonly power?: HyperParameter | undefined;
  /** Begin again with a longer run after each `decaySteps`. Default false. */
  readonly cycle?: boolean | undefined;
}

function op(type: string, args: readonly TensorLike[], name: string = type): Tensor {
  return apply(type, args, { name });
}

const negative = (x: TensorLike) => op('Neg', [x]);
const times = (x: TensorLike, y: TensorLike, name = 'mul') => op('Mul', [x, y], name);
const over = (x: TensorLike, y: TensorLike, name = 'truediv') => op('RealDiv', [x, y], name);
const plus = (x: TensorLike, y: TensorLike, name = 'add') => op('Add', [x, y], name);
const minus = (x: TensorLike, y: TensorLike, name = 'sub') => op('Sub', [x, y], name);

/** What a schedule computes with: everything in the dtype of the rate. */
interface Terms {
  readonly rate: Tensor;
  readonly step: Tensor;
  readonly number: (value: HyperParameter, name: string) => Tensor;
}

function schedule(
  rate: HyperParameter,
  globalStep: HyperParameter | null | undefined,
  defaultName: string,
  name: string | undefined,
  body: (terms: Terms, scope: string) => Tensor,
): Tensor {
  if (globalStep === null || globalStep === undefined) {
    throw new ValueError(`global_step is required for ${snake(defaultName)}.`);
  }
  return nameScope(name ?? defaultName, (scope) => {
    const initial = hyper(rate, 'learning_rate');
    const number = (value: HyperParameter, as: string): Tensor =>
      castTo(hyper(value, as), initial.dtype);
    return body({ rate: initial, step: number(globalStep, 'global_step'), number }, scope);
  });
}

function snake(name: string): string {
  return name.replace(/(?<=.)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

function periods({ step, number }: Terms, steps: HyperParameter, staircase = false): Tensor {
  const p = over(step, number(steps, 'decay_steps'));
  return staircase ? op('Floor', [p]) : p;
}

/** `learningRate * decayRate ** (globalStep / decaySteps)`: `tf.train.exponential_decay`. */
export function exponentialDecay(
  learningRate: HyperParameter,
  globalStep: HyperParameter,
  decaySteps: HyperParameter,
  decayRate: HyperParameter,
  { staircase, name }: DecayOptions = {},
): Tensor {
  return schedule(learningRate, globalStep, 'ExponentialDecay', name, (terms, scope) => {
    const base = terms.number(decayRate, 'decay_rate');
    return times(terms.rate, op('Pow', [base, periods(terms, decaySteps, staircase)]), scope);
  });
}

/** `learningRate * exp(-decayRate * globalStep / decaySteps)`: `tf.train.natural_exp_decay`. */
export function naturalExpDecay(
  learningRate: HyperParameter,
  globalStep: HyperParameter,
  decaySteps: HyperParameter,
  decayRate: HyperParameter,
  { staircase, name }: DecayOptions = {},
): Tensor {
  return schedule(learningRate, globalStep, 'NaturalExpDecay', name, (terms, scope) => {
    const rate = negative(terms.number(decayRate, 'decay_rate'));
    const p = periods(terms, decaySteps, staircase);
    return times(terms.rate, op('Exp', [times(rate, p)]), scope);
  });
}

/** `learningRate / (1 + decayRate * globalStep / decaySteps)`: `tf.train.inverse_time_decay`. */
export function inverseTimeDecay(
  learningRate: HyperParameter,
  globalStep: HyperParameter,
  decaySteps: HyperParameter,
  decayRate: HyperParameter,
  { staircase, name }: DecayOptions = {},
): Tensor {
  return schedule(learningRate, globalStep, 'InverseTimeDecay', name, (terms, scope) => {
    const rate = terms.number(decayRate, 'decay_rate');
    const p = periods(terms, decaySteps, staircase);
    return over(terms.rate, plus(terms.number(1, 'Const'), times(rate, p)), scope);
  });
}

/**
 * From `learningRate` to `endLearningRate` over `decaySteps`, by
 * `(learningRate - endLearningRate) * (1 - step / decaySteps) ** power + endLearningRate`: `tf.train.polynomial_decay`.
 */
export function polynomialDecay(
  learningRate: HyperParameter,
  globalStep: HyperParameter,
  decaySteps: HyperParameter,
  options: PolynomialDecayOptions = {},
): Tensor {
  const { endLearningRate = 0.0001, power = 1, cycle = false, name } = options;
  return schedule(learningRate, globalStep, 'PolynomialDecay', name, (terms, scope) => {
    const { rate, number } = terms;
    const end = number(endLearningRate, 'end_learning_rate');
    const exponent = number(power, 'power');
    let { step } = terms;
    let steps = number(decaySteps, 'decay_steps');
    if (cycle) {
      // The first run is a whole one, even at step 0.
      const runs = op('Maximum', [number(1, 'Const'), op('Ceil', [over(step, steps)])]);
      steps = times(steps, runs);
    } else {
      step = op('Minimum', [step, steps]);
    }
    const left = minus(number(1, 'Const'), over(step, steps));
    return plus(times(minus(rate, end), op('Pow', [left, exponent])), end, scope);
  });
}

/**
 * Half a cosine from `learningRate` to `alpha * learningRate`: `tf.train.cosine_decay`.
 */
export function cosineDecay(
  learningRate: HyperParameter,
  globalStep: HyperParameter,
  decaySteps: HyperParameter,
  { alpha = 0, name }: NameOption & { readonly alpha?: number | undefined } = {},
): Tensor {
  return schedule(learningRate, globalStep, 'CosineDecay', name, ({ rate, step, number }) => {
    const steps = number(decaySteps, 'decay_steps');
    const completed = over(op('Minimum', [step, steps]), steps);
    const wave = op('Cos', [times(number(Math.PI, 'Const'), completed)]);
    const cosine = times(number(0.5, 'Const'), plus(number(1, 'Const'), wave));
    const decayed = plus(times(number(1 - alpha, 'Const'), cosine), number(alpha, 'Const'));
    return times(rate, decayed);
  });
}

/**
 * `values[0]` while `x <= boundaries[0]`, `values[1]` while `x <= boundaries[1]`, ... and the last one after that:
 * `tf.train.piecewise_constant`.
 * @throws {ValueError} `The length of boundaries should be 1 less than the length of values`
 */
export function piecewiseConstant(
  x: Tensor | { readonly dtype: DType; value(): Tensor },
  boundaries: readonly number[],
  values: readonly number[],
  { name }: NameOption = {},
): Tensor {
  if (boundaries.length !== values.length - 1) {
    throw new ValueError('The length of boundaries should be 1 less than the length of values');
  }
  return nameScope(name ?? 'PiecewiseConstant', (scope) => {
    const step = castTo('value' in x ? x.value() : x, float32);
    let result = hyper(values.at(-1)!, 'values');
    for (let i = boundaries.length - 1; i >= 0; --i) {
      const before = op('LessEqual', [step, hyper(boundaries[i]!, 'boundaries')]);
      const own = i === 0 ? scope : 'Select';
      result = op('Select', [before, hyper(values[i]!, 'values'), result], own);
    }
    return result;
  });
}
