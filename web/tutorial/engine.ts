/// The page's side of its workers: one for the files, and always one warm for the next run.

import type { Problem } from '../shared/problem.js';
import { Remote } from '../shared/remote.js';
import type { Calls, Event, Line, Outcome } from './worker/protocol.js';

/** What a program does while it runs. */
export interface Listener {
  lines?(lines: readonly Line[]): void;
  /** A promise nobody awaited was rejected, perhaps after the end. */
  stray?(problem: Problem): void;
}

function startEngine(): Remote<Calls> {
  return new Remote(new Worker(new URL('./worker/worker.ts', import.meta.url), { type: 'module' }));
}

const LINGER_MS = 3000;

/** The site has the package's digits beside the lesson. */
const DIGITS = new URL('../digits/', document.baseURI).href;

let files: Remote<Calls> | undefined;
let spare: Remote<Calls> | undefined;

/** Asks the worker of the files, which is started when first needed. */
export async function askFiles<K extends keyof Calls>(
  call: K,
  argument?: Parameters<Calls[K]>[0],
): Promise<Awaited<ReturnType<Calls[K]>>> {
  files ??= startEngine();
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
  spare ??= startEngine();
}

/** A program that runs. */
export interface Program {
  readonly started: Promise<void>;
  readonly outcome: Promise<Outcome>;
  stop(): void;
}

/** Runs `source` in a worker of its own. */
export function startProgram(source: string, listener: Listener): Program {
  const engine = spare ?? startEngine();
  spare = undefined;
  engine.onEvent = (event) => {
    const what = event as Event;
    if (what.kind === 'lines') listener.lines?.(what.lines);
    else listener.stray?.(what.problem);
  };
  const outcome = engine.call('run', { source, digits: DIGITS }).finally(() => {
    warmUp();
    // What the program did not await may still print, for a moment.
    setTimeout(() => engine.stop(), LINGER_MS);
  });
  return { started: engine.ready, outcome, stop: () => engine.stop() };
}
