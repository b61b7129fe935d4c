// The same work in TensorFlow.js with its WebAssembly backend, on one thread with SIMD.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs');
const wasm = require('@tensorflow/tfjs-backend-wasm');

wasm.setWasmPaths(
  join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist/'),
);
wasm.setThreadsCount(1);
await tf.setBackend('wasm');
await tf.ready();

/** The version, and which of its binaries runs. */
export const description = `@tensorflow/tfjs ${tf.version_core ?? tf.version['tfjs-core']} (${tf.getBackend()}, SIMD ${await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')}, 1 thread)`;

/** A classifier of 784 inputs and 10 classes; `step(images, labels)` trains on a batch and gives its loss. */
export function trainer({ hidden, optimizer, batch }) {
  const sizes = hidden === 0 ? [784, 10] : [784, hidden, 10];
  const layers = sizes.slice(1).map((units, i) => ({
    weights: tf.variable(tf.truncatedNormal([sizes[i], units], 0, 0.05)),
    bias: tf.variable(tf.zeros([units])),
  }));
  const method = optimizer === 'Adam' ? tf.train.adam(0.001) : tf.train.sgd(0.1);
  return {
    step(images, labels) {
      return tf.tidy(() => {
        const x = tf.tensor2d(images, [batch, 784]);
        const y = tf.tensor2d(labels, [batch, 10]);
        const cost = method.minimize(() => {
          let activations = x;
          layers.forEach(({ weights, bias }, i) => {
            activations = tf.add(tf.matMul(activations, weights), bias);
            if (i + 1 < layers.length) activations = tf.relu(activations);
          });
          return tf.losses.softmaxCrossEntropy(y, activations);
        }, true);
        return cost.dataSync()[0];
      });
    },
    close() {
      for (const { weights, bias } of layers) tf.dispose([weights, bias]);
      method.dispose();
    },
  };
}

/** A product of two matrices that stay where they are; `run()` computes it and reads it back. */
export function product({ rows, depth, columns, transposeA = false, transposeB = false }) {
  const a = tf.randomUniform(transposeA ? [depth, rows] : [rows, depth]);
  const b = tf.randomUniform(transposeB ? [columns, depth] : [depth, columns]);
  return () => {
    const c = tf.matMul(a, b, transposeA, transposeB);
    c.dataSync();
    c.dispose();
  };
}

/** `count` truncated normals, read back. */
export function truncatedNormal(count) {
  return () => {
    const values = tf.truncatedNormal([count]);
    values.dataSync();
    values.dispose();
  };
}
