/// What `tf.train` holds.

export {
  checkpointExists,
  getCheckpointMtimes,
  type RemoveCheckpointOptions,
  removeCheckpoint,
} from './core/checkpoint-files.js';
export {
  CheckpointReader,
  listVariables,
  loadCheckpoint,
  loadVariable,
} from './core/checkpoint-reader.js';
export {
  type CheckpointState,
  getCheckpointState,
  latestCheckpoint,
  type UpdateCheckpointStateOptions,
  updateCheckpointState,
} from './core/state.js';
export {
  Checkpoint,
  type CheckpointParts,
  type RestoreOptions,
  type SessionOptionsOr,
} from './runtime/checkpoint.js';
export {
  CheckpointManager,
  type CheckpointManagerOptions,
  type ManagerSaveOptions,
} from './runtime/checkpoint-manager.js';
export type { LoadStatus } from './runtime/checkpoint-status.js';
export { type ExportMetaGraphOptions, exportMetaGraph } from './runtime/export-meta-graph.js';
export {
  assertGlobalStep,
  createGlobalStep,
  getGlobalStep,
  getOrCreateGlobalStep,
  globalStep,
} from './runtime/global-step.js';
export { type ImportMetaGraphOptions, importMetaGraph } from './runtime/import-meta-graph.js';
export {
  type AssignmentMap,
  type AssignmentTarget,
  initFromCheckpoint,
} from './runtime/init-from-checkpoint.js';
export {
  cosineDecay,
  type DecayOptions,
  exponentialDecay,
  inverseTimeDecay,
  naturalExpDecay,
  type PolynomialDecayOptions,
  piecewiseConstant,
  polynomialDecay,
} from './runtime/learning-rate-decay.js';
export { ExponentialMovingAverage, type MovingAverageOptions } from './runtime/moving-average.js';
export {
  type ApplyGradientsOptions,
  type ComputeGradientsOptions,
  type GradientAndVariable,
  type HyperParameter,
  type MinimizeOptions,
  Optimizer,
  type OptimizerOptions,
} from './runtime/optimizer.js';
export type { WithLearningRate } from './runtime/optimizer-options.js';
export {
  AdadeltaOptimizer,
  type AdadeltaOptions,
  AdagradOptimizer,
  type AdagradOptions,
  AdamOptimizer,
  type AdamOptions,
  FtrlOptimizer,
  type FtrlOptions,
  GradientDescentOptimizer,
  MomentumOptimizer,
  type MomentumOptions,
  RMSPropOptimizer,
  type RMSPropOptions,
} from './runtime/optimizers.js';
export { Saver } from './runtime/saver.js';
export { SaverDef } from './runtime/saver-def.js';
export type { SaveOptions, SaverOptions } from './runtime/saver-options.js';
export type { TimedCheckpoint } from './runtime/saver-retention.js';
export type { Saveable, VariableList } from './runtime/saver-variables.js';
