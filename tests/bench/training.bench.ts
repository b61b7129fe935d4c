/// Training and its parts beside TensorFlow.js with its WebAssembly backend: one process, one thread, in turns.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from 'tensorbundle/node';
import { bestTimes, type Case } from './harness.js';

const BATCH = 128;

/** tests/bench/tfjs/peer.mjs */
interface Peer {
  readonly description: string;
  trainer(options: Model): {
    step(images: Float32Array, labels: Float32Array): number;
    close(): void;
  };
  product(shape: Product): () => void;
  truncatedNormal(count: number): () => void;
}

interface Model {
  readonly hidden: number;
  readonly optimizer: 'SGD' | 'Adam';
  readonly batch: number;
}

interface Product {
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

async function loadPeer(): Promise<Peer> {
  const folder = join(process.cwd(), 'tests/bench/tfjs');
  if (!existsSync(join(folder, 'node_modules'))) {
    const args = ['install', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
    const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit' });
    if (status !== 0) throw new Error('TensorFlow.js cannot be installed');
  }
  return (await import(pathToFileURL(join(folder, 'peer.mjs')).href)) as Peer;
}

/** How often a second `ours` and `theirs` run. */
async function race(
  ours: Case['run'],
  theirs: Case['run'],
): Promise<[ours: number, theirs: number]> {
  const [our, their] = await bestTimes([{ run: ours }, { run: theirs }]);
  return [1000 / our!, 1000 / their!];
}

function report(name: string, [ours, theirs]: readonly [number, number], unit: string): void {
  const cells = [ours, theirs].map((value) => value.toFixed(value < 100 ? 1 : 0).padStart(10));
  console.log(
    `  ${name.padEnd(34)}${cells.join('')}  ${unit.padEnd(9)}${(ours / theirs).toFixed(2).padStart(7)}x`,
  );
}

function trainer({ hidden, optimizer }: Model) {
  tf.resetDefaultGraph();
  tf.setRandomSeed(1);
  const x = tf.placeholder('float32', [BATCH, 784]);
  const y = tf.placeholder('float32', [BATCH, 10]);
  const inputs = hidden === 0 ? x : tf.layers.dense(x, hidden, { activation: tf.nn.relu });
  const logits = tf.layers.dense(inputs, 10);
  const loss = tf.reduceMean(tf.nn.softmaxCrossEntropyWithLogits({ labels: y, logits }));
  const method =
    optimizer === 'Adam'
      ? new tf.train.AdamOptimizer()
      : new tf.train.GradientDescentOptimizer(0.1);
  const train = method.minimize(loss);
  const init = tf.globalVariablesInitializer();
  const sess = new tf.Session();
  sess.run(init);
  return {
    step(images: Float32Array, labels: Float32Array): number {
      const feeds = [
        [x, tf.ndarray(images, [BATCH, 784])],
        [y, tf.ndarray(labels, [BATCH, 10])],
      ] as const;
      return Number(sess.run([loss, train], feeds)[0].item());
    },
    close: () => sess.close(),
  };
}

function product({ rows, depth, columns, transposeA = false, transposeB = false }: Product) {
  tf.resetDefaultGraph();
  const a = new tf.Variable(tf.randomUniform(transposeA ? [depth, rows] : [rows, depth]));
  const b = new tf.Variable(tf.randomUniform(transposeB ? [columns, depth] : [depth, columns]));
  const c = tf.matMul(a, b, { transposeA, transposeB });
  const init = tf.globalVariablesInitializer();
  const sess = new tf.Session();
  sess.run(init);
  return { run: () => void sess.run(c), close: () => sess.close() };
}

await tf.ready();
const peer = await loadPeer();
console.log(`\nBatch ${BATCH}, the loss read back after each step; beside ${peer.description}`);
console.log(`  ${''.padEnd(34)}      ours      tfjs`);

const images = Float32Array.from({ length: BATCH * 784 }, (_, i) => Math.abs(Math.sin(i * i)));
const labels = new Float32Array(BATCH * 10);
for (let row = 0; row < BATCH; ++row) labels[row * 10 + (row % 10)] = 1;

for (const hidden of [0, 128]) {
  for (const optimizer of ['SGD', 'Adam'] as const) {
    const model = { hidden, optimizer, batch: BATCH };
    const ours = trainer(model);
    const theirs = peer.trainer(model);
    const name = hidden === 0 ? 'softmax 784-10' : `MLP 784-${hidden}-10`;
    report(
      `${name}, ${optimizer}`,
      await race(
        () => void ours.step(images, labels),
        () => void theirs.step(images, labels),
      ),
      'steps/s',
    );
    ours.close();
    theirs.close();
  }
}

const PRODUCTS: readonly (readonly [string, Product])[] = [
  ['512^3', { rows: 512, depth: 512, columns: 512 }],
  ['x W, 128x784 x 784x128', { rows: 128, depth: 784, columns: 128 }],
  ['x^T dy, 784x128 x 128x128', { rows: 784, depth: 128, columns: 128, transposeA: true }],
  ['dy W^T, 128x128 x 128x784', { rows: 128, depth: 128, columns: 784, transposeB: true }],
  ['x W, 128x784 x 784x10', { rows: 128, depth: 784, columns: 10 }],
  ['x^T dy, 784x128 x 128x10', { rows: 784, depth: 128, columns: 10, transposeA: true }],
  ['x W, 1x784 x 784x128', { rows: 1, depth: 784, columns: 128 }],
];
for (const [name, shape] of PRODUCTS) {
  const ours = product(shape);
  const rates = await race(ours.run, peer.product(shape));
  ours.close();
  const work = 2e-9 * shape.rows * shape.depth * shape.columns;
  report(`matMul ${name}`, [rates[0] * work, rates[1] * work], 'GFLOP/s');
}

const COUNT = 1_000_000;
tf.resetDefaultGraph();
const normals = tf.truncatedNormal([COUNT], { seed: 1 });
const sess = new tf.Session();
const rates = await race(() => void sess.run(normals), peer.truncatedNormal(COUNT));
report('truncatedNormal, 1,000,000', [rates[0], rates[1]], 'per s');
console.log(`  ${''.padEnd(34)}${(1000 / rates[0]).toFixed(2).padStart(10)} ms each`);
sess.close();
