/** What all optimizers have in common: gradients, slots, and the names of the update operations. */

import { ndarray } from '../core/array-like.js';
import { type DType, float32 } from '../core/dtype.js';
import { ValueError } from '../core/errors.js';
import { apply, type NameOption } from './apply.js';
import { callForOperation, type TensorLike } from './arguments.js';
import { GraphKeys } from './collections.js';
import { colocateWith } from './colocation.js';
import { controlDependencies } from './control-flow.js';
import { gradients, IndexedSlices } from './gradients.js';
import { nameScope, type Operation, type Tensor } from './graph.js';
import { type Initializer, zerosInitializer } from './initializers.js';
import { type ControlInput, nodeOf } from './nodes.js';
import { constant } from './ops.js';
import { createSlot } from './slots.js';
import { trainableVariables, Variable } from './variable.js';

/** Options of every optimizer. */
export interface OptimizerOptions extends NameOption {
  readonly useLocking?: boolean | undefined;
}

/** A gradient and the variable it is of; `null` where the loss does not depend on it. */
export type GradientAndVariable = readonly [
  gradient: Tensor | IndexedSlices | null,
  variable: Variable,
];

/** Options of {@link Optimizer.computeGradients}. */
export interface ComputeGradientsOptions {
  /** Default: the trainable variables. */
  readonly varList?: readonly Variable[] | undefined;
  readonly gradLoss?: Tensor | undefined;
  readonly colocateGradientsWithOps?: boolean | undefined;
}

/** Options of {@link Optimizer.applyGradients}. */
export interface ApplyGradientsOptions extends NameOption {
  /** Is increased by one after the update. */
  readonly globalStep?: Variable | undefined;
}

/** Options of {@link Optimizer.minimize}. */
export interface MinimizeOptions extends ComputeGradientsOptions, ApplyGradientsOptions {}

/** A hyper-parameter: a number, or a tensor that may change from step to step. */
export type HyperParameter = number | Tensor | Variable;

/** The base of all optimizers: `tf.train.Optimizer`. */
export abstract class Optimizer {
  readonly #name: string;
  readonly #useLocking: boolean;
  readonly #slots = new Map<string, Map<Variable, Variable>>();
  readonly #others = new Map<string, Variable>();

  constructor(name: string, useLocking = false) {
    if (name === '') throw new ValueError('Must specify the optimizer name');
    this.#name = name;
    this.#useLocking = useLocking;
  }

  getName(): string {
    return this.#name;
  }

  /**
   * An operation that computes the gradients of `loss` and applies them.
   * @throws {ValueError} `No variables to optimize.`
   * @throws {ValueError} `No gradients provided for any variable, check your graph for ops that do not support ...`
   */
  minimize(loss: Tensor, options: MinimizeOptions = {}): Operation {
    const pairs = this.computeGradients(loss, options);
    if (pairs.every(([gradient]) => gradient === null)) {
      throw new ValueError(
        'No gradients provided for any variable, check your graph for ops that do not support gradients, between ' +
          `variables [${pairs.map(([, variable]) => `"${variable}"`).join(', ')}] and loss ${loss}.`,
      );
    }
    return this.applyGradients(pairs, options);
  }

  /** The gradient of `loss` by each variable. */
  computeGradients(loss: Tensor, options: ComputeGradientsOptions = {}): GradientAndVariable[] {
    requireReal([loss]);
    const variables = options.varList ?? trainableVariables();
    if (variables.length === 0) throw new ValueError('No variables to optimize.');
    const found = gradients(loss, variables, {
      gateGradients: true,
      gradYs: options.gradLoss,
      colocateGradientsWithOps: options.colocateGradientsWithOps,
    });
    const pairs = variables.map((variable, i) => [found[i] ?? null, variable] as const);
    requireReal(pairs.filter(([gradient]) => gradient !== null).map(([, variable]) => variable));
    return pairs;
  }

  /**
   * An operation that changes each variable by its gradient, and increases `globalStep` afterwards.
   * @throws {ValueError} `No variables provided.`
   * @throws {ValueError} `No gradients provided for any variable: <variables>.`
   */
  applyGradients(
    pairs: readonly GradientAndVariable[],
    { globalStep, name }: ApplyGradientsOptions = {},
  ): Operation {
    if (pairs.length === 0) throw new ValueError('No variables provided.');
    const used = pairs.filter((pair): pair is readonly [Tensor | IndexedSlices, Variable] => {
      return pair[0] !== null;
    });
    if (used.length === 0) {
      const names = pairs.map(([, variable]) => `"${variable}"`).join(', ');
      throw new ValueError(`No gradients provided for any variable: [${names}].`);
    }
    const variables = used.map(([, variable]) => variable);
    const graph = variables[0]!.graph;
    return graph.asDefault(() => {
      controlDependencies(null, () => this.createSlots(variables));
      const train = nameScope(name ?? this.#name, (scope) => {
        const numbers = this.prepare();
        const updates = used.map(([gradient, variable]) =>
          nameScope(`update_${variable.op.name}`, () =>
            colocateWith(variable, () => this.#update(gradient, variable, numbers)),
          ),
        );
        if (globalStep === undefined) return this.finish(updates, scope, numbers);
        return controlDependencies([this.finish(updates, 'update', numbers)], () =>
          colocateWith(globalStep, () => globalStep.assignAdd(1, { name: scope }).op),
        );
      });
      graph.addToCollection(GraphKeys.TRAIN_OP, train);
      return train;
    });
  }

  /** The slot `name` of `variable`, null before it is made. */
  getSlot(variable: Variable, name: string): Variable | null {
    return this.#slots.get(name)?.get(variable) ?? null;
  }

  /** The names of the slots, sorted. */
  getSlotNames(): string[] {
    return [...this.#slots.keys()].sort();
  }

  /** All variables of the optimizer, by name. */
  variables(): Variable[] {
    const slots = [...this.#slots.values()].flatMap((slot) => [...slot.values()]);
    return [...this.#others.values(), ...slots].sort((a, b) =>
      a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
    );
  }

  /** Makes the slots of `variables`, and what else the optimizer keeps. */
  protected createSlots(_variables: readonly Variable[]): void {}

  /** The hyper-parameters as tensors, in the order of the update operation's inputs. */
  protected abstract prepare(): readonly Tensor[];

  /** The update operation, and its inputs in order; `numbers` have the variable's dtype. */
  protected abstract update(
    gradient: Tensor,
    variable: Variable,
    numbers: readonly Tensor[],
  ): readonly [op: string, inputs: readonly TensorLike[], attrs?: Record<string, boolean>];

  /** What is done when all variables are updated. */
  protected finish(
    updates: readonly Operation[],
    name: string,
    _numbers: readonly Tensor[],
  ): Operation {
    return groupNamed(updates, name);
  }

  protected get useLocking(): boolean {
    return this.#useLocking;
  }

  /** Makes the slot `name` of `variable` unless it exists. */
  protected makeSlot(
    variable: Variable,
    name: string,
    initializer: Initializer | TensorLike = zerosInitializer(),
  ): Variable {
    const slots = this.#slots.get(name) ?? new Map<Variable, Variable>();
    this.#slots.set(name, slots);
    const slot = slots.get(variable) ?? createSlot(variable, initializer, this.#name);
    slots.set(variable, slot);
    return slot;
  }

  protected slot(variable: Variable, name: string): Variable {
    return this.#slots.get(name)!.get(variable)!;
  }

  /** Makes the variable `name`, which belongs to no single variable, beside `neighbour`. */
  protected makeOther(name: string, value: HyperParameter, neighbour: Variable): Variable {
    let variable = this.#others.get(name);
    if (variable === undefined || variable.graph !== neighbour.graph) {
      variable = colocateWith(
        neighbour,
        () =>
          new Variable(typeof value === 'number' ? ndarray(value, undefined, float32) : value, {
            name,
            trainable: false,
          }),
      );
      this.#others.set(name, variable);
    }
    return variable;
  }

  protected other(name: string): Variable {
    return this.#others.get(name)!;
  }

  #update(
    gradient: Tensor | IndexedSlices,
    variable: Variable,
    numbers: readonly Tensor[],
  ): Operation {
    const dense = gradient instanceof IndexedSlices ? denseOf(gradient) : gradient;
    const cast = numbers.map((number) => castTo(number, variable.dtype));
    const [op, inputs, attrs] = this.update(dense, variable, cast);
    return callForOperation(inputs, (call) => {
      call.setAttrBool('use_locking', this.#useLocking);
      for (const [key, value] of Object.entries(attrs ?? {})) call.setAttrBool(key, value);
      return call.apply(op);
    });
  }
}

/** A hyper-parameter as a tensor; numbers are float32, as a Python float is. @internal */
export function hyper(value: HyperParameter, name: string): Tensor {
  if (typeof value === 'number') return constant(value, { dtype: float32, name });
  return value instanceof Variable ? value.value() : value;
}

/** `tf.cast` where it is needed. @internal */
export function castTo(tensor: Tensor, dtype: DType): Tensor {
  if (tensor.dtype === dtype) return tensor;
  return apply('Cast', [tensor], {}, { DstT: dtype });
}

/** `tf.group(*inputs, name=name)`. @internal */
export function groupNamed(inputs: readonly ControlInput[], name: string): Operation {
  return callForOperation([], (call) => {
    call.setName(name);
    for (const input of inputs) call.addNode(nodeOf(input));
    return call.group();
  });
}

// Rows with one index are added up.
function denseOf({ values, indices, denseShape }: IndexedSlices): Tensor {
  const rows = apply('StridedSlice', [denseShape!, [0], [1], [1]], {}, { shrink_axis_mask: 1 });
  return apply('UnsortedSegmentSum', [values, indices, rows]);
}

const REAL = ['float16', 'bfloat16', 'float32', 'float64'];

function requireReal(values: readonly (Tensor | Variable)[]): void {
  for (const value of values) {
    if (REAL.includes(value.dtype.name)) continue;
    throw new ValueError(
      `Invalid type tf.${value.dtype.name} for ${value.name}, expected: [tf.float16, tf.bfloat16, tf.float32, tf.float64].`,
    );
  }
}
