/** Feeds: Python's feed_dict, checked and converted as numpy would. */

import { type NDArrayLike, ndarray } from '../core/array-like.js';
import { ValueError } from '../core/errors.js';
import type { NDArray } from '../core/ndarray.js';
import { writeElements } from './arguments.js';
import type { SessionRunHandle } from './engine-types.js';
import { type Graph, Tensor } from './graph.js';
import { check } from './host.js';
import { Variable } from './variable.js';

/** A tensor that may be fed, or its name. */
export type FeedKey = Tensor | Variable | string;

/** The values that replace tensors in one run: a `Map`, or an array of pairs. */
export type Feeds =
  | ReadonlyMap<FeedKey, NDArrayLike>
  | readonly (readonly [FeedKey, NDArrayLike])[];

/** Adds `feeds` to `run`; messages are Session.run's (tensorflow/python/client/session.py). */
export function addFeeds(graph: Graph, run: SessionRunHandle, feeds: Feeds): void {
  for (const [key, value] of feeds) {
    const target = targetOf(graph, key);
    if ((value as unknown) instanceof Tensor) {
      throw new TypeError(
        'The value of a feed cannot be a tf.Tensor object. Acceptable feed values include Python scalars, ' +
          'strings, lists, numpy ndarrays, or TensorHandles. For reference, the tensor object was ' +
          `${value} which was passed to the feed with key ${key}.`,
      );
    }
    const array = converted(target, value);
    check(() =>
      run.addFeed(
        target.op.id,
        target.valueIndex,
        array.dtype.asDatatypeEnum,
        array.shape.join(','),
      ),
    );
    writeElements(run, array);
  }
}

function targetOf(graph: Graph, key: FeedKey): Tensor {
  const target = key instanceof Variable ? key.op.outputs[0]! : key;
  if (target instanceof Tensor) {
    if (target.graph === graph) return target;
    throw new TypeError(
      `Cannot interpret feed_dict key as Tensor: Tensor ${target} is not an element of this graph.`,
    );
  }
  if (typeof target === 'string') {
    try {
      return graph.getTensorByName(target);
    } catch (error) {
      throw new TypeError(
        `Cannot interpret feed_dict key as Tensor: ${error instanceof Error ? error.message : error}`,
        { cause: error },
      );
    }
  }
  throw new TypeError(
    `Cannot interpret feed_dict key as Tensor: Can not convert a ${typeof target} into a Tensor.`,
  );
}

// Any number may be fed to a tensor of any numeric dtype; numpy casts it.
function converted(target: Tensor, value: NDArrayLike): NDArray {
  const { dtype } = target;
  try {
    return ndarray(value, undefined, dtype);
  } catch (error) {
    if (error instanceof ValueError) throw error;
    throw new TypeError(
      `Type of feed value ${value} with type ${typeof value} is not compatible with Tensor type ${dtype.name}. ` +
        'Try explicitly setting the type of the feed tensor to a larger type (e.g. int64).',
      { cause: error },
    );
  }
}
