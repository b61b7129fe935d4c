/// A million truncated normals through the whole runtime, against a uniform fill and against plain copying.

import * as tf from 'tensorbundle';
import { compare } from './harness.js';

await tf.ready();
const COUNT = 1_000_000;
const source = new Float32Array(COUNT).fill(0.5);
const target = new Float32Array(COUNT);
const normal = tf.truncatedNormal([COUNT], { seed: 1 });
const uniform = tf.randomUniform([COUNT], { seed: 1 });
const sess = new tf.Session();

await compare(
  '1,000,000 float32 from sess.run',
  { name: 'copying a Float32Array', items: COUNT, run: () => target.set(source) },
  [
    { name: 'tf.randomUniform', items: COUNT, run: () => void sess.run(uniform) },
    { name: 'tf.truncatedNormal', items: COUNT, run: () => void sess.run(normal) },
  ],
);
sess.close();
