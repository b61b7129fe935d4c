import * as tf from 'tensorbundle';

await tf.ready();
const saveFile = './names.ckpt';

// One program saves weights and bias · 一个程序先建权重，再建偏置
tf.resetDefaultGraph();
let weights = new tf.Variable(tf.truncatedNormal([2, 3]));
let bias = new tf.Variable(tf.truncatedNormal([3]));
let saver = new tf.train.Saver();
console.log(`Save Weights: ${weights.name}`);
console.log(`Save Bias: ${bias.name}`);
await tf.withSession(async (sess) => {
  sess.run(tf.globalVariablesInitializer());
  await saver.save(sess, saveFile);
});

// Another makes the bias first · 另一个程序先建偏置
tf.resetDefaultGraph();
bias = new tf.Variable(tf.truncatedNormal([3]));
weights = new tf.Variable(tf.truncatedNormal([2, 3]));
saver = new tf.train.Saver();
console.log(`Load Weights: ${weights.name}`);
console.log(`Load Bias: ${bias.name}`);
await tf.withSession(async (sess) => {
  await saver.restore(sess, saveFile);
});
