/// Folders of their own for tests that write checkpoints, and short ways to write their programs.

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach } from 'node:test';
import * as tf from 'tensorbundle';

/** Loads the engine and empties the default graph before each test; gives prefixes in new folders. */
export function inFolders(): (name?: string) => Promise<string> {
  let folder: string;
  let count = 0;
  before(async () => {
    await tf.ready();
    tf.setLogHandler(null);
    folder = await mkdtemp(join(tmpdir(), 'tensorbundle-checkpoint-'));
  });
  after(() => rm(folder, { recursive: true }));
  beforeEach(() => tf.resetDefaultGraph());
  return async (name = 'ckpt') => {
    const dir = join(folder, String(count++));
    await mkdir(dir);
    return join(dir, name);
  };
}

/** A variable of float32. */
export const float = (value: number | number[], name?: string): tf.Variable =>
  new tf.Variable(tf.constant(value, { dtype: tf.float32 }), { name });

/** A session in which every variable is initialised. */
export function started(): tf.Session {
  const sess = new tf.Session();
  sess.run(tf.globalVariablesInitializer());
  return sess;
}
