/// The inspector's worker: the engine and the checkpoint that is open, away from the page's thread.

import * as tf from 'tensorbundle/web';
import { answerCalls } from '../../shared/worker-calls.js';
import type { Calls } from './protocol.js';
import * as session from './session.js';

answerCalls<Calls>({ ...session }, tf.ready());
