/// What `tf.train` holds.

export {
  CheckpointReader,
  listVariables,
  loadCheckpoint,
  loadVariable,
} from './core/checkpoint-reader.js';
export {
  type CheckpointState,
  checkpointExists,
  getCheckpointState,
  latestCheckpoint,
  type UpdateCheckpointStateOptions,
  updateCheckpointState,
} from './core/state.js';
export { type SaveOptions, Saver, type SaverOptions } from './runtime/saver.js';
