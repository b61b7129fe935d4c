/** What tf.train.Checkpoint follows: variables, and the objects that lead to them. */

import { Variable } from './variable.js';

/** An object that says itself which parts of it belong in a checkpoint. */
export interface Trackable {
  /** Its parts by name, in order. */
  trackableChildren(): Iterable<readonly [name: string, child: object]>;
}

/** An optimizer: it keeps variables for other variables. */
export interface SlotOwner {
  /** The names of its slots, in order. */
  getSlotNames(): Iterable<string>;
  /** What it keeps for `variable` under `name`, if anything. */
  getSlot(variable: Variable, name: string): Variable | null | undefined;
}

/**
 * The base of classes whose properties belong in checkpoints: `tf.Module`. Variables among them, and modules, lists and
 * plain objects that lead to variables, are found by the properties' names; private fields are not.
 *
 * @example
 * class Linear extends tf.Module {
 *   kernel = new tf.Variable(tf.truncatedNormal([784, 10]), { name: 'kernel' });
 *   bias = new tf.Variable(tf.constant(0, { shape: [10] }), { name: 'bias' });
 * }
 */
export class Module implements Trackable {
  trackableChildren(): Iterable<readonly [name: string, child: object]> {
    return properties(this);
  }
}

/** Whether a checkpoint can hold `value`, or follows what it leads to. */
export function isTrackable(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof Variable || Array.isArray(value) || value instanceof Map) return true;
  if (tells(value) || hasSlots(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether `value` may keep variables for other ones. */
export function hasSlots(value: object): value is SlotOwner {
  return (
    typeof (value as Partial<SlotOwner>).getSlotNames === 'function' &&
    typeof (value as Partial<SlotOwner>).getSlot === 'function'
  );
}

/** The parts of `object` by name: properties in the order they were made, elements by number. */
export function childrenOf(object: object): [name: string, child: object][] {
  if (object instanceof Variable) return [];
  if (tells(object)) return [...object.trackableChildren()].map(([name, child]) => [name, child]);
  if (object instanceof Map) {
    return [...object].filter(
      (entry): entry is [string, object] => typeof entry[0] === 'string' && isTrackable(entry[1]),
    );
  }
  return properties(object);
}

/** The trackable ones among an object's own properties. @internal */
export function properties(object: object): [name: string, child: object][] {
  return Object.entries(object).filter((entry): entry is [string, object] => isTrackable(entry[1]));
}

function tells(value: object): value is Trackable {
  return typeof (value as Partial<Trackable>).trackableChildren === 'function';
}
