/// A worker with the engine in it. The page keeps one for the files and gives each run of a cell a
/// fresh one, so that a program never sees what another left behind.

import * as tf from 'tensorbundle/web';
import { describe } from '../../shared/problem.js';
import { answerCalls, sendEvent } from '../../shared/worker-calls.js';
import { forwardConsole } from './console.js';
import * as files from './files.js';
import type { Calls, Event } from './protocol.js';
import { run } from './run.js';

const send = (event: Event): void => sendEvent(event);

answerCalls<Calls>({ run, ...files }, tf.ready());

forwardConsole((lines) => send({ kind: 'lines', lines }));

addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  send({ kind: 'stray', problem: describe(event.reason) });
});
