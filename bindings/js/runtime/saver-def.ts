/** SaverDef: the names of a saver's operations and its settings, as a graph's `.meta` file keeps them. */

import { ValueError } from '../core/errors.js';
import { FLOAT32 } from '../core/float-formats.js';
import { floatRepr } from '../core/python-repr.js';

/** What tensorflow/core/protobuf/saver.proto says about a saver. */
export interface SaverDef {
  /** The tensor to be fed with the path: `save/Const:0`. */
  readonly filenameTensorName: string;
  /** The tensor to be run for a save: `save/control_dependency:0`. */
  readonly saveTensorName: string;
  /** The operation to be run for a restore: `save/restore_all`. */
  readonly restoreOpName: string;
  readonly maxToKeep: number;
  readonly sharded: boolean;
  /** A float32, as in the message. */
  readonly keepCheckpointEveryNHours: number;
  /** {@link SaverDef.V1} or {@link SaverDef.V2}; 0 of a message that does not say. */
  readonly version: number;
}

/** The formats of checkpoints: `tf.train.SaverDef.V2`. */
export const SaverDef = { LEGACY: 0, V1: 1, V2: 2 } as const;

/**
 * Saver._check_saver_def.
 * @throws {ValueError} when it is no SaverDef, or a name is missing.
 */
export function checkSaverDef(def: SaverDef): void {
  if (typeof def !== 'object' || def === null || !('filenameTensorName' in def)) {
    throw new ValueError(`saver_def must be a saver_pb2.SaverDef: ${def}`);
  }
  if (!def.saveTensorName) {
    throw new ValueError(`saver_def must specify the save_tensor_name: ${textOf(def)}`);
  }
  if (!def.restoreOpName) {
    throw new ValueError(`saver_def must specify the restore_op_name: ${textOf(def)}`);
  }
}

/** The def of the same saver after its graph was imported under the name scope `scope`. */
export function inScope(def: SaverDef, scope: string): SaverDef {
  const prefix = scope === '' || scope.endsWith('/') ? scope : `${scope}/`;
  return renamed(def, (name) => prefix + name);
}

/** The def as a graph sees it that is exported from `scope`; undefined for a saver that is not in it. */
export function outOfScope(def: SaverDef, scope: string): SaverDef | undefined {
  const names = [def.filenameTensorName, def.saveTensorName, def.restoreOpName];
  if (!names.every((name) => name.startsWith(scope))) return undefined;
  const prefix = `${scope.replace(/\/$/, '')}/`;
  return renamed(def, (name) =>
    name.startsWith(prefix) ? name.slice(prefix.length).replace(/^\/+/, '') : name,
  );
}

function renamed(def: SaverDef, rename: (name: string) => string): SaverDef {
  return {
    ...def,
    filenameTensorName: rename(def.filenameTensorName),
    saveTensorName: rename(def.saveTensorName),
    restoreOpName: rename(def.restoreOpName),
  };
}

// The message in protobuf's text format, which is how Python prints it; what has its default is left out.
function textOf(def: SaverDef): string {
  const strings = [
    ['filename_tensor_name', def.filenameTensorName],
    ['save_tensor_name', def.saveTensorName],
    ['restore_op_name', def.restoreOpName],
  ].filter(([, value]) => value);
  const hours = floatRepr(def.keepCheckpointEveryNHours, FLOAT32);
  const numbers = [
    ['max_to_keep', def.maxToKeep],
    ['sharded', def.sharded],
    ['keep_checkpoint_every_n_hours', def.keepCheckpointEveryNHours && hours],
    ['version', ['', 'V1', 'V2'][def.version]],
  ].filter(([, value]) => value);
  return [
    ...strings.map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`),
    ...numbers.map(([name, value]) => `${name}: ${value}\n`),
  ].join('');
}
