/** What a saver saves: from the `varList` that users give to the engine's list of names and variables. */

import { ValueError } from '../core/errors.js';
import { pythonRepr } from '../core/python-repr.js';
import type { SaverHandle } from './engine-types.js';
import { type Graph, Tensor } from './graph.js';
import { Variable } from './variable.js';

/** A variable, or the slices of one: a list of them, or a partitioned variable. */
export type Saveable = Variable | Iterable<Variable>;

/** Variables under their own names, or a map from the names in the checkpoint to them. */
export type VariableList =
  | Iterable<Saveable>
  | ReadonlyMap<string, Saveable>
  | Readonly<Record<string, Saveable>>;

/** The variables of a saver, checked. */
export class Selection {
  /** Pairs of the name in the checkpoint, undefined for the variables' own names, and what it names. */
  readonly #entries: readonly (readonly [
    key: string | undefined,
    variables: readonly Variable[],
    isList: boolean,
  ])[];

  /**
   * @throws {TypeError} `Variables to save should be passed in a dict or a list: <varList>`, and for what is no
   *   variable.
   */
  constructor(varList: VariableList) {
    if (isMap(varList)) {
      this.#entries = entriesOf(varList).map(([key, value]) => checkedEntry(key, value));
    } else if (isList(varList)) {
      this.#entries = [...varList].flatMap((value) =>
        isList(value)
          ? [...value].map((part) => [undefined, [ofList(part)], false] as const)
          : [[undefined, [ofList(value)], false] as const],
      );
    } else {
      throw new TypeError(`Variables to save should be passed in a dict or a list: ${varList}`);
    }
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** The graph of the variables, if there are any. */
  get graph(): Graph | undefined {
    return this.#entries.flatMap(([, variables]) => variables)[0]?.graph;
  }

  /** The variables by their names in a checkpoint. */
  byName(): Map<string, Saveable> {
    const named = new Map<string, Variable[]>();
    for (const [key, variables] of this.#entries) {
      for (const variable of variables) {
        const name = key ?? variable.saveSliceInfo?.fullName ?? variable.op.name;
        named.set(name, [...(named.get(name) ?? []), variable]);
      }
    }
    return new Map(
      [...named].map(([name, variables]) => {
        const [only] = variables;
        return [name, only!.saveSliceInfo === undefined ? only! : variables];
      }),
    );
  }

  /** Names the variables to `handle`. */
  addTo(handle: SaverHandle): void {
    for (const [key, variables, isSlices] of this.#entries) {
      if (key !== undefined) handle.addKey(key, isSlices);
      for (const variable of variables) handle.addVariable(variable.op.id);
    }
  }
}

function isList(value: unknown): value is Iterable<Variable> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Symbol.iterator in value &&
    !(value instanceof Variable) &&
    !(value instanceof Tensor)
  );
}

function isMap(value: unknown): value is ReadonlyMap<string, Saveable> | Record<string, Saveable> {
  if (value instanceof Map) return true;
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function entriesOf(
  map: ReadonlyMap<string, Saveable> | Record<string, Saveable>,
): [string, Saveable][] {
  return map instanceof Map ? [...map] : Object.entries(map);
}

function checkedEntry(key: string, value: Saveable) {
  if (typeof key !== 'string') {
    throw new TypeError(
      'names_to_saveables must be a dict mapping string names to trackable operations. ' +
        `Name is not a string: ${pythonRepr(key)}`,
    );
  }
  if (isList(value)) {
    const slices = [...value];
    for (const slice of slices) {
      if (!(slice instanceof Variable)) {
        throw new ValueError(`Slices must all be Variables: ${slice}`);
      }
    }
    return [key, slices, true] as const;
  }
  const variable = variableOf(value);
  if (variable !== undefined) return [key, [variable], false] as const;
  throw new TypeError(
    'names_to_saveables must be a dict mapping string names to Tensors/Variables. ' +
      `Not a variable: ${value}`,
  );
}

function ofList(value: unknown): Variable {
  const variable = variableOf(value);
  if (variable !== undefined) return variable;
  throw new TypeError(`Variable to save is not a Variable: ${value}`);
}

// A tensor that is a variable's ref stands for the variable.
function variableOf(value: unknown): Variable | undefined {
  if (value instanceof Variable) return value;
  if (!(value instanceof Tensor)) return undefined;
  const { graph, op } = value;
  return graph.handle.describeVariable(op.id) === '' ? undefined : graph.variable(op.id);
}
