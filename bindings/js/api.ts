/// What every entry point exports: the names of `tf`.

export { type NDArrayLike, ndarray, type ScalarLike } from './core/array-like.js';
export { BundleReader } from './core/bundle-reader.js';
export { BundleWriter, type BundleWriterOptions } from './core/bundle-writer.js';
export { CheckpointReader } from './core/checkpoint-reader.js';
export type { Cause, DataFileReport } from './core/diagnosis.js';
export {
  asDType,
  bfloat16,
  bool,
  complex64,
  complex128,
  DType,
  type DTypeLike,
  float16,
  float32,
  float64,
  int8,
  int16,
  int32,
  int64,
  qint8,
  qint16,
  qint32,
  quint8,
  quint16,
  resource,
  string,
  type TypedArray,
  uint8,
  uint16,
  uint32,
  uint64,
  variant,
} from './core/dtype.js';
export type { ReadyOptions } from './core/engine.js';
export { type BundleEntry, type SliceExtent, sliceText } from './core/entry-records.js';
export { explainIndex, type IndexSpan } from './core/explain.js';
export {
  type GraphSummary,
  type Signature,
  type SignatureTensor,
  summarizeGraph,
} from './core/graph-summary.js';
export type { IndexPart } from './core/index-scan.js';
export { type LogHandler, type LogLevel, setLogHandler } from './core/logging.js';
export { mergeBundles } from './core/merge-bundles.js';
export { NDArray, type NestedList, type Scalar } from './core/ndarray.js';
export {
  type ObjectAttribute,
  type ObjectNode,
  type ObjectSlot,
  type ObjectTree,
  readObjects,
} from './core/object-tree.js';
export { type Checkpoint, openCheckpoint } from './core/open-checkpoint.js';
export { Complex } from './core/python-repr.js';
export {
  type Report,
  type SalvageOptions,
  type SalvageResult,
  salvageCheckpoint,
  verifyCheckpoint,
} from './core/salvage.js';
export { TensorSliceReader } from './core/slice-reader.js';
export { TensorSliceWriter, type TensorSliceWriterOptions } from './core/slice-writer.js';
export type { CheckpointSource, OpenOptions } from './core/sources.js';
export { locate, registerStorage } from './core/storage.js';
export type { BundleHeader, TensorReader } from './core/tensor-reader.js';
export type {
  ByteSink,
  ByteSource,
  FileInfo,
  FileSet,
  FileTransaction,
  ListOptions,
  Location,
  OperationOptions,
  Progress,
  StorageProvider,
} from './core/types.js';
export type { TensorVerdict, VerifyOptions, VerifyReport } from './core/verify.js';
export { VERSION } from './core/version.js';
export type { WasmSource } from './core/wasm-source.js';
export { DataSet, type DataSetOptions } from './data/data-set.js';
export {
  type DataSets,
  type DataSource,
  type ReadDataSetsOptions,
  readDataSets,
} from './data/read-data-sets.js';
export * as errors from './errors.js';
export * as initializers from './initializers.js';
export * as layers from './layers.js';
export type { NameOption } from './runtime/apply.js';
export type { TensorLike } from './runtime/arguments.js';
export * from './runtime/array-ops.js';
export * from './runtime/clip.js';
export {
  addToCollection,
  addToCollections,
  type CollectionValue,
  GraphKeys,
  getCollection,
} from './runtime/collections.js';
export { colocateWith } from './runtime/colocation.js';
export { controlDependencies, tuple } from './runtime/control-flow.js';
export { device } from './runtime/device.js';
export type { SaveSliceInfo } from './runtime/engine-types.js';
export type { FeedKey, Feeds } from './runtime/feeds.js';
export {
  type Gradient,
  type GradientOptions,
  gradients,
  IndexedSlices,
} from './runtime/gradients.js';
export {
  Graph,
  getDefaultGraph,
  nameScope,
  Operation,
  resetDefaultGraph,
  setRandomSeed,
  Tensor,
  withGraph,
} from './runtime/graph.js';
export {
  glorotUniformInitializer,
  type Initializer,
  onesInitializer,
  type PartitionInfo,
  type RandomInitializerOptions,
  zerosInitializer,
} from './runtime/initializers.js';
export * from './runtime/math.js';
export {
  constantInitializer,
  glorotNormalInitializer,
  type NormalInitializerOptions,
  orthogonalInitializer,
  randomNormalInitializer,
  randomUniformInitializer,
  truncatedNormalInitializer,
  type UniformInitializerOptions,
  uniformUnitScalingInitializer,
  type VarianceScalingOptions,
  varianceScalingInitializer,
} from './runtime/more-initializers.js';
export * as nn from './runtime/nn.js';
export type { ControlInput } from './runtime/nodes.js';
export { constant, group, identity, noOp, placeholder } from './runtime/ops.js';
export { PartitionedVariable } from './runtime/partitioned-variable.js';
export {
  fixedSizePartitioner,
  minMaxVariablePartitioner,
  type Partitioner,
  variableAxisSizePartitioner,
} from './runtime/partitioners.js';
export {
  type NormalOptions,
  type RandomOptions,
  randomNormal,
  randomUniform,
  truncatedNormal,
  type UniformOptions,
} from './runtime/random.js';
export * from './runtime/reductions.js';
export {
  type Fetch,
  type Fetched,
  type Fetches,
  Session,
  type SessionOptions,
  withSession,
} from './runtime/session.js';
export { Module, type SlotOwner, type Trackable } from './runtime/trackable.js';
export {
  type AssignOptions,
  assign,
  assignAdd,
  assignSub,
  globalVariables,
  globalVariablesInitializer,
  localVariables,
  localVariablesInitializer,
  modelVariables,
  movingAverageVariables,
  trainableVariables,
  Variable,
  type VariableOptions,
  variablesInitializer,
} from './runtime/variable.js';
export {
  type GetVariableOptions,
  getVariable,
  getVariableScope,
  type ScopeDefaults,
  VariableScope,
  type VariableScopeOptions,
  variableScope,
} from './runtime/variable-scope.js';
export { AUTO_REUSE, type Regularizer, type Reuse } from './runtime/variable-store.js';
export * as train from './train.js';
