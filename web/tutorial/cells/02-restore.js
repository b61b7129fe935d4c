import * as tf from 'tensorbundle';

await tf.ready();

// Where the checkpoint is · 检查点在哪里
const saveFile = './model.ckpt';

// Begin with an empty graph · 从一张空的图开始
tf.resetDefaultGraph();

// The same variables, in the same order · 同样的变量，同样的顺序
const weights = new tf.Variable(tf.truncatedNormal([2, 3]));
const bias = new tf.Variable(tf.truncatedNormal([3]));

const saver = new tf.train.Saver();

await tf.withSession(async (sess) => {
  // No initializer: the values come from the file · 不用初始化，值来自文件
  await saver.restore(sess, saveFile);

  console.log('Weights:');
  console.log(sess.run(weights));
  console.log('Bias:');
  console.log(sess.run(bias));
});
