/// The shape of a slice, as far as it is needed before the engine sees the slice.

import { InvalidArgumentError } from './errors.js';

/**
 * @throws {InvalidArgumentError} `Slice in shape_and_slice specification does not match the shape of the tensor to
 *   save: ...`, when an array of shape `shape` is no value for the slice `spec` of a tensor of shape `fullShape`.
 */
export function requireSliceShape(
  name: string,
  fullShape: readonly number[],
  spec: string,
  shape: readonly number[],
): void {
  const extents = spec.split(':').filter((extent) => extent !== '');
  // What is wrong with the slice itself, the engine says better.
  if (extents.length !== fullShape.length) return;
  const fits = extents.every((extent, d) => {
    const length = extent.trim() === '-' ? fullShape[d]! : Number(extent.split(',')[1]);
    return !Number.isSafeInteger(length) || length === shape[d];
  });
  if (fits && extents.length === shape.length) return;
  throw new InvalidArgumentError(
    `Slice in shape_and_slice specification does not match the shape of the tensor to  save: ${fullShape.join(' ')} ${spec}, tensor: [${shape}]`,
    { details: { tensor: name } },
  );
}
