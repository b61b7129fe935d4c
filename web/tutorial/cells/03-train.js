import * as tf from 'tensorbundle';
import { digits } from 'tensorbundle/digits';

await tf.ready();
tf.resetDefaultGraph();
tf.setRandomSeed(1);

const learningRate = 0.1;
const batchSize = 128;
const nEpochs = 100;

const nInput = 64; // 8 x 8 pixels · 8 x 8 个像素
const nClasses = 10; // the digits 0 to 9 · 数字 0 到 9

// Images and labels · 图像和标签
const data = await tf.readDataSets(digits, { oneHot: true, validationSize: 200 });
const features = tf.placeholder(tf.float32, [null, nInput]);
const labels = tf.placeholder(tf.float32, [null, nClasses]);
const feed = (images, classes) => [
  [features, images],
  [labels, classes],
];

// Weights and bias · 权重和偏置
const weights = new tf.Variable(tf.randomNormal([nInput, nClasses]));
const bias = new tf.Variable(tf.randomNormal([nClasses]));

// The model: xW + b · 模型：xW + b
const logits = tf.add(tf.matMul(features, weights), bias);

// Loss and optimizer · 损失和优化器
const cost = tf.reduceMean(tf.nn.softmaxCrossEntropyWithLogits({ logits, labels }));
const optimizer = new tf.train.GradientDescentOptimizer(learningRate).minimize(cost);

// How many are right · 猜对了多少
const correct = tf.equal(tf.argMax(logits, 1), tf.argMax(labels, 1));
const accuracy = tf.reduceMean(tf.cast(correct, tf.float32));

const saveFile = './train_model.ckpt';
const saver = new tf.train.Saver();

await tf.withSession(async (sess) => {
  sess.run(tf.globalVariablesInitializer());
  console.log(`Training for ${nEpochs} epochs`);

  const { train, validation } = data;
  const batches = Math.ceil(train.numExamples / batchSize);
  for (let epoch = 0; epoch <= nEpochs; epoch += 1) {
    let loss = 0;
    for (let i = 0; i < batches; i += 1) {
      const [images, classes] = train.nextBatch(batchSize);
      loss = sess.run([cost, optimizer], feed(images, classes))[0].item();
    }
    if (epoch % 10 === 0) {
      const right = sess.run(accuracy, feed(validation.images, validation.labels)).item();
      console.log(
        `Epoch ${String(epoch).padEnd(3)} - Loss: ${loss} - Validation Accuracy: ${right}`,
      );
    }
  }

  await saver.save(sess, saveFile);
  console.log('Trained Model Saved.');
});
