/** The optimizers of `tf.train`. Slots and update operations are TensorFlow's, by name and by arithmetic. */

import { ValueError } from '../core/errors.js';
import type { TensorLike } from './arguments.js';
import { colocateWith } from './colocation.js';
import { controlDependencies } from './control-flow.js';
import type { Operation, Tensor } from './graph.js';
import { onesInitializer } from './initializers.js';
import { constantInitializer } from './more-initializers.js';
import { constant } from './ops.js';
import {
  groupNamed,
  type HyperParameter,
  hyper,
  Optimizer,
  type OptimizerOptions,
} from './optimizer.js';
import { rateAndOptions, type WithLearningRate } from './optimizer-options.js';
import type { Variable } from './variable.js';

type Update = readonly [op: string, inputs: readonly TensorLike[], attrs?: Record<string, boolean>];

/** `variable -= learningRate * gradient`: `tf.train.GradientDescentOptimizer`. */
export class GradientDescentOptimizer extends Optimizer {
  readonly #learningRate: HyperParameter;

  constructor(
    learningRate: HyperParameter | WithLearningRate<OptimizerOptions>,
    more: OptimizerOptions = {},
  ) {
    const [rate, options] = rateAndOptions(learningRate, more);
    super(options.name ?? 'GradientDescent', options.useLocking);
    this.#learningRate = rate;
  }

  protected prepare(): readonly Tensor[] {
    return [hyper(this.#learningRate, 'learning_rate')];
  }

  protected update(gradient: Tensor, variable: Variable, numbers: readonly Tensor[]): Update {
    return ['ApplyGradientDescent', [variable, ...numbers, gradient]];
  }
}

/** Options of {@link MomentumOptimizer}. */
export interface MomentumOptions extends OptimizerOptions {
  /** Where it is not an argument of its own. */
  readonly momentum?: HyperParameter | undefined;
  /** Default false. */
  readonly useNesterov?: boolean | undefined;
}

/** Gradients with momentum, Nesterov's on demand: `tf.train.MomentumOptimizer`. */
export class MomentumOptimizer extends Optimizer {
  readonly #learningRate: HyperParameter;
  readonly #momentum: HyperParameter;
  readonly #nesterov: boolean;

  constructor(learningRate: HyperParameter, momentum: HyperParameter, options?: MomentumOptions);
  constructor(options: WithLearningRate<MomentumOptions>);
  constructor(
    learningRate: HyperParameter | WithLearningRate<MomentumOptions>,
    momentum?: HyperParameter,
    more: MomentumOptions = {},
  ) {
    const [rate, options] = rateAndOptions(learningRate, more);
    super(options.name ?? 'Momentum', options.useLocking);
    const factor = momentum ?? options.momentum;
    if (factor === undefined) {
      throw new TypeError("__init__() missing 1 required positional argument: 'momentum'");
    }
    this.#learningRate = rate;
    this.#momentum = factor;
    this.#nesterov = options.useNesterov ?? false;
  }

  protected override createSlots(variables: readonly Variable[]): void {
    for (const variable of variables) this.makeSlot(variable, 'momentum');
  }

  protected prepare(): readonly Tensor[] {
    return [hyper(this.#learningRate, 'learning_rate'), hyper(this.#momentum, 'momentum')];
  }

  protected update(
    gradient: Tensor,
    variable: Variable,
    [rate, momentum]: readonly Tensor[],
  ): Update {
    const slot = this.slot(variable, 'momentum');
    return [
      'ApplyMomentum',
      [variable, slot, rate!, gradient, momentum!],
      { use_nesterov: this.#nesterov },
    ];
  }
}

/** Options of {@link AdamOptimizer}. */
export interface AdamOptions extends OptimizerOptions {
  /** Default 0.9. */
  readonly beta1?: HyperParameter | undefined;
  /** Default 0.999. */
  readonly beta2?: HyperParameter | undefined;
  /** Default 1e-8. */
  readonly epsilon?: HyperParameter | undefined;
}

/**
 * Adaptive moments: `tf.train.AdamOptimizer`. Keeps `beta1_power` and `beta2_power`, and of each variable the slots
 * `m` (`<variable>/Adam`) and `v` (`<variable>/Adam_1`).
 */
export class AdamOptimizer extends Optimizer {
  readonly #learningRate: HyperParameter;
  readonly #beta1: HyperParameter;
  readonly #beta2: HyperParameter;
  readonly #epsilon: HyperParameter;

  constructor(
    learningRate?: HyperParameter | WithLearningRate<AdamOptions>,
    more: AdamOptions = {},
  ) {
    const [rate, options] = rateAndOptions(learningRate, more, 0.001);
    super(options.name ?? 'Adam', options.useLocking);
    this.#learningRate = rate;
    this.#beta1 = options.beta1 ?? 0.9;
    this.#beta2 = options.beta2 ?? 0.999;
    this.#epsilon = options.epsilon ?? 1e-8;
  }

  protected override createSlots(variables: readonly Variable[]): void {
    const first = variables.reduce((a, b) => (b.name < a.name ? b : a));
    this.makeOther('beta1_power', this.#beta1, first);
    this.makeOther('beta2_power', this.#beta2, first);
    for (const variable of variables) {
      this.makeSlot(variable, 'm');
      this.makeSlot(variable, 'v');
    }
  }

  protected prepare(): readonly Tensor[] {
    const rate = hyper(this.#learningRate, 'learning_rate');
    const beta1 = hyper(this.#beta1, 'beta1');
    const beta2 = hyper(this.#beta2, 'beta2');
    const epsilon = hyper(this.#epsilon, 'epsilon');
    const powers = ['beta1_power', 'beta2_power'].map((name) => this.other(name).value());
    return [...powers, rate, beta1, beta2, epsilon];
  }

  protected update(gradient: Tensor, variable: Variable, numbers: readonly Tensor[]): Update {
    const slots = [this.slot(variable, 'm'), this.slot(variable, 'v')];
    return ['ApplyAdam', [variable, ...slots, ...numbers, gradient]];
  }

  protected override finish(
    updates: readonly Operation[],
    name: string,
    [, , , beta1, beta2]: readonly Tensor[],
  ): Operation {
    const [power1, power2] = [this.other('beta1_power'), this.other('beta2_power')];
    const options = { useLocking: this.useLocking };
    const after = controlDependencies(updates, () =>
      colocateWith(power1, () => [
        power1.assign(power1.mul(beta1!), options).op,
        power2.assign(power2.mul(beta2!), options).op,
      ]),
    );
    return groupNamed([...updates, ...after], name);
  }
}

/** Options of {@link AdagradOptimizer}. */
export interface AdagradOptions extends OptimizerOptions {
  /** Above 0. Default 0.1. */
  readonly initialAccumulatorValue?: number | undefined;
}

/** Rates that fall with the sum of squared gradients: `tf.train.AdagradOptimizer`. */
export class AdagradOptimizer extends Optimizer {
  readonly #learningRate: HyperParameter;
  readonly #initial: number;

  /** @throws {ValueError} `initial_accumulator_value must be positive: 0` */
  constructor(
    learningRate: HyperParameter | WithLearningRate<AdagradOptions>,
    more: AdagradOptions = {},
  ) {
    const [rate, options] = rateAndOptions(learningRate, more);
    const initial = options.initialAccumulatorValue ?? 0.1;
    if (!(initial > 0)) {
      throw new ValueError(`initial_accumulator_value must be positive: ${initial}`);
    }
    super(options.name ?? 'Adagrad', options.useLocking);
    this.#learningRate = rate;
    this.#initial = initial;
  }

  protected override createSlots(variables: readonly Variable[]): void {
    const initializer = constantInitializer(this.#initial);
    for (const variable of variables) this.makeSlot(variable, 'accumulator', initializer);
  }

  protected prepare(): readonly Tensor[] {
    return [hyper(this.#learningRate, 'learning_rate')];
  }

  protected update(gradient: Tensor, variable: Variable, numbers: readonly Tensor[]): Update {
    return ['ApplyAdagrad', [variable, this.slot(variable, 'accumulator'), ...numbers, gradient]];
  }
}

/** Options of {@link AdadeltaOptimizer}. */
export interface AdadeltaOptions extends OptimizerOptions {
  /** Default 0.95. */
  readonly rho?: HyperParameter | undefined;
  /** Default 1e-8. */
  readonly epsilon?: HyperParameter | undefined;
}

/** Steps as large as recent ones were: `tf.train.AdadeltaOptimizer`. */
export class AdadeltaOptimizer extends Optimizer {
  readonly #learningRate: HyperParameter;
  readonly #options: AdadeltaOptions;

  constructor(
    learningRate?: HyperParameter | WithLearningRate<AdadeltaOptions>,
    more: AdadeltaOptions = {},
  ) {
    const [rate, options] = rateAndOptions(learningRate, more, 0.001);
    super(options.name ?? 'Adadelta', options.useLocking);
    this.#learningRate = rate;
    this.#options = options;
  }

  protected override createSlots(variables: readonly Variable[]): void {
    for (const variable of variables) {
      this.makeSlot(variable, 'accum');
      this.makeSlot(variable, 'accum_update');
    }
  }

  protected prepare(): readonly Tensor[] {
    return [
      hyper(this.#learningRate, 'lr'),
      hyper(this.#options.rho ?? 0.95, 'rho'),
      hyper(this.#options.epsilon ?? 1e-8, 'epsilon'),
    ];
  }

  protected update(gradient: Tensor, variable: Variable, numbers: readonly Tensor[]): Update {
    const slots = [this.slot(variable, 'accum'), this.slot(variable, 'accum_update')];
    return ['ApplyAdadelta', [variable, ...slots, ...numbers, gradient]];
  }
}

/** Options of {@link RMSPropOptimizer}. */
export interface RMSPropOptions extends OptimizerOptions {
  /** Default 0.9. */
  readonly decay?: HyperParameter | undefined;
  /** Default 0. */
  readonly momentum?: HyperParameter | undefined;
  /** Default 1e-10. */
  readonly epsilon?: HyperParameter | undefined;
  /** Divide by an estimate of the variance instead of the mean square. Default false. */
  readonly centered?: boolean | undefined;
}

/** Gradients over the root of their recent mean square: `tf.train.RMSPropOptimizer`. */
export class RMSPropOptimizer extends Optimizer {
  readonly #learningRate: HyperParameter;
  readonly #options: RMSPropOptions;

  constructor(
    learningRate: HyperParameter | WithLearningRate<RMSPropOptions>,
    more: RMSPropOptions = {},
  ) {
    const [rate, options] = rateAndOptions(learningRate, more);
    super(options.name ?? 'RMSProp', options.useLocking);
    this.#learningRate = rate;
    this.#options = options;
  }

  protected override createSlots(variables: readonly Variable[]): void {
    for (const variable of variables) {
      this.makeSlot(variable, 'rms', onesInitializer());
      if (this.#options.centered) this.makeSlot(variable, 'mg');
      this.makeSlot(variable, 'momentum');
    }
  }

  protected prepare(): readonly Tensor[] {
    const { decay, momentum, epsilon } = this.#options;
    return [
      hyper(this.#learningRate, 'learning_rate'),
      hyper(decay ?? 0.9, 'decay'),
      hyper(momentum ?? 0, 'momentum'),
      hyper(epsilon ?? 1e-10, 'epsilon'),
    ];
  }

  protected update(gradient: Tensor, variable: Variable, numbers: readonly Tensor[]): Update {
    const names = this.#options.centered ? ['mg', 'rms', 'momentum'] : ['rms', 'momentum'];
    const slots = names.map((name) => this.slot(variable, name));
    const op = this.#options.centered ? 'ApplyCenteredRMSProp' : 'ApplyRMSProp';
    return [op, [variable, ...slots, ...numbers, gradient]];
  }
}

/** Options of {@link FtrlOptimizer}. */
export interface FtrlOptions extends OptimizerOptions {
  /** At most 0. Default -0.5. */
  readonly learningRatePower?: number | undefined;
  /** Default 0.1. */
  readonly initialAccumulatorValue?: number | undefined;
  readonly l1RegularizationStrength?: number | undefined;
  readonly l2RegularizationStrength?: number | undefined;
  readonly l2ShrinkageRegularizationStrength?: number | undefined;
}

/** Follow the regularised leader: `tf.train.FtrlOptimizer`. */
export class FtrlOptimizer extends Optimizer {
  readonly #learningRate: HyperParameter;
  readonly #power: number;
  readonly #initial: number;
  readonly #strengths: readonly [l1: number, l2: number, shrinkage: number];

  /** @throws {ValueError} `initial_accumulator_value -1.000000 needs to be positive or zero`, and the like. */
  constructor(
    learningRate: HyperParameter | WithLearningRate<FtrlOptions>,
    more: FtrlOptions = {},
  ) {
    const [rate, options] = rateAndOptions(learningRate, more);
    super(options.name ?? 'Ftrl', options.useLocking);
    this.#learningRate = rate;
    this.#power = options.learningRatePower ?? -0.5;
    this.#initial = options.initialAccumulatorValue ?? 0.1;
    this.#strengths = [
      options.l1RegularizationStrength ?? 0,
      options.l2RegularizationStrength ?? 0,
      options.l2ShrinkageRegularizationStrength ?? 0,
    ];
    requireSign('initial_accumulator_value', this.#initial, 'positive');
    requireSign('learning_rate_power', this.#power, 'negative');
    ['l1_', 'l2_', 'l2_shrinkage_'].forEach((kind, i) => {
      requireSign(`${kind}regularization_strength`, this.#strengths[i]!, 'positive');
    });
  }

  protected override createSlots(variables: readonly Variable[]): void {
    for (const variable of variables) {
      colocateWith(variable, () => {
        const initial = constant(this.#initial, {
          dtype: variable.dtype,
          shape: variable.shape as readonly number[],
        });
        this.makeSlot(variable, 'accum', initial);
        this.makeSlot(variable, 'linear');
      });
    }
  }

  protected prepare(): readonly Tensor[] {
    const [l1, l2, shrinkage] = this.#strengths;
    return [
      hyper(this.#learningRate, 'learning_rate'),
      hyper(l1, 'l1_regularization_strength'),
      hyper(l2, 'l2_regularization_strength'),
      hyper(shrinkage, 'l2_shrinkage_regularization_strength'),
      hyper(this.#power, 'learning_rate_power'),
    ];
  }

  protected update(gradient: Tensor, variable: Variable, numbers: readonly Tensor[]): Update {
    const state = [variable, this.slot(variable, 'accum'), this.slot(variable, 'linear')];
    if (this.#strengths[2] > 0) return ['ApplyFtrlV2', [...state, gradient, ...numbers]];
    const [rate, l1, l2, , power] = numbers;
    return ['ApplyFtrl', [...state, gradient, rate!, l1!, l2!, power!]];
  }
}

function requireSign(name: string, value: number, sign: 'positive' | 'negative'): void {
  if (sign === 'positive' ? value >= 0 : value <= 0) return;
  throw new ValueError(`${name} ${value.toFixed(6)} needs to be ${sign} or zero`);
}
