/// The codec's part of the engine module: what the *_binding.cc files of bindings/embind export. Interfaces only.
/// A method described as "code" returns 0, 100 for "needs bytes", or an error's number; `lastError()` tells the rest.

import type { EngineModule, EngineObject } from './engine-module.js';

/** Byte strings go in as bytes; text is taken as UTF-8. */
export type ByteString = string | Uint8Array;

/** engine/io/host_files.h */
export interface HostFilesObject extends EngineObject {
  /** 0: nothing, 1: a file, 2: bytes of a file. */
  needKind(): number;
  needFile(): string;
  needOffset(): number;
  needLength(): number;
  addFile(name: string, size: number): void;
  addError(name: string, code: number, message: string): void;
  /** The address to fill; 0 on failure. */
  reserve(name: string, offset: number, length: number): number;
  /** Code. */
  commit(name: string, offset: number, length: number): number;
  /** Drops all bytes when more than this are held. */
  trim(maxBytes: number): void;
}

/** bindings/embind/reader_handle.h */
export interface BundleReaderObject extends EngineObject {
  /** Code. */
  open(): number;
  /** Code. Takes packed names (packed-strings.ts). */
  openV1(names: Uint8Array): number;
  numShards(): number;
  bigEndian(): boolean;
  producer(): number;
  minConsumer(): number;
  dataFile(shard: number): string;
  /** Code. */
  list(after: ByteString, maxEntries: number): number;
  /** Code. */
  find(key: ByteString): number;
  count(): number;
  recordsAddress(): number;
  recordsSize(): number;
}

/** engine/bundle/tensor_decoder.h */
export interface TensorDecoderObject extends EngineObject {
  /** Code. */
  begin(reader: BundleReaderObject, key: ByteString): number;
  size(): number;
  swaps(): boolean;
  /** Code. */
  update(address: number, size: number): number;
  /** Code. */
  finish(): number;
}

/** bindings/embind/string_decoder_binding.cc */
export interface StringDecoderObject extends EngineObject {
  /** Code. */
  begin(reader: BundleReaderObject, key: ByteString): number;
  size(): number;
  /** Code. */
  decode(address: number, size: number): number;
  packedAddress(): number;
  packedSize(): number;
}

/** bindings/embind/slice_plan_binding.cc */
export interface SlicePlanObject extends EngineObject {
  /** Code. */
  make(reader: BundleReaderObject, key: ByteString, spec: string, whole: boolean): number;
  recordsAddress(): number;
  recordsSize(): number;
  address(): number;
  size(): number;
}

/** bindings/embind/v1_lookup_binding.cc */
export interface V1LookupObject extends EngineObject {
  /** Code. */
  begin(reader: BundleReaderObject, name: ByteString, spec: string, whole: boolean): number;
  /** Code. */
  resume(): number;
  dims(): string;
  address(): number;
  size(): number;
}

/** bindings/embind/read_plan_binding.cc */
export interface ReadPlanObject extends EngineObject {
  add(shard: number, offset: number, length: number): void;
  make(maxGap: number, maxLength: number): void;
  address(): number;
  size(): number;
}

/** engine/bundle/bundle_writer.h */
export interface BundleWriterObject extends EngineObject {
  /** Code. */
  add(key: ByteString, dtype: number, dims: string): number;
  /** Code. */
  addStrings(key: ByteString, dims: string, address: number, size: number): number;
  /** Code. `address` and `size` are those of packed strings, or 0. */
  addSlice(
    key: ByteString,
    dtype: number,
    dims: string,
    spec: string,
    address: number,
    size: number,
  ): number;
  /** Code. */
  nextShard(): number;
  shards(): number;
  /** Code. */
  append(address: number, size: number): number;
  /** Code. */
  endTensor(): number;
  /** Code. */
  finish(): number;
  padding(): number;
  numTensors(): number;
  dataAddress(): number;
  dataSize(): number;
  indexAddress(): number;
  indexSize(): number;
}

/** bindings/embind/merge_binding.cc */
export interface BundleMergerObject extends EngineObject {
  /** Code. */
  add(reader: BundleReaderObject): number;
  /** Code. */
  finish(): number;
  indexAddress(): number;
  indexSize(): number;
  filesAddress(): number;
  filesSize(): number;
}

/** bindings/embind/v1_writer_binding.cc */
export interface V1WriterObject extends EngineObject {
  /** Code. */
  add(
    name: ByteString,
    dtype: number,
    dims: string,
    spec: string,
    whole: boolean,
    address: number,
    size: number,
  ): number;
  /** Code. */
  finish(): number;
  numTensors(): number;
  address(): number;
  size(): number;
}

/** engine/checkpoint/state_file.h */
export interface CheckpointStateObject extends EngineObject {
  /** Code. */
  parse(text: ByteString): number;
  addPath(path: string): void;
  addTimestamp(seconds: number): void;
  setLastPreserved(seconds: number): void;
  /** Code. */
  make(saveDir: string, path: string, relative: boolean, workingDir: string): number;
  /** Code. */
  resolve(dir: string): number;
  /** Code. */
  checkSavePath(path: string, stateFile: string): number;
  print(): string;
  /** JSON of `CheckpointState`. */
  describe(): string;
}

/** bindings/embind/graph_summary_binding.cc */
export interface GraphSummarizerObject extends EngineObject {
  /** Code. */
  summarize(address: number, size: number, savedModel: boolean): number;
  /** JSON: a list of `GraphSummary`. */
  description(): string;
}

/** engine/salvage/index_salvage.h */
export interface IndexSalvageObject extends EngineObject {
  /** JSON; bindings/embind/index_salvage_binding.cc has its form. */
  describe(): string;
  listUnverified(): void;
  /** Code. */
  rebuild(numShards: number): number;
  /** Code. */
  keep(key: ByteString, offset: number): number;
  /** Code. */
  finish(): number;
  address(): number;
  size(): number;
}

/** The module as the codec's classes see it. */
export interface CodecModule extends EngineModule {
  readonly HostFiles: new () => HostFilesObject;
  readonly BundleReader: new (files: HostFilesObject, prefix: string) => BundleReaderObject;
  readonly TensorDecoder: new () => TensorDecoderObject;
  readonly StringDecoder: new () => StringDecoderObject;
  readonly SlicePlan: new () => SlicePlanObject;
  readonly V1Lookup: new () => V1LookupObject;
  readonly ReadPlan: new () => ReadPlanObject;
  readonly BundleWriter: new (dataAlignment: number) => BundleWriterObject;
  readonly BundleMerger: new () => BundleMergerObject;
  readonly V1Writer: new () => V1WriterObject;
  readonly GraphSummarizer: new () => GraphSummarizerObject;
  readonly CheckpointState: new () => CheckpointStateObject;
  readonly IndexSalvage: new (address: number, size: number) => IndexSalvageObject;
  /** The number of the one bit that is wrong, 8 * byte + bit; -1 for none. */
  flippedBit(maskedCrc: number, computedCrc: number, size: number): number;
  /** JSON: `[[offset, length, depth, label, value], ...]`. */
  explainIndex(address: number, size: number, maxSpans: number): string;
}
