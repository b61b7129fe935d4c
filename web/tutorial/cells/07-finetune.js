import * as tf from 'tensorbundle';
import { digits } from 'tensorbundle/digits';

await tf.ready();
tf.resetDefaultGraph();
tf.setRandomSeed(1);

const data = await tf.readDataSets(digits, { oneHot: true, validationSize: 200 });
const features = tf.placeholder(tf.float32, [null, 64]);
const labels = tf.placeholder(tf.float32, [null, 10]);
const feed = (images, classes) => [
  [features, images],
  [labels, classes],
];

// The old layer under a new name · 旧的一层，新的名字
const weights = new tf.Variable(tf.zeros([64, 10]), { name: 'linear/weights' });
const bias = new tf.Variable(tf.zeros([10]), { name: 'linear/bias' });
const linear = tf.add(tf.matMul(features, weights), bias);

// A new layer beside it, which has learned nothing yet · 旁边加一层新的，还什么都没学
const hidden = tf.layers.dense(features, 32, { activation: tf.nn.relu, name: 'hidden' });
const correction = tf.layers.dense(hidden, 10, {
  kernelInitializer: tf.zerosInitializer(),
  name: 'correction',
});
const logits = tf.add(linear, correction);

const cost = tf.reduceMean(tf.nn.softmaxCrossEntropyWithLogits({ logits, labels }));
const globalStep = tf.train.getOrCreateGlobalStep();
const train = new tf.train.AdamOptimizer(0.003).minimize(cost, { globalStep });
const correct = tf.equal(tf.argMax(logits, 1), tf.argMax(labels, 1));
const accuracy = tf.reduceMean(tf.cast(correct, tf.float32));

// The file says Variable and Variable_1; here they have other names · 文件里叫 Variable 和 Variable_1
const loader = new tf.train.Saver({ Variable: weights, Variable_1: bias });
const saver = new tf.train.Saver();

await tf.withSession(async (sess) => {
  // First everything gets a value, then the old layer its trained one · 先初始化，再读入训练好的值
  sess.run(tf.globalVariablesInitializer());
  await loader.restore(sess, './train_model.ckpt');

  const { train: examples, test } = data;
  const feeds = feed(test.images, test.labels);
  console.log(`Before: Test Accuracy: ${sess.run(accuracy, feeds)}`);

  const nEpochs = 40;
  console.log(`Training for ${nEpochs} epochs`);
  for (let epoch = 0; epoch <= nEpochs; epoch += 1) {
    let loss = 0;
    for (let i = 0; i < Math.ceil(examples.numExamples / 128); i += 1) {
      const [images, classes] = examples.nextBatch(128);
      loss = sess.run([cost, train], feed(images, classes))[0].item();
    }
    if (epoch % 4 === 0) {
      const right = sess.run(accuracy, feeds).item();
      console.log(`Epoch ${String(epoch).padEnd(3)} - Loss: ${loss} - Test Accuracy: ${right}`);
    }
  }

  console.log(`Saved ${await saver.save(sess, './finetuned.ckpt', { globalStep })}`);
});
