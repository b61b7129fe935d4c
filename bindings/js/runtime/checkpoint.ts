/** tf.train.Checkpoint: objects and the variables they hold, to and from TensorFlow 2 checkpoints. */

import { BundleWriter } from '../core/bundle-writer.js';
import { CheckpointReader } from '../core/checkpoint-reader.js';
import { InvalidArgumentError, ValueError } from '../core/errors.js';
import { NDArray } from '../core/ndarray.js';
import { OBJECT_GRAPH_KEY, parseObjectGraph, serializeObjectGraph } from '../core/object-graph.js';
import { dirname } from '../core/paths.js';
import { updateCheckpointState } from '../core/state.js';
import type { OperationOptions } from '../core/types.js';
import {
  CheckpointLoadStatus,
  InitializationOnlyStatus,
  type LoadStatus,
  NameBasedSaverStatus,
} from './checkpoint-status.js';
import { getDefaultGraph, type Tensor } from './graph.js';
import { viewObjects } from './object-view.js';
import { Session } from './session.js';
import { isTrackable, properties, type Trackable } from './trackable.js';
import { draftVariable, type Variable } from './variable.js';

/** Where the values of variables are: a session, alone or among options. */
export type SessionOptionsOr<T> = Session | (T & { readonly session: Session });

/** Options of {@link Checkpoint.restore}. */
export interface RestoreOptions extends OperationOptions {
  /** Sets the variables in it at once. Without it, the status does when it is asked. */
  readonly session?: Session | undefined;
}

/** What {@link Checkpoint} is made of: its parts by name, which become its properties. */
export type CheckpointParts = Readonly<Record<string, object>>;

/**
 * A group of objects that are saved together. Values are found again by the objects' properties, not by the names of
 * variables, so that a program may rename its variables and still read its old checkpoints.
 *
 * @example
 * const checkpoint = new tf.train.Checkpoint({ model: { kernel, bias }, step });
 * const path = await checkpoint.save('./ckpt', { session: sess }); // ./ckpt-1
 * const status = await checkpoint.restore(path, { session: sess });
 * status.assertConsumed();
 *
 * @throws {ValueError} for a part that cannot be saved.
 */
class CheckpointClass implements Trackable {
  #saveCounter: Variable | undefined;
  /** How many parts there were before the counter. */
  #partsBefore = 0;
  #increment: Tensor | undefined;

  constructor(parts: CheckpointParts = {}) {
    for (const name of Object.keys(parts).sort(byCodePoint)) {
      const part = parts[name];
      if (!isTrackable(part)) {
        throw new ValueError(
          '`Checkpoint` was expecting a trackable object (an object derived from `TrackableBase`), got ' +
            `${part}. If you believe this object should be trackable (i.e. it is part of the TensorFlow Python API ` +
            'and manages state), please open an issue.',
          {
            hint: 'Give variables, lists or plain objects of them, or let the class extend tf.Module.',
          },
        );
      }
      Object.defineProperty(this, name, {
        value: part,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
  }

  /** How often it was saved: an int64 variable, made when it is first needed. */
  get saveCounter(): Variable {
    return this.#counter();
  }

  trackableChildren(): [name: string, child: object][] {
    const parts = properties(this);
    if (this.#saveCounter !== undefined) {
      parts.splice(this.#partsBefore, 0, ['save_counter', this.#saveCounter]);
    }
    return parts;
  }

  /**
   * Counts, writes `<filePrefix>-<count>`, and names it in the state file as the only checkpoint of its folder.
   * @returns the path of the checkpoint, for `restore`.
   * @throws {FailedPreconditionError} `Attempting to use uninitialized value kernel`
   */
  async save(filePrefix: string, options: SessionOptionsOr<OperationOptions>): Promise<string> {
    const { session, rest } = unpack(options);
    const path = await this.write(`${filePrefix}-${this.count(session)}`, options);
    await updateCheckpointState(dirname(filePrefix), path, {
      ...rest,
      allModelCheckpointPaths: [path],
      saveRelativePaths: true,
    });
    return path;
  }

  /** Writes a checkpoint with exactly the prefix `filePrefix`; counts nothing and names it nowhere. */
  async write(filePrefix: string, options: SessionOptionsOr<OperationOptions>): Promise<string> {
    const { session, rest } = unpack(options);
    const { nodes, variables } = viewObjects(this);
    // All values of one moment.
    const values = session.run(variables.map(({ variable }) => variable));
    const writer = new BundleWriter(filePrefix, rest);
    try {
      for (const [i, { key }] of variables.entries()) await writer.add(key, values[i]!);
      const graph = new NDArray('string', [], [serializeObjectGraph(nodes)]);
      await writer.add(OBJECT_GRAPH_KEY, graph);
      await writer.finish();
    } catch (error) {
      await writer.abort(error);
      throw error;
    }
    return filePrefix;
  }

  /**
   * Sets variables to what the checkpoint `savePath` has for them: those of equal objects, or, when it was written by
   * a `Saver`, those of equal names. What only one side has is left alone; the status can tell. `null` and `undefined`,
   * as `latestCheckpoint` gives them for an empty folder, restore nothing.
   *
   * @throws {NotFoundError} when there is no such checkpoint.
   * @throws {InvalidArgumentError} when a variable has another shape or dtype there; then none is changed.
   */
  async restore(
    savePath: string | null | undefined | PromiseLike<string | null | undefined>,
    options: RestoreOptions = {},
  ): Promise<LoadStatus> {
    this.#counter();
    return this.read(savePath, options);
  }

  /** The same for a checkpoint that `write` has written. */
  async read(
    savePath: string | null | undefined | PromiseLike<string | null | undefined>,
    options: RestoreOptions = {},
  ): Promise<LoadStatus> {
    const { session, ...rest } = options;
    const path = await savePath;
    if (path === null || path === undefined) return new InitializationOnlyStatus(this);
    const status = await this.#open(path, rest);
    if (session !== undefined) await status.runRestoreOps(session, rest);
    return status;
  }

  async #open(path: string, options: OperationOptions): Promise<LoadStatus> {
    const reader = await CheckpointReader.open(path, options);
    try {
      if (!reader.hasTensor(OBJECT_GRAPH_KEY)) {
        const optional = new Set(this.#saveCounter === undefined ? [] : [this.#saveCounter]);
        return new NameBasedSaverStatus(
          this,
          path,
          new Set(reader.getVariableToShapeMap().keys()),
          optional,
        );
      }
      const value = await reader.getTensor(OBJECT_GRAPH_KEY, options);
      const nodes = parseObjectGraph(value.item() as Uint8Array);
      return new CheckpointLoadStatus(this, path, nodes);
    } finally {
      reader.close();
    }
  }

  /** Counts one more save in `session`; the new count. @internal */
  count(session: Session): bigint {
    if (this.#saveCounter === undefined) session.run(this.#counter().initializer);
    this.#increment ??= this.#counter().assignAdd(1);
    return BigInt(session.run(this.#increment).item() as bigint);
  }

  #counter(): Variable {
    if (this.#saveCounter === undefined) {
      const graph = viewObjects(this).variables[0]?.variable.graph ?? getDefaultGraph();
      this.#partsBefore = properties(this).length;
      const zero = new NDArray('int64', [], new BigInt64Array(1));
      this.#saveCounter = graph.asDefault(() =>
        draftVariable({ name: 'save_counter', trainable: false }, () => zero),
      );
    }
    return this.#saveCounter;
  }
}

/** A {@link Checkpoint} and its parts as properties. */
export type Checkpoint<Parts extends object = CheckpointParts> = CheckpointClass & Parts;

/** tf.train.Checkpoint */
export const Checkpoint: {
  new <Parts extends CheckpointParts>(parts?: Parts): Checkpoint<Parts>;
  readonly prototype: CheckpointClass;
} = CheckpointClass as never;

function unpack(options: SessionOptionsOr<OperationOptions>): {
  session: Session;
  rest: OperationOptions;
} {
  const { session, ...rest } = options instanceof Session ? { session: options } : (options ?? {});
  if (session instanceof Session) return { session, rest };
  throw new InvalidArgumentError(
    'Variables have their values in a session: give one as { session }',
  );
}

// Python sorts strings by code points, JavaScript by UTF-16 units.
function byCodePoint(a: string, b: string): number {
  const [x, y] = [[...a], [...b]].map((text) => text.map((character) => character.codePointAt(0)!));
  const at = x!.findIndex((point, i) => point !== y![i]);
  if (at < 0) return x!.length - y!.length;
  return x![at]! - (y![at] ?? -1);
}
