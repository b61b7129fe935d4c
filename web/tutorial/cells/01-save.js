import * as tf from 'tensorbundle';

await tf.ready();

// Where to save · 保存到哪里
const saveFile = './model.ckpt';

// Two variables: weights and bias · 两个变量：权重和偏置
const weights = new tf.Variable(tf.truncatedNormal([2, 3]));
const bias = new tf.Variable(tf.truncatedNormal([3]));

// Saves and restores variables · 负责存取变量
const saver = new tf.train.Saver();

await tf.withSession(async (sess) => {
  // Give the variables their first values · 给变量赋初值
  sess.run(tf.globalVariablesInitializer());

  console.log('Weights:');
  console.log(sess.run(weights));
  console.log('Bias:');
  console.log(sess.run(bias));

  // Write the checkpoint · 写出检查点
  await saver.save(sess, saveFile);
});
