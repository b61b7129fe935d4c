import * as tf from 'tensorbundle';

await tf.ready();

const w = new tf.Variable(tf.truncatedNormal([2, 3]));
const saver = new tf.train.Saver();

await tf.withSession(async (sess) => {
  sess.run(tf.globalVariablesInitializer());
  console.log(sess.run(w));
  await saver.save(sess, './model.ckpt');
});
