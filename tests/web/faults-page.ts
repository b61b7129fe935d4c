// Savers and IndexedDB in a page: every request fails once. Loaded from /tests/, the package from /dist/.

import type * as TensorBundle from 'tensorbundle';
import { everyFault, FAULT_CASES } from '../bindings/runtime/saver/fault-cases.js';
import { failingRequests } from '../bindings/runtime/saver/fault-indexeddb.js';

export { FAULT_CASES };

/** Runs one case; how many faults there were. */
export async function runFaults(name: string): Promise<number> {
  const url = '/dist/index.web.js';
  const tf: typeof TensorBundle = await import(url);
  await tf.ready();
  tf.setLogHandler(null);
  const session = Math.random().toString(36).slice(2);
  return everyFault(tf, failingRequests(`indexeddb://${session}-`), name);
}

/** The lesson's naming error and a save with retention, by IndexedDB: what is printed. */
export async function runLesson(): Promise<string[]> {
  const url = '/dist/index.web.js';
  const tf: typeof TensorBundle = await import(url);
  await tf.ready();
  tf.setLogHandler(null);
  const folder = `lesson-${Math.random().toString(36).slice(2)}`;
  const printed: string[] = [];
  new tf.Variable(tf.truncatedNormal([2, 3]));
  new tf.Variable(tf.truncatedNormal([3]));
  const saver = new tf.train.Saver(null, { maxToKeep: 2 });
  await tf.withSession(async (sess) => {
    sess.run(tf.globalVariablesInitializer());
    for (const globalStep of [1, 2, 3]) await saver.save(sess, `${folder}/m`, { globalStep });
  });
  const { files } = tf.locate(`${folder}/m`);
  printed.push((await files.list()).map(({ name }) => name).join(' '));
  printed.push((await tf.train.latestCheckpoint(folder))!.replace(folder, 'folder'));
  tf.resetDefaultGraph();
  new tf.Variable(tf.truncatedNormal([3]));
  new tf.Variable(tf.truncatedNormal([2, 3]));
  await tf.withSession(async (sess) => {
    const error = await new tf.train.Saver().restore(sess, `${folder}/m-3`).catch((it) => it);
    printed.push(error.message.slice(error.message.indexOf('Assign')));
  });
  return printed;
}
