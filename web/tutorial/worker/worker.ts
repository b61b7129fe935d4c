/// A worker with the engine in it. The page keeps one for the files and gives each run of a cell a
/// fresh one, so that a program never sees what another left behind.

import * as tf from 'tensorbundle/web';
import { forwardConsole } from './console.js';
import * as files from './files.js';
import { describe } from './problem.js';
import type { Calls, Message, Request } from './protocol.js';
import { run } from './run.js';

const post = (message: Message, transfer: Transferable[] = []): void =>
  // The DOM's types know only the window's postMessage.
  (postMessage as unknown as (m: Message, t: Transferable[]) => void)(message, transfer);

const calls: Calls = { run, ...files };

const ready: Promise<unknown> = tf.ready().then(
  () => post({ kind: 'ready' }),
  (error: unknown) => post({ kind: 'broken', problem: describe(error) }),
);

forwardConsole((lines) => post({ kind: 'lines', lines }));

addEventListener('message', async (event: MessageEvent<Request>) => {
  const { id, call, argument } = event.data;
  await ready;
  try {
    const value = await (calls[call] as (argument: unknown) => Promise<unknown>)(argument);
    post({ kind: 'reply', id, value });
  } catch (error) {
    post({ kind: 'refusal', id, problem: describe(error) });
  }
});

addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  post({ kind: 'stray', problem: describe(event.reason) });
});
