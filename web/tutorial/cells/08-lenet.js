import * as tf from 'tensorbundle';
import { digits } from 'tensorbundle/digits';

await tf.ready();
tf.resetDefaultGraph();
tf.setRandomSeed(1);

const saveFile = './lenet.ckpt';
const nEpochs = 16;
const half = 8;

const readDigits = () => tf.readDataSets(digits, { validationSize: 200, reshape: false });
const data = await readDigits();
const images = tf.placeholder(tf.float32, [null, 8, 8, 1], { name: 'images' });
const classes = tf.placeholder(tf.int32, [null], { name: 'classes' });
const feed = (x, y) => [
  [images, x],
  [classes, y],
];

// Two convolutions with pooling, two dense layers · 两次卷积加池化，两个全连接层
const relu = { padding: 'same', activation: tf.nn.relu };
const conv1 = tf.layers.conv2d(images, 16, 3, { ...relu, name: 'conv1' });
const pool1 = tf.nn.maxPool(conv1, [1, 2, 2, 1], [1, 2, 2, 1], 'SAME');
const conv2 = tf.layers.conv2d(pool1, 32, 3, { ...relu, name: 'conv2' });
const pool2 = tf.nn.maxPool(conv2, [1, 2, 2, 1], [1, 2, 2, 1], 'SAME');
const flat = tf.layers.flatten(pool2);
const dense = tf.layers.dense(flat, 64, { activation: tf.nn.relu, name: 'dense' });
const logits = tf.layers.dense(dense, 10, { name: 'logits' });

const cost = tf.reduceMean(tf.nn.sparseSoftmaxCrossEntropyWithLogits({ logits, labels: classes }));
const globalStep = tf.train.getOrCreateGlobalStep();
const step = new tf.train.AdamOptimizer(0.002).minimize(cost, { globalStep });
const correct = tf.equal(tf.argMax(logits, 1, { outputType: tf.int32 }), classes);
const accuracy = tf.reduceMean(tf.cast(correct, tf.float32));
const saver = new tf.train.Saver();

const perEpoch = 10;
const batchSize = 128;

function trainEpochs(sess, train, from, to) {
  let loss = 0;
  for (let epoch = from; epoch < to; epoch += 1) {
    for (let i = 0; i < perEpoch; i += 1) {
      const [x, y] = train.nextBatch(batchSize);
      loss = sess.run([cost, step], feed(x, y))[0].item();
    }
    const right = sess.run(accuracy, feed(data.test.images, data.test.labels)).item();
    console.log(`Epoch ${epoch + 1}/${nEpochs} - Loss: ${loss} - Test Accuracy: ${right}`);
  }
  return loss;
}

// In one go, with a checkpoint in the middle · 一口气练完，中途存一次
const [path, loss] = await tf.withSession(async (sess) => {
  sess.run(tf.globalVariablesInitializer());
  trainEpochs(sess, data.train, 0, half);
  const saved = await saver.save(sess, saveFile, { globalStep });
  console.log(`Saved ${saved}`);
  return [saved, trainEpochs(sess, data.train, half, nEpochs)];
});

// A new session knows nothing; the file knows everything · 新会话一无所知，文件里什么都有
const again = await readDigits();
for (let i = 0; i < half * perEpoch; i += 1) again.train.nextBatch(batchSize);
const resumed = await tf.withSession(async (sess) => {
  await saver.restore(sess, path);
  console.log(`Restored ${path}, global step ${sess.run(globalStep)}`);
  return trainEpochs(sess, again.train, half, nEpochs);
});
console.log(resumed === loss ? 'The same loss, bit for bit.' : `${resumed} is not ${loss}`);
