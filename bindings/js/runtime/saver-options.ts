/** The options of tf.train.Saver and its methods. */

import { ValueError } from '../core/errors.js';
import type { NDArray } from '../core/ndarray.js';
import type { OperationOptions } from '../core/types.js';
import type { Tensor } from './graph.js';
import type { SaverDef } from './saver-def.js';
import type { Variable } from './variable.js';

/** Options of {@link Saver}. */
export interface SaverOptions {
  /** How many checkpoints are kept; older ones are deleted. 0 or null: all, and none is listed. Default 5. */
  readonly maxToKeep?: number | null | undefined;
  /** One checkpoint for every so many hours is never deleted. Default 10000. */
  readonly keepCheckpointEveryNHours?: number | undefined;
  /** Restored values take the variables' shapes if they have as many elements. Default false. */
  readonly reshape?: boolean | undefined;
  /** One data file for each device that has variables. Default false. */
  readonly sharded?: boolean | undefined;
  /** The name scope of the saver's operations, by default `save`; with `saverDef` the scope it was imported into. */
  readonly name?: string | undefined;
  /** Without effect, as in TensorFlow since 1.6: all values are read before the first is assigned. */
  readonly restoreSequentially?: boolean | undefined;
  /** Uses the operations that these names mean, in the graph of the session, instead of adding new ones. */
  readonly saverDef?: SaverDef | undefined;
  /** Adds no operations before {@link Saver.build}. Default false. */
  readonly deferBuild?: boolean | undefined;
  /** With nothing to save, do nothing instead of raising ValueError. Default false. */
  readonly allowEmpty?: boolean | undefined;
  /** The format: 2, or 1 for the one of TensorFlow before 0.12. Default 2. */
  readonly writeVersion?: number | undefined;
  /** Step numbers get eight digits. Default false. */
  readonly padStepNumber?: boolean | undefined;
  /** The state file names checkpoints relative to its own folder. Default false. */
  readonly saveRelativePaths?: boolean | undefined;
  /** The default of the saver's filename tensor. Default `model`. */
  readonly filename?: string | undefined;
}

/** Options of {@link Saver.save}. */
export interface SaveOptions extends OperationOptions {
  /** A number to append to the path (`model.ckpt-1000`), or what gives it in the session. */
  readonly globalStep?: number | bigint | NDArray | Tensor | Variable | string | null | undefined;
  /** The name of the state file. Default `checkpoint`. */
  readonly latestFilename?: string | undefined;
  /** What follows the name of the checkpoint in the name of its MetaGraphDef. Default `meta`. */
  readonly metaGraphSuffix?: string | undefined;
  /** Whether the graph is written beside the checkpoint. Default true. */
  readonly writeMetaGraph?: boolean | undefined;
  /** Whether the state file is written; without it the checkpoint is not listed and nothing is deleted. Default true. */
  readonly writeState?: boolean | undefined;
  /** Leaves out of the graph's attributes what is the default. Default false. */
  readonly stripDefaultAttrs?: boolean | undefined;
}

const SAVER_OPTIONS: ReadonlySet<string> = new Set([
  'maxToKeep',
  'keepCheckpointEveryNHours',
  'reshape',
  'sharded',
  'name',
  'restoreSequentially',
  'saverDef',
  'deferBuild',
  'allowEmpty',
  'writeVersion',
  'padStepNumber',
  'saveRelativePaths',
  'filename',
]);
const SAVE_OPTIONS: ReadonlySet<string> = new Set([
  'globalStep',
  'latestFilename',
  'metaGraphSuffix',
  'writeMetaGraph',
  'writeState',
  'stripDefaultAttrs',
  'signal',
  'onProgress',
]);

/** @throws {TypeError} for an option that the constructor does not know. */
export function checkSaverOptions(options: SaverOptions): void {
  requireKnown('__init__', options, SAVER_OPTIONS);
}

/** @throws {TypeError} for an option that `save` does not know. */
export function checkSaveOptions(options: SaveOptions): void {
  requireKnown('save', options, SAVE_OPTIONS);
}

// An option that would be passed over in silence could cost somebody their checkpoint.
function requireKnown(method: string, options: object, known: ReadonlySet<string>): void {
  for (const name of Object.keys(options)) {
    if (!known.has(name)) {
      throw new TypeError(`${method}() got an unexpected keyword argument '${name}'`);
    }
  }
}

/**
 * The number in the SaverDef: 0 for all.
 * @throws {ValueError} for a negative one.
 */
export function maxToKeepOf({ maxToKeep }: SaverOptions): number {
  if (maxToKeep === undefined) return 5;
  if ((maxToKeep ?? 0) >= 0) return maxToKeep ?? 0;
  // TensorFlow would delete the checkpoint that it has just written.
  throw new ValueError(`max_to_keep must not be negative, got ${maxToKeep}`);
}
