import * as tf from 'tensorbundle';

await tf.ready();
const saveFile = './names.ckpt';

// The names are ours now · 名字由我们来起
tf.resetDefaultGraph();
let weights = new tf.Variable(tf.truncatedNormal([2, 3]), { name: 'weights_0' });
let bias = new tf.Variable(tf.truncatedNormal([3]), { name: 'bias_0' });
let saver = new tf.train.Saver();
console.log(`Save Weights: ${weights.name}`);
console.log(`Save Bias: ${bias.name}`);
await tf.withSession(async (sess) => {
  sess.run(tf.globalVariablesInitializer());
  await saver.save(sess, saveFile);
});

// The order no longer matters · 顺序不再重要
tf.resetDefaultGraph();
bias = new tf.Variable(tf.truncatedNormal([3]), { name: 'bias_0' });
weights = new tf.Variable(tf.truncatedNormal([2, 3]), { name: 'weights_0' });
saver = new tf.train.Saver();
console.log(`Load Weights: ${weights.name}`);
console.log(`Load Bias: ${bias.name}`);
await tf.withSession(async (sess) => {
  await saver.restore(sess, saveFile);
  console.log('Loaded Weights and Bias successfully.');
});
