/** tf.Session: runs a graph and holds the values of its variables. */

import { dtypeOfNumber } from '../core/dtype.js';
import { LookupError, RuntimeError, ValueError } from '../core/errors.js';
import { NDArray } from '../core/ndarray.js';
import { pythonRepr, pythonTypeName } from '../core/python-repr.js';
import type { SessionHandle, SessionRunHandle } from './engine-types.js';
import { addFeeds, type Feeds } from './feeds.js';
import { type Graph, getDefaultGraph, Operation, Tensor } from './graph.js';
import { check, collect, loadedEngine, runtime } from './host.js';
import { Variable } from './variable.js';

/** One thing to fetch; a string is the name of a tensor or operation. */
export type Fetch = Tensor | Operation | Variable | string;

/** What {@link Session.run} takes: a fetch, or fetches nested in arrays and objects. */
export type Fetches = Fetch | readonly Fetches[] | { readonly [key: string]: Fetches };

/** What it gives: arrays in place of tensors and variables, `null` in place of operations. */
export type Fetched<F> = F extends Operation
  ? null
  : F extends Tensor | Variable
    ? NDArray
    : F extends string
      ? NDArray
      : F extends readonly unknown[]
        ? { -readonly [K in keyof F]: Fetched<F[K]> }
        : F extends object
          ? { -readonly [K in keyof F]: Fetched<F[K]> }
          : never;

/** Options of {@link Session}. */
export interface SessionOptions {
  /** Default: the default graph at this moment. */
  readonly graph?: Graph | undefined;
}

/**
 * Runs operations of one graph. Variables have values only in a session, and lose them when it is closed.
 *
 * @example
 * using sess = new tf.Session();
 * sess.run(tf.globalVariablesInitializer());
 */
export class Session {
  readonly graph: Graph;
  /** @internal */
  readonly handle: SessionHandle;
  readonly #run: SessionRunHandle;

  constructor(options: SessionOptions = {}) {
    this.graph = options.graph ?? getDefaultGraph();
    this.handle = new (runtime().Session)(this.graph.handle);
    this.#run = new (runtime().SessionRun)(this.handle);
    collect(this, this.handle);
    collect(this, this.#run);
  }

  /**
   * Runs what `fetches` need, each operation at most once, and returns the values in the shape of `fetches`.
   *
   * @throws {RuntimeError} `Attempted to use a closed Session.`
   * @throws {FailedPreconditionError} `Attempting to use uninitialized value Variable`
   * @throws {ValueError} for a fetch of another graph, or a feed whose shape does not fit.
   * @throws {OpError} what the operations raise; `.node` names the one that did.
   */
  run<const F extends Fetches>(fetches: F, feeds: Feeds = []): Fetched<F> {
    if (this.handle.closed()) throw new RuntimeError('Attempted to use a closed Session.');
    if (this.graph.handle.numNodes() === 0) {
      throw new RuntimeError(
        'The Session graph is empty.  Add operations to the graph before calling run().',
      );
    }
    const run = this.#run;
    try {
      const wanted = new FetchList(this.graph, run);
      const rebuild = wanted.add(fetches);
      addFeeds(this.graph, run, feeds);
      check(() => run.run());
      return rebuild() as Fetched<F>;
    } finally {
      run.clear();
    }
  }

  /** Gives up the variables' values. Calling it again is fine. */
  close(): void {
    this.handle.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Opens a session on the default graph, runs `body` and closes it, also when `body` fails.
 * @example
 * await tf.withSession(async (sess) => { await saver.restore(sess, './model.ckpt'); });
 */
export async function withSession<T>(
  body: (session: Session) => T | Promise<T>,
  options?: SessionOptions,
): Promise<T> {
  const session = new Session(options);
  try {
    return await body(session);
  } finally {
    session.close();
  }
}

/** Flattens nested fetches, each tensor once, and puts the results back where they were asked for. */
class FetchList {
  readonly #graph: Graph;
  readonly #run: SessionRunHandle;
  readonly #positions = new Map<Tensor, number>();

  constructor(graph: Graph, run: SessionRunHandle) {
    this.#graph = graph;
    this.#run = run;
  }

  /** Adds `fetches`; the function it returns gives their values once the run is over. */
  add(fetches: Fetches): () => unknown {
    const element = this.#element(fetches);
    if (element instanceof Tensor) return this.#addTensor(element);
    if (element instanceof Operation) {
      this.#run.addTarget(element.id);
      return () => null;
    }
    if (Array.isArray(fetches)) {
      const parts = fetches.map((part: Fetches) => this.add(part));
      return () => parts.map((part) => part());
    }
    const entries = Object.entries(fetches as Record<string, Fetches>);
    const parts = entries.map(([key, part]) => [key, this.add(part)] as const);
    return () => Object.fromEntries(parts.map(([key, part]) => [key, part()]));
  }

  #addTensor(tensor: Tensor): () => NDArray {
    let position = this.#positions.get(tensor);
    if (position === undefined) {
      position = this.#positions.size;
      this.#positions.set(tensor, position);
      this.#run.addFetch(tensor.op.id, tensor.valueIndex);
    }
    return () => resultAt(this.#run, position);
  }

  // What a single fetch means; undefined for a list or an object of them.
  #element(fetch: Fetches): Tensor | Operation | undefined {
    if (fetch instanceof Variable) return this.#own(fetch.op.outputs[0]!, fetch);
    if (fetch instanceof Tensor || fetch instanceof Operation) return this.#own(fetch, fetch);
    if (typeof fetch === 'string') {
      try {
        return this.#graph.asGraphElement(fetch);
      } catch (error) {
        throw notInGraph(`'${fetch}'`, error);
      }
    }
    if (typeof fetch === 'object' && fetch !== null) return undefined;
    const type = pythonTypeName(fetch);
    throw new TypeError(
      `Fetch argument ${pythonRepr(fetch)} has invalid type <class '${type}'>, must be a string or Tensor. ` +
        `(Can not convert a ${type} into a Tensor or Operation.)`,
    );
  }

  #own<T extends Tensor | Operation>(element: T, fetch: Fetch): T {
    if (element.graph === this.#graph) return element;
    const kind = element instanceof Tensor ? 'Tensor' : 'Operation';
    throw notInGraph(
      String(fetch),
      new Error(`${kind} ${element} is not an element of this graph.`),
    );
  }
}

function notInGraph(fetch: string, cause: unknown): ValueError {
  const text = cause instanceof Error ? cause.message : String(cause);
  // str() of Python's KeyError quotes its text.
  const why = cause instanceof LookupError ? pythonRepr(text) : text;
  return new ValueError(`Fetch argument ${fetch} cannot be interpreted as a Tensor. (${why})`, {
    cause,
  });
}

function resultAt(run: SessionRunHandle, i: number): NDArray {
  const { memory } = loadedEngine();
  const at = run.result(i);
  const about = memory.numbers(at, 4);
  const dtype = dtypeOfNumber(about[0]!)!;
  const shape = [...memory.numbers(at + about.byteLength, about[3]!)];
  const bytes = memory.copy(about[1]!, about[2]!);
  if (dtype.name !== 'string') return NDArray.fromBytes(dtype, shape, bytes);
  return new NDArray(dtype, shape, unpackStrings(bytes));
}

// bindings/embind/convert.h: PackStrings.
function unpackStrings(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const strings: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = view.getUint32(at, true);
    strings.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return strings;
}
