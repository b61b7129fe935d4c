/** The step number in the name of a checkpoint. */

import { ValueError } from '../core/errors.js';
import { NDArray } from '../core/ndarray.js';
import { pythonTypeName } from '../core/python-repr.js';
import type { SaveOptions } from './saver-options.js';
import type { Fetch, Session } from './session.js';

/**
 * `path` with the step appended: `model.ckpt-1000`, or `model.ckpt-00001000`.
 * @throws what running the step in `session` throws, and for a value that is no number.
 */
export function withStep(
  path: string,
  step: NonNullable<SaveOptions['globalStep']>,
  session: Session,
  pad: boolean,
): string {
  const number = integerOf(step) ?? toInt(session.run(step as Fetch));
  return `${path}-${pad ? padded(number) : number}`;
}

// What is an integer by itself: Python's True and False and numpy's scalars are.
function integerOf(step: unknown): bigint | undefined {
  if (typeof step === 'bigint' || typeof step === 'boolean') return BigInt(step);
  if (typeof step === 'number' && Number.isInteger(step)) return BigInt(step);
  if (!(step instanceof NDArray) || step.ndim > 0) return undefined;
  return step.dtype.kind === 'int' ? toInt(step) : undefined;
}

// int(value)
function toInt(value: unknown): bigint {
  if (!(value instanceof NDArray)) {
    throw new TypeError(
      `int() argument must be a string, a bytes-like object or a number, not '${pythonTypeName(value)}'`,
    );
  }
  if (value.size !== 1) {
    throw new TypeError('only size-1 arrays can be converted to Python scalars');
  }
  const item = value.item(...value.shape.map(() => 0));
  if (typeof item === 'bigint' || typeof item === 'boolean') return BigInt(item);
  if (typeof item !== 'number') {
    throw new TypeError(`int() argument must be a number, not ${value}`);
  }
  if (Number.isNaN(item)) throw new ValueError('cannot convert float NaN to integer');
  if (!Number.isFinite(item)) throw new ValueError('cannot convert float infinity to integer');
  return BigInt(Math.trunc(item));
}

// "{:08d}".format(step)
function padded(step: bigint): string {
  return step < 0n ? `-${String(-step).padStart(7, '0')}` : String(step).padStart(8, '0');
}
