/// Calls to a worker: the page's side. worker-calls.ts is the other.

import type { Problem } from './problem.js';

/** What a worker can be asked: one argument, transferable or cloneable, and an answer of the same kind. */
export type CallMap<C> = { [K in keyof C]: (argument: never) => Promise<unknown> };

/** A call on its way. */
export interface Request {
  readonly id: number;
  readonly call: string;
  readonly argument: unknown;
}

/** Messages from a worker: `ready` or `broken` once, then replies, refusals and events of its own. */
export type Message =
  | { readonly kind: 'ready' }
  | { readonly kind: 'broken'; readonly problem: Problem }
  | { readonly kind: 'event'; readonly event: unknown }
  | { readonly kind: 'reply'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly problem: Problem };

/** An error that a worker described. */
export class WorkerError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.name = problem.name;
    this.problem = problem;
  }
}

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** A worker that answers the calls `C`. */
export class Remote<C extends CallMap<C>> {
  /** Settles when the worker is of use, or cannot be. */
  readonly ready: Promise<void>;
  /** Receives the worker's events. */
  onEvent: (event: unknown) => void = () => undefined;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.ready = new Promise((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<Message>) => {
        if (data.kind === 'ready') resolve();
        else if (data.kind === 'broken') reject(new WorkerError(data.problem));
        else if (data.kind === 'event') this.onEvent(data.event);
        else if (data.kind === 'reply') this.#take(data.id)?.resolve(data.value);
        else this.#take(data.id)?.reject(new WorkerError(data.problem));
      });
      worker.addEventListener('error', (event) => {
        reject(new WorkerError({ name: 'Error', message: event.message || 'worker' }));
      });
    });
    // Whoever calls learns of a failure; nobody need listen before.
    this.ready.catch(() => undefined);
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  async call<K extends keyof C & string>(
    call: K,
    argument?: Parameters<C[K]>[0],
  ): Promise<Awaited<ReturnType<C[K]>>> {
    await this.ready;
    const id = this.#nextId++;
    return new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, call, argument } satisfies Request);
    }) as Promise<Awaited<ReturnType<C[K]>>>;
  }

  /** Ends the worker at once, whatever it is doing. */
  stop(): void {
    this.#worker.terminate();
  }
}
