import * as tf from 'tensorbundle';
import { digits } from 'tensorbundle/digits';

await tf.ready();
tf.resetDefaultGraph();

const data = await tf.readDataSets(digits, { oneHot: true, validationSize: 200 });
const features = tf.placeholder(tf.float32, [null, 64]);
const labels = tf.placeholder(tf.float32, [null, 10]);

// The same variables in the same order · 同样的变量，同样的顺序
const weights = new tf.Variable(tf.randomNormal([64, 10]));
const bias = new tf.Variable(tf.randomNormal([10]));

const logits = tf.add(tf.matMul(features, weights), bias);
const correct = tf.equal(tf.argMax(logits, 1), tf.argMax(labels, 1));
const accuracy = tf.reduceMean(tf.cast(correct, tf.float32));

const saver = new tf.train.Saver();

await tf.withSession(async (sess) => {
  // What was trained comes back · 训练的结果回来了
  await saver.restore(sess, './train_model.ckpt');

  const { images, labels: classes } = data.test;
  const feeds = new Map([
    [features, images],
    [labels, classes],
  ]);
  const right = sess.run(accuracy, feeds);
  console.log(`Test Accuracy: ${right}`);
});
