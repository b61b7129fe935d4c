/** Values of checkpoints on their way into the variables of a session. */

import type { BundleReader } from '../core/bundle-reader.js';
import type { DType } from '../core/dtype.js';
import { InvalidArgumentError } from '../core/errors.js';
import type { NDArray } from '../core/ndarray.js';
import type { OperationOptions } from '../core/types.js';
import type { Tensor } from './graph.js';
import type { KeyedVariable } from './object-view.js';
import type { Session } from './session.js';
import type { Variable } from './variable.js';

/**
 * Sets `variables` in `session` to what `reader` has under their keys. All values are read and checked before the first
 * variable changes.
 * @throws {NotFoundError} `Key v/.ATTRIBUTES/VARIABLE_VALUE not found in checkpoint`
 * @throws {InvalidArgumentError} when a variable has another dtype or shape there.
 */
export async function assignFromBundle(
  session: Session,
  variables: readonly KeyedVariable[],
  reader: BundleReader,
  options: OperationOptions,
): Promise<void> {
  for (const { key, variable } of variables) check(variable, key, reader);
  const values: [Variable, NDArray][] = [];
  let done = 0;
  for (const { key, variable } of variables) {
    values.push([variable, await reader.lookup(key, { signal: options.signal })]);
    options.onProgress?.({ done: ++done, total: variables.length, phase: 'tensors' });
  }
  options.signal?.throwIfAborted();
  assign(session, values);
}

// C++ names for the types that Python calls otherwise.
const CPP_NAMES: Readonly<Record<string, string>> = {
  float16: 'half',
  float32: 'float',
  float64: 'double',
};

function cppName({ name }: DType): string {
  return CPP_NAMES[name] ?? name;
}

// The words of RestoreV2 and Assign.
function check(variable: Variable, key: string, reader: BundleReader): void {
  const { dtype, shape } = reader.entry(key);
  if (dtype !== variable.dtype) {
    throw new InvalidArgumentError(
      `tensor_name = ${key}; expected dtype ${cppName(variable.dtype)} does not equal original dtype ` +
        cppName(dtype),
    );
  }
  const own = variable.shape;
  if (own?.length !== shape.length || own.some((dim, i) => dim !== null && dim !== shape[i])) {
    if (own === undefined) return;
    throw new InvalidArgumentError(
      `Assign requires shapes of both tensors to match. lhs shape= [${own.map((dim) => dim ?? '?')}] ` +
        `rhs shape= [${shape}]`,
      { node: variable.initializer.name, details: { tensor: key } },
    );
  }
}

// Running an initializer with its value fed is how Variable.load works; the graph stays as it is. Initializers that
// share a value take turns.
function assign(session: Session, values: readonly [Variable, NDArray][]): void {
  let rest = values;
  while (rest.length > 0) {
    const feeds = new Map<Tensor, NDArray>();
    const now: Variable[] = [];
    const later: [Variable, NDArray][] = [];
    for (const [variable, value] of rest) {
      if (feeds.has(variable.initialValue)) {
        later.push([variable, value]);
      } else {
        feeds.set(variable.initialValue, value);
        now.push(variable);
      }
    }
    session.run(
      now.map((variable) => variable.initializer),
      feeds,
    );
    rest = later;
  }
}
