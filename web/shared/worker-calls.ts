/// Calls to a worker: the worker's side. remote.ts is the other.

import { describe } from './problem.js';
import type { CallMap, Message, Request } from './remote.js';

const post = (message: Message): void =>
  // The DOM's types know only the window's postMessage.
  (postMessage as unknown as (m: Message) => void)(message);

/** Sends something that no call asked for. */
export function sendEvent(event: unknown): void {
  post({ kind: 'event', event });
}

/** Answers `calls` from now on, once `ready` is fulfilled; what they throw the page gets as a refusal. */
export function answerCalls<C extends CallMap<C>>(calls: C, ready: Promise<unknown>): void {
  ready.then(
    () => post({ kind: 'ready' }),
    (error: unknown) => post({ kind: 'broken', problem: describe(error) }),
  );
  const answers = calls as unknown as Record<string, (argument: unknown) => Promise<unknown>>;
  addEventListener('message', async ({ data }: MessageEvent<Request>) => {
    const { id, call, argument } = data;
    await ready;
    try {
      const value = await answers[call]!(argument);
      post({ kind: 'reply', id, value });
    } catch (error) {
      post({ kind: 'refusal', id, problem: describe(error) });
    }
  });
}
