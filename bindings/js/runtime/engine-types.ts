/// The runtime's part of the engine module: what bindings/embind/{graph,session,saver}_binding.cc export.
/// A method that returns `number` as "code" leaves the details of a failure to `lastError()`.

import type { EngineObject } from '../core/engine-module.js';

/** engine/graph/graph.h */
export interface GraphHandle extends EngineObject {
  numNodes(): number;
  /** JSON of {@link NodeDescription}. */
  describe(node: number): string;
  /** JSON of {@link VariableDescription}; empty when `node` is no variable's ref. */
  describeVariable(node: number): string;
  /** JSON of {@link CollectionItem}[]. */
  collection(key: string): string;
  /** Code. */
  enterNameScope(name: string): number;
  nameScope(): string;
  setNameScope(scope: string): void;
  setSeed(seed: bigint): void;
  clearSeed(): void;
  finalize(): void;
  finalized(): boolean;
  popControl(): void;
  tensorText(node: number, output: number): string;
}

/** bindings/embind/graph_state.h; `node` is a variable's ref where it is about a variable. */
export interface GraphStateHandle extends EngineObject {
  variableScope(): string;
  uniqueVariableScope(defaultName: string): string;
  openVariableScope(name: string): void;
  reopenVariableScope(fullName: string): void;
  closeVariableScope(): void;
  /** Code. */
  pushDevice(device: string): number;
  pushNoDevice(): void;
  popDevice(): void;
  pushColocation(node: number): void;
  popColocation(): void;
  addVariable(key: string, node: number): void;
  addTensor(key: string, node: number, output: number): void;
  addNode(key: string, node: number): void;
  addString(key: string, value: string): void;
  addInt(key: string, value: bigint): void;
  addFloat(key: string, value: number): void;
  clearCollection(key: string): void;
  /** JSON of string[]. */
  collectionKeys(): string;
  /** Code. */
  setSlice(
    node: number,
    fullName: string,
    fullShape: string,
    varOffset: string,
    varShape: string,
  ): number;
  /** JSON of {@link SaveSliceInfo} and its `spec`; empty when the variable is whole. */
  slice(node: number): string;
}

/** Which part of a partitioned variable a variable is. */
export interface SaveSliceInfo {
  readonly fullName: string;
  readonly fullShape: readonly number[];
  readonly varOffset: readonly number[];
  readonly varShape: readonly number[];
  /** `"4 2 2,2:0,2"`: the full shape, then offset and length of each dimension. */
  readonly spec: string;
}

/** What `GraphHandle.describe` says. `dims: null` means that not even the rank is known. */
export interface NodeDescription {
  readonly name: string;
  readonly op: string;
  readonly device: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly {
    readonly dtype: number;
    readonly ref: boolean;
    readonly dims: readonly (number | null)[] | null;
  }[];
}

/** What `GraphHandle.describeVariable` says; outputs are pairs of node id and index. */
export interface VariableDescription {
  readonly initializer: number;
  readonly snapshot: readonly [number, number];
  readonly initialValue: readonly [number, number];
  readonly trainable: boolean;
}

/** An item of a collection. */
export type CollectionItem =
  | { readonly variable: number }
  | { readonly node: number; readonly output?: number }
  | string
  | number;

/** bindings/embind/graph_call.h */
export interface GraphCallHandle extends EngineObject {
  addTensor(node: number, output: number): void;
  addVariable(node: number): void;
  addNode(node: number): void;
  addNone(): void;
  /** Code. */
  addArray(dtype: number, dims: string): number;
  /** Code. */
  addLiteral(dtype: number, natural: number, dims: string): number;
  addString(element: string | Uint8Array): void;
  dataAddress(): number;
  beginList(): void;
  endList(): void;
  setName(name: string): void;
  setDType(dtype: number): void;
  setSeed(seed: bigint): void;
  /** Code. */
  setShape(dims: string): number;
  setTrainable(trainable: boolean): void;
  setValidateShape(validate: boolean): void;
  setUseLocking(locking: boolean): void;
  addCollection(key: string): void;
  setAttrBool(name: string, value: boolean): void;
  setAttrInt(name: string, value: bigint): void;
  setAttrFloat(name: string, value: number): void;
  setAttrString(name: string, value: string): void;
  setAttrType(name: string, value: number): void;
  setAttrInts(name: string, values: string): void;
  pushControl(clear: boolean): void;
  /** Code. */
  convert(): number;
  /** Code. */
  mergeShape(): number;
  /** Code. */
  computeGradients(gate: boolean, colocate: boolean, zeros: boolean): number;
  /** JSON of {@link GradientParts}[]. */
  gradients(): string;
  // Codes.
  apply(op: string): number;
  applyOperator(operator: number): number;
  constant(): number;
  placeholder(): number;
  identity(): number;
  noOp(): number;
  group(): number;
  truncatedNormal(): number;
  randomNormal(): number;
  randomUniform(): number;
  makeVariable(): number;
  beginVariable(): number;
  endVariable(): number;
  initializeFromCheckpoint(prefix: string, key: string, sliceSpec: string): number;
  assign(kind: number): number;
  variablesInitializer(): number;
  node(): number;
  output(): number;
}

/** Node and output of a gradient, or of the values, indices and shape of IndexedSlices. */
export type GradientParts =
  | readonly [number, number]
  | readonly [number, number, number, number, number, number]
  | null;

/** bindings/embind/graph_binding.cc: Finder */
export interface FinderHandle extends EngineObject {
  /** Code. */
  find(graph: GraphHandle, name: string, kinds: number): number;
  readonly node: number;
  readonly output: number;
}

/** engine/session/session.h */
export interface SessionHandle extends EngineObject {
  close(): void;
  closed(): boolean;
}

/** bindings/embind/session_run.h */
export interface SessionRunHandle extends EngineObject {
  /** Code. */
  addFeed(node: number, output: number, dtype: number, dims: string): number;
  addString(element: string | Uint8Array): void;
  dataAddress(): number;
  addFetch(node: number, output: number): void;
  addTarget(node: number): void;
  /** Code. */
  run(): number;
  /** The address of float64 numbers: dtype, address, size, rank, dims. */
  result(i: number): number;
  clear(): void;
}

/** bindings/embind/saver_handle.h */
export interface SaverHandle extends EngineObject {
  addKey(key: string, isSlices: boolean): void;
  addVariable(node: number): void;
  /** Code. `flags`: engine/train/saver_graph.h's options. */
  build(
    name: string,
    filename: string,
    maxToKeep: number,
    keepCheckpointEveryNHours: number,
    flags: number,
    shardToken: string,
  ): number;
  /** Code. Finds the operations of a SaverDef in the graph. */
  find(
    filenameTensorName: string,
    saveTensorName: string,
    restoreOpName: string,
    version: number,
    sharded: boolean,
  ): number;
  /** Code: the one given, or the one that TensorFlow makes of it. */
  explainFailure(code: number, message: string): number;
  /** JSON of a SaverDef. */
  def(): string;
  /** The name of the first tensor to restore. */
  firstKey(): string;
}

/** bindings/embind/saver_handle.h: SaveHandle. The first two return codes. */
export interface SaveOperationHandle extends EngineObject {
  begin(): number;
  /** The next bytes of the file that it is at; after the last, none, and it goes to the next file. */
  next(): number;
  address(): number;
  size(): number;
  totalSize(): number;
  prefixSuffix(): string;
  numFiles(): number;
  fileSuffix(i: number): string;
}

/** bindings/embind/restore_handle.h. `prepare`, `supply` and `finish` return codes. */
export interface RestoreOperationHandle extends EngineObject {
  prepare(): number;
  numReads(): number;
  readShard(i: number): number;
  readOffset(i: number): number;
  readLength(i: number): number;
  supply(i: number, pointer: number, size: number): number;
  finish(): number;
}

/** bindings/embind/meta_graph_writer_binding.cc */
export interface MetaGraphWriterHandle extends EngineObject {
  setSaver(filenameTensorName: string, saveTensorName: string, restoreOpName: string): void;
  setSaverOptions(maxToKeep: number, sharded: boolean, hours: number, version: number): void;
  addCollection(key: string): void;
  setFlags(clearDevices: boolean, stripDefaultAttrs: boolean, clearExtraneousSavers: boolean): void;
  setScope(scope: string): void;
  write(): void;
  address(): number;
  size(): number;
  /** JSON of string[]. */
  skipped(): string;
}

/** bindings/embind/meta_graph_binding.cc: MetaGraphImport */
export interface MetaGraphImportHandle extends EngineObject {
  mapInput(name: string, node: number, output: number): void;
  /** Code. */
  run(pointer: number, size: number, importScope: string, clearDevices: boolean): number;
  /** JSON of a SaverDef; empty when the file has none. */
  saverDef(): string;
  scope(): string;
}

/** bindings/embind/meta_graph_binding.cc: MetaGraphText. The first two return codes. */
export interface MetaGraphTextHandle extends EngineObject {
  print(pointer: number, size: number): number;
  parse(pointer: number, size: number): number;
  address(): number;
  size(): number;
}

/** The constructors. */
export interface RuntimeModule {
  readonly MetaGraphWriter: new (graph: GraphHandle) => MetaGraphWriterHandle;
  readonly MetaGraphImport: new (graph: GraphHandle) => MetaGraphImportHandle;
  readonly MetaGraphText: new () => MetaGraphTextHandle;
  readonly Graph: new () => GraphHandle;
  readonly GraphState: new (graph: GraphHandle) => GraphStateHandle;
  readonly Finder: new () => FinderHandle;
  readonly GraphCall: new (graph: GraphHandle) => GraphCallHandle;
  readonly Session: new (graph: GraphHandle) => SessionHandle;
  readonly SessionRun: new (session: SessionHandle) => SessionRunHandle;
  readonly Saver: new (graph: GraphHandle) => SaverHandle;
  readonly SaveOperation: new (session: SessionHandle, saver: SaverHandle) => SaveOperationHandle;
  readonly RestoreOperation: new (
    session: SessionHandle,
    saver: SaverHandle,
    reader: EngineObject,
  ) => RestoreOperationHandle;
}
