/// tf.summarizeGraph: what a `.meta` file or a SavedModel says of its graph.

import { type DType, dtypeFromFile } from './dtype.js';
import { engine } from './engine.js';
import { codec } from './operation.js';
import { basename, joinPath } from './paths.js';
import {
  type CheckpointSource,
  fileExists,
  fileSetOf,
  folderAt,
  locateSource,
  type OpenOptions,
  readFile,
} from './sources.js';
import type { FileSet } from './types.js';

/** An input or output of a signature. */
export interface SignatureTensor {
  /** The tensor's name, `x:0`; empty where it is made of several. */
  readonly name: string;
  readonly dtype: DType;
  /** -1 for unknown dimensions; null when not even their number is known. */
  readonly shape: readonly number[] | null;
}

/** A function that a model offers. */
export interface Signature {
  readonly methodName: string;
  readonly inputs: Readonly<Record<string, SignatureTensor>>;
  readonly outputs: Readonly<Record<string, SignatureTensor>>;
}

/** One graph of a `.meta` file or SavedModel. */
export interface GraphSummary {
  readonly tags: readonly string[];
  readonly tensorflowVersion: string;
  readonly tensorflowGitVersion: string;
  /** The version of the graph's format. */
  readonly producer: number;
  readonly nodes: number;
  readonly functions: number;
  readonly assets: number;
  /** Nodes of the object graph of a TensorFlow 2 model. */
  readonly objects: number;
  /** How many nodes have each op. */
  readonly ops: Readonly<Record<string, number>>;
  readonly collections: Readonly<Record<string, { readonly kind: string; readonly size: number }>>;
  readonly signatures: Readonly<Record<string, Signature>>;
  readonly saver: {
    readonly filenameTensorName: string;
    readonly saveTensorName: string;
    readonly restoreOpName: string;
    readonly maxToKeep: number;
    readonly sharded: boolean;
    /** 1 or 2, the format; 0 where nothing was said. */
    readonly version: number;
  } | null;
}

const SAVED_MODEL = 'saved_model.pb';

/**
 * What is in a graph file: the `.meta` file beside a checkpoint (its prefix will do), a `saved_model.pb`, or the folder
 * of a SavedModel. Nothing is built; files of any age and with any ops can be looked at.
 * @throws {NotFoundError} when there is no such file.
 * @throws {InvalidArgumentError} `Error parsing message`
 */
export async function summarizeGraph(
  source: CheckpointSource,
  options: OpenOptions = {},
): Promise<GraphSummary[]> {
  const { files, name } = await graphFile(source, options);
  const bytes = await readFile(files, name, options);
  const summarizer = new (codec().GraphSummarizer)();
  try {
    engine().memory.withBytes(bytes, (address, size) =>
      engine().check(() => summarizer.summarize(address, size, name.endsWith('.pb'))),
    );
    const found = JSON.parse(summarizer.description()) as RawSummary[];
    return found.map((summary) => ({
      ...summary,
      signatures: mapValues(summary.signatures, ({ methodName, inputs, outputs }) => ({
        methodName,
        inputs: mapValues(inputs, withType),
        outputs: mapValues(outputs, withType),
      })),
    }));
  } finally {
    summarizer.delete();
  }
}

interface RawTensor extends Omit<SignatureTensor, 'dtype'> {
  readonly dtype: number;
}

interface RawSignature {
  readonly methodName: string;
  readonly inputs: Readonly<Record<string, RawTensor>>;
  readonly outputs: Readonly<Record<string, RawTensor>>;
}

interface RawSummary extends Omit<GraphSummary, 'signatures'> {
  readonly signatures: Readonly<Record<string, RawSignature>>;
}

function withType({ dtype, ...rest }: RawTensor): SignatureTensor {
  return { ...rest, dtype: dtypeFromFile(dtype) };
}

function mapValues<T, R>(
  record: Readonly<Record<string, T>>,
  change: (value: T) => R,
): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

async function graphFile(
  source: CheckpointSource,
  options: OpenOptions,
): Promise<{ files: FileSet; name: string }> {
  if (typeof source !== 'string' && !('files' in source && 'name' in source)) {
    const files = fileSetOf(source as Exclude<CheckpointSource, string>);
    return { files, name: await onlyGraph(files, options) };
  }
  const { path, files, name } = await locateSource(source, options);
  if (/\.(meta|pb)$/.test(name)) return { files, name };
  if (await fileExists(files, `${name}.meta`, options)) return { files, name: `${name}.meta` };
  const folder = await folderAt(path, files, name);
  if (folder !== undefined) return { files: folder, name: SAVED_MODEL };
  // Whatever opens this says that it is not there.
  return { files, name: `${name}.meta` };
}

// The SavedModel or `.meta` among files; with a prefix the one of that name.
async function onlyGraph(files: FileSet, options: OpenOptions): Promise<string> {
  if (options.prefix !== undefined) return `${options.prefix}.meta`;
  const names = (await files.list({ signal: options.signal, recursive: true })).map(
    (info) => info.name,
  );
  return (
    names.find((name) => basename(name) === SAVED_MODEL) ??
    names.find((name) => name.endsWith('.meta')) ??
    joinPath('', SAVED_MODEL)
  );
}
