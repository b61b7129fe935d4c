/** Convolutional layers with variables of their own: `tf.layers.conv2d`. */

import { ValueError } from '../core/errors.js';
import type { Tensor } from './graph.js';
import { biasAndActivation, kernelOf, type LayerOptions, layerScope } from './layers.js';
import { conv2d as convolve } from './nn-conv.js';

/** One number for height and width, or one for each. */
type Extent = number | readonly [height: number, width: number];

/** Options of {@link conv2d}. */
export interface Conv2DOptions extends LayerOptions {
  /** Default 1. */
  readonly strides?: Extent | undefined;
  /** In capitals or not. Default `'valid'`. */
  readonly padding?: 'valid' | 'same' | 'VALID' | 'SAME' | undefined;
}

const pair = (extent: Extent): readonly [number, number] =>
  typeof extent === 'number' ? [extent, extent] : extent;

/**
 * `activation(conv(inputs, kernel) + bias)` of images `[batch, height, width, channels]`: `tf.layers.conv2d`. The
 * variables are `conv2d/kernel`, of shape `[height, width, channels, filters]`, and `conv2d/bias`; the next layer's
 * `conv2d_1/...`.
 *
 * @throws {ValueError} ``Input 0 of layer conv2d is incompatible with the layer: expected ndim=4, found ndim=2. Full
 *   shape received: [None, 784]``
 * @throws {ValueError} `The channel dimension of the inputs should be defined. Found `None`.`
 */
export function conv2d(
  inputs: Tensor,
  filters: number,
  kernelSize: Extent,
  options: Conv2DOptions = {},
): Tensor {
  return layerScope('conv2d', options, () => {
    const { shape } = inputs;
    if (shape !== undefined && shape.length !== 4) {
      throw new ValueError(
        `Input 0 of layer ${options.name ?? 'conv2d'} is incompatible with the layer: expected ndim=4, found ndim=${shape.length}. Full shape received: [${shape.map((dim) => dim ?? 'None').join(', ')}]`,
      );
    }
    const channels = shape?.[3];
    if (typeof channels !== 'number') {
      throw new ValueError('The channel dimension of the inputs should be defined. Found `None`.');
    }
    const [height, width] = pair(kernelSize);
    const kernel = kernelOf([height, width, channels, filters], inputs.dtype, options);
    const padding = (options.padding ?? 'valid').toUpperCase() as 'VALID' | 'SAME';
    const [down, right] = pair(options.strides ?? 1);
    const y = convolve(inputs, kernel, [1, down, right, 1], padding, { name: 'Conv2D' });
    return biasAndActivation(y, filters, options);
  });
}
