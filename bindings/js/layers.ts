/// What `tf.layers` holds.

export { dense, flatten, type LayerOptions } from './runtime/layers.js';
