/// What `tf.initializers` holds.

export {
  glorotUniformInitializer as glorotUniform,
  onesInitializer as ones,
  zerosInitializer as zeros,
} from './runtime/initializers.js';
export {
  constantInitializer as constant,
  glorotNormalInitializer as glorotNormal,
  heNormal,
  heUniform,
  identityInitializer as identity,
  lecunNormal,
  lecunUniform,
  orthogonalInitializer as orthogonal,
  randomNormalInitializer as randomNormal,
  randomUniformInitializer as randomUniform,
  truncatedNormalInitializer as truncatedNormal,
  uniformUnitScalingInitializer as uniformUnitScaling,
  varianceScalingInitializer as varianceScaling,
} from './runtime/more-initializers.js';
