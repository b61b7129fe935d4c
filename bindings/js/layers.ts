/// What `tf.layers` holds.

export { dense, flatten, type LayerOptions } from './runtime/layers.js';
export { type Conv2DOptions, conv2d } from './runtime/layers-conv.js';
