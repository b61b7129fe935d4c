// What the tests of tf.train.Saver share: a folder that goes, and the lesson's two variables.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach } from 'node:test';
import * as tf from 'tensorbundle';

let root = '';
let count = 0;

/** Prepares and clears away what `fresh` needs; to be called once in each file of tests. */
export function useFolder(): void {
  before(async () => {
    await tf.ready();
    tf.setLogHandler(null);
    root = await mkdtemp(join(tmpdir(), 'tensorbundle-saver-'));
  });
  after(() => rm(root, { recursive: true }));
  beforeEach(() => tf.resetDefaultGraph());
}

/** A path in the tests' folder; nothing is made. */
export const inRoot = (...parts: string[]): string => join(root, ...parts);

/** A prefix in a folder of its own. */
export async function fresh(name = 'model.ckpt'): Promise<string> {
  const dir = inRoot(String(count++));
  await mkdir(dir);
  return join(dir, name);
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

// Written by TensorFlow 1.15's BundleWriter from the values below: 154 and 36 bytes.
export const INDEX =
  '00000608011a0208010008135661726961626c65080112081202080212020803' +
  '281835be9fe4b70802115f3108011204120208032018280c35d6ec9774000000' +
  '00010000000064057803000000000100000000c0f2a1b0000102570045000000' +
  '0001000000007fab21054a08570e000000000000000000000000000000000000' +
  '00000000000000000000000000000000000057fb808b247547db';
export const DATA_SHA256 = '43758fe7499082cbe62a0e841633c8b910fc36739a3c20cdf69afa2922391b5e';

export const WEIGHTS = [
  [-0.97990924, 1.03016174, 0.74119264],
  [-0.82581609, -0.07361362, -0.86653847],
];
export const BIAS = [1.62978125, -0.37812829, 0.64723819];

/** The lesson's two variables with the values of the lesson's own output. */
export function lessonVariables(): { weights: tf.Variable; bias: tf.Variable } {
  const weights = new tf.Variable(tf.constant(WEIGHTS));
  const bias = new tf.Variable(tf.constant(BIAS));
  return { weights, bias };
}

/** Saves them. */
export async function saveLesson(prefix: string): Promise<void> {
  lessonVariables();
  const saver = new tf.train.Saver();
  await tf.withSession(async (sess) => {
    sess.run(tf.globalVariablesInitializer());
    assert.equal(await saver.save(sess, prefix), prefix);
  });
}

/** Runs `body` in a session in which the variables of the default graph are initialised. */
export function inSession<T>(body: (sess: tf.Session) => T | Promise<T>): Promise<T> {
  return tf.withSession((sess) => {
    sess.run(tf.globalVariablesInitializer());
    return body(sess);
  });
}

/** The lines that are logged while `body` runs. */
export async function logged(body: () => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  tf.setLogHandler((line) => lines.push(line));
  try {
    await body();
  } finally {
    tf.setLogHandler(null);
  }
  return lines;
}
