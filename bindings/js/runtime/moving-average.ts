/** Moving averages of variables: `tf.train.ExponentialMovingAverage`. */

import { ndarray } from '../core/array-like.js';
import type { DType } from '../core/dtype.js';
import { float32 } from '../core/dtype.js';
import type { NDArray } from '../core/ndarray.js';
import { apply } from './apply.js';
import type { TensorLike } from './arguments.js';
import { GraphKeys } from './collections.js';
import { colocateWith } from './colocation.js';
import { controlDependencies } from './control-flow.js';
import { getDefaultGraph, nameScope, type Operation, type Tensor } from './graph.js';
import { zerosInitializer } from './initializers.js';
import { castTo, groupNamed, hyper } from './optimizer.js';
import { createSlot } from './slots.js';
import {
  assignAdd,
  assignSub,
  globalVariables,
  movingAverageVariables,
  trainableVariables,
  Variable,
} from './variable.js';
import { getVariable, variableScope } from './variable-scope.js';

/** Options of {@link ExponentialMovingAverage}. */
export interface MovingAverageOptions {
  /** The number of updates so far: averages of few updates follow faster. */
  readonly numUpdates?: number | Tensor | Variable | undefined;
  /** Averages of tensors, which begin as zeros, are corrected for that. Default false. */
  readonly zeroDebias?: boolean | undefined;
  /** Default `'ExponentialMovingAverage'`. */
  readonly name?: string | undefined;
}

/**
 * Averages that follow variables: `average -= (1 - decay) * (average - variable)`. The average of `w` is the variable
 * `w/ExponentialMovingAverage`, and begins as `w` does.
 *
 * @example
 * const ema = new tf.train.ExponentialMovingAverage(0.999);
 * const update = ema.apply(tf.trainableVariables());
 * const saver = new tf.train.Saver(ema.variablesToRestore()); // averages into the variables
 */
export class ExponentialMovingAverage {
  readonly #decay: number | Tensor;
  readonly #numUpdates: number | Tensor | Variable | undefined;
  readonly #zeroDebias: boolean;
  readonly #name: string;
  readonly #averages = new Map<Variable | Tensor, Variable>();

  constructor(decay: number | Tensor, options: MovingAverageOptions = {}) {
    this.#decay = decay;
    this.#numUpdates = options.numUpdates;
    this.#zeroDebias = options.zeroDebias ?? false;
    this.#name = options.name ?? 'ExponentialMovingAverage';
  }

  /** What the averages' names end with. */
  get name(): string {
    return this.#name;
  }

  /**
   * An operation that moves the averages of `variables`, by default the trainable ones. Tensors' begin as zeros.
   * @throws {TypeError} `The variables must be half, float, or double: global_step:0`
   */
  apply(variables: readonly (Variable | Tensor)[] = trainableVariables()): Operation {
    const fromZero = new Set<Variable | Tensor>();
    for (const variable of variables) {
      if (variable.dtype.kind !== 'float') {
        throw new TypeError(`The variables must be half, float, or double: ${variable.name}`);
      }
      if (this.#averages.has(variable)) continue;
      this.#averages.set(variable, this.#make(variable));
      if (this.#zeroDebias && !(variable instanceof Variable)) fromZero.add(variable);
    }
    return nameScope(this.#name, (scope) => {
      const decay = this.#currentDecay();
      const updates = variables.map((variable) =>
        moveAverage(this.#averages.get(variable)!, variable, decay, fromZero.has(variable)),
      );
      return groupNamed(updates, scope);
    });
  }

  /** The variable that is the average of `variable`; null before {@link apply}. */
  average(variable: Variable | Tensor): Variable | null {
    return this.#averages.get(variable) ?? null;
  }

  /** The name of the average's operation, which is its name in a checkpoint. */
  averageName(variable: Variable | Tensor): string {
    return this.#averages.get(variable)?.op.name ?? `${variable.op.name}/${this.#name}`;
  }

  /**
   * For a `Saver` that loads the averages into the variables they are of, and everything else as it is. `variables`
   * are those that have averages: by default the trainable ones and `moving_average_variables`.
   */
  variablesToRestore(
    variables: readonly Variable[] = [...trainableVariables(), ...movingAverageVariables()],
  ): Record<string, Variable> {
    const names = new Map<string, Variable>();
    for (const variable of variables) names.set(this.averageName(variable), variable);
    const averaged = new Set(variables);
    for (const variable of globalVariables()) {
      const { name } = variable.op;
      if (!averaged.has(variable) && !names.has(name)) names.set(name, variable);
    }
    return Object.fromEntries(names);
  }

  #make(variable: Variable | Tensor): Variable {
    return controlDependencies(null, () => {
      if (!(variable instanceof Variable)) {
        return createSlot(variable, zerosInitializer(), this.#name);
      }
      const average = createSlot(variable, variable.initialValue, this.#name);
      const graph = getDefaultGraph();
      const key = GraphKeys.MOVING_AVERAGE_VARIABLES;
      if (!graph.getCollection(key).includes(variable)) graph.addToCollection(key, variable);
      return average;
    });
  }

  #currentDecay(): Tensor {
    const decay = hyper(this.#decay, 'decay');
    if (this.#numUpdates === undefined) return decay;
    const updates = castTo(hyper(this.#numUpdates, 'num_updates'), float32);
    const fraction = op(
      'RealDiv',
      [op('Add', [number(1), updates], 'add'), op('Add', [number(10), updates], 'add')],
      'truediv',
    );
    return op('Minimum', [decay, fraction], 'Minimum');
  }
}

// moving_averages.assign_moving_average.
function moveAverage(
  average: Variable,
  value: Variable | Tensor,
  decay: Tensor,
  fromZero: boolean,
): Tensor {
  return nameScope('AssignMovingAvg', (scope) =>
    colocateWith(average, () => {
      const rate = castTo(op('Sub', [number(1, decay.dtype), decay], 'sub'), average.dtype);
      if (fromZero) return assignSub(average, debiased(average, value, rate), { name: scope });
      const difference = op('Sub', [average, value], 'sub');
      return assignSub(average, op('Mul', [difference, rate], 'mul'), { name: scope });
    }),
  );
}

// moving_averages._zero_debias: what the average is away from that of the values alone. The average that begins as
// zeros, and the number of its steps, are variables of their own.
function debiased(average: Variable, value: Variable | Tensor, rate: Tensor): Tensor {
  const { dtype, shape } = average;
  const own = { dtype, initializer: zerosInitializer(), trainable: false };
  return variableScope(average.op.name, (scope) => {
    const biased = getVariable('biased', shape!, own);
    const steps = getVariable('local_step', [], own);
    const difference = op('Sub', [biased, value], 'sub');
    const name = scope.originalNameScope;
    const updates = [
      assignSub(biased, op('Mul', [difference, rate], 'mul'), { name }),
      assignAdd(steps, number(1, dtype)),
    ];
    return controlDependencies(updates, () => {
      const left = op('Sub', [number(1, dtype), rate], 'sub');
      const part = op('Pow', [left, steps.readValue()], 'Pow');
      const seen = op('Sub', [number(1, dtype), part], 'sub');
      return op('Sub', [average, op('RealDiv', [biased.readValue(), seen], 'truediv')], 'sub');
    });
  });
}

function number(value: number, dtype: DType = float32): NDArray {
  return ndarray(value, [], dtype);
}

function op(type: string, args: readonly TensorLike[], name: string): Tensor {
  return apply(type, args, { name });
}
