/// The page's side of its workers: one for the files, and always one warm for the next run.

import type { Calls, Line, Message, Outcome, Problem, Request } from './worker/protocol.js';

/** What a program does while it runs. */
export interface Listener {
  lines?(lines: readonly Line[]): void;
  /** A promise nobody awaited was rejected, perhaps after the end. */
  stray?(problem: Problem): void;
}

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

class Engine {
  listener: Listener = {};
  /** Settles when the engine is loaded, or could not be. */
  readonly ready: Promise<void>;
  readonly #worker = new Worker(new URL('./worker/worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;

  constructor() {
    this.ready = new Promise((resolve, reject) => {
      this.#worker.addEventListener('message', ({ data }: MessageEvent<Message>) => {
        if (data.kind === 'ready') resolve();
        else if (data.kind === 'broken') reject(new WorkerError(data.problem));
        else if (data.kind === 'lines') this.listener.lines?.(data.lines);
        else if (data.kind === 'stray') {
          // Before it is ready nothing but its own loading can have failed.
          reject(new WorkerError(data.problem));
          this.listener.stray?.(data.problem);
        } else if (data.kind === 'reply') this.#take(data.id)?.resolve(data.value);
        else this.#take(data.id)?.reject(new WorkerError(data.problem));
      });
      this.#worker.addEventListener('error', (event) => {
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

  async call<K extends keyof Calls>(
    call: K,
    argument?: Parameters<Calls[K]>[0],
  ): Promise<Awaited<ReturnType<Calls[K]>>> {
    await this.ready;
    const id = this.#nextId++;
    return new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, call, argument } satisfies Request);
    }) as Promise<Awaited<ReturnType<Calls[K]>>>;
  }

  /** Ends the worker at once, whatever it is doing. */
  stop(): void {
    this.#worker.terminate();
  }
}

const LINGER_MS = 3000;

/** The site has the package's digits beside the lesson. */
const DIGITS = new URL('../digits/', document.baseURI).href;

let files: Engine | undefined;
let spare: Engine | undefined;

/** Asks the worker of the files, which is started when first needed. */
export async function askFiles<K extends keyof Calls>(
  call: K,
  argument?: Parameters<Calls[K]>[0],
): Promise<Awaited<ReturnType<Calls[K]>>> {
  files ??= new Engine();
  try {
    return await files.call(call, argument);
  } catch (error) {
    // One that could not load is tried again from the start; others keep their worker.
    if (
      await files?.ready.then(
        () => false,
        () => true,
      )
    )
      files = undefined;
    throw error;
  }
}

/** Loads the engine for the next run ahead of time. */
export function warmUp(): void {
  spare ??= new Engine();
}

/** A program that runs. */
export interface Program {
  readonly started: Promise<void>;
  readonly outcome: Promise<Outcome>;
  stop(): void;
}

/** Runs `source` in a worker of its own. */
export function startProgram(source: string, listener: Listener): Program {
  const engine = spare ?? new Engine();
  spare = undefined;
  engine.listener = listener;
  const outcome = engine.call('run', { source, digits: DIGITS }).finally(() => {
    warmUp();
    // What the program did not await may still print, for a moment.
    setTimeout(() => engine.stop(), LINGER_MS);
  });
  return { started: engine.ready, outcome, stop: () => engine.stop() };
}
