// tf.train.Checkpoint: keys, object graph and files are TensorFlow's byte for byte, and values come back by the objects'
// names (engine/docs/object-checkpoints.md).

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import * as tf from 'tensorbundle';
import { parseObjectGraph, serializeObjectGraph } from '#dist/core/object-graph.js';
import { ADAM_OBJECT_GRAPH, SGD_DATA_SHA256, SGD_INDEX } from './facts.js';
import { float, inFolders, started } from './folder.js';

const fresh = inFolders();

const graphOf = async (path: string) => {
  const value = await tf.train.loadVariable(path, '_CHECKPOINTABLE_OBJECT_GRAPH');
  return value.item() as Uint8Array;
};
const keysOf = async (path: string) =>
  (await tf.train.listVariables(path))
    .map(([name]) => name)
    .filter((name) => name.endsWith('/.ATTRIBUTES/VARIABLE_VALUE'))
    .map((name) => name.replace('/.ATTRIBUTES/VARIABLE_VALUE', ''));
/** An optimizer by its interface alone. */
class Optimizer implements tf.Trackable, tf.SlotOwner {
  readonly #settings: [string, tf.Variable][];
  readonly #slots: Record<string, Map<tf.Variable, tf.Variable>>;

  constructor(
    settings: Record<string, tf.Variable>,
    slots: Record<string, Map<tf.Variable, tf.Variable>> = {},
  ) {
    this.#settings = Object.entries(settings);
    this.#slots = slots;
  }

  trackableChildren() {
    return this.#settings;
  }

  getSlotNames() {
    return Object.keys(this.#slots);
  }

  getSlot(variable: tf.Variable, name: string) {
    return this.#slots[name]?.get(variable);
  }
}

test('write gives the files that TensorFlow 2.5 wrote, byte for byte', async () => {
  const w = float([0], 'w');
  const b = float([0], 'b');
  const rate = float(0, 'SGD/learning_rate');
  const optimizer = new Optimizer({
    iter: new tf.Variable(tf.ndarray(0n, [], 'int64'), { name: 'SGD/iter' }),
    decay: float(0, 'SGD/decay'),
    learning_rate: rate,
    momentum: float(0, 'SGD/momentum'),
  });
  // Attached one by one, as to a Python object: in this order, not sorted.
  const checkpoint = Object.assign(new tf.train.Checkpoint(), { w, b, optimizer, signatures: {} });
  using sess = started();
  w.load([new Float32Array(Uint32Array.of(0x3e513360).buffer)[0]!], sess);
  rate.load(0.5, sess);
  const prefix = await fresh('variables');
  assert.equal(await checkpoint.write(prefix, { session: sess }), prefix);
  assert.deepEqual((await readdir(join(prefix, '..'))).sort(), [
    'variables.data-00000-of-00001',
    'variables.index',
  ]);
  const bytes = await readFile(`${prefix}.data-00000-of-00001`);
  assert.equal(createHash('sha256').update(bytes).digest('hex'), SGD_DATA_SHA256);
  assert.equal((await readFile(`${prefix}.index`)).toString('hex'), SGD_INDEX);
});

test('slot variables are nodes after all others, under keys of their own', async () => {
  const v = float(0, 'Variable');
  const settings = ['iter', 'beta_1', 'beta_2', 'decay', 'learning_rate'].map(
    (name) => [name, float(0, `Adam/${name}`)] as const,
  );
  const opt = new Optimizer(Object.fromEntries(settings), {
    m: new Map([[v, float(1, 'Adam/Variable/m')]]),
    v: new Map([[v, float(2, 'Adam/Variable/v')]]),
  });
  const checkpoint = Object.assign(new tf.train.Checkpoint(), { v, opt, signatures: {} });
  using sess = started();
  const path = await checkpoint.write(await fresh(), sess);
  assert.equal(Buffer.from(await graphOf(path)).toString('hex'), ADAM_OBJECT_GRAPH);
  assert.deepEqual(
    (await keysOf(path)).filter((key) => key.includes('SLOT')),
    ['v/.OPTIMIZER_SLOT/opt/m', 'v/.OPTIMIZER_SLOT/opt/v'],
  );
});

test('the parts of a new Checkpoint are sorted, and its counter comes last', async () => {
  const checkpoint = new tf.train.Checkpoint({
    b: float(1),
    Z: float(2),
    a: float(3),
    é: float(4),
  });
  using sess = started();
  const path = await checkpoint.save(await fresh(), { session: sess });
  const [root] = parseObjectGraph(await graphOf(path));
  assert.deepEqual(
    root!.children.map(({ localName, nodeId }) => `${nodeId} ${localName}`),
    ['1 Z', '2 a', '3 b', '4 é', '5 save_counter'],
  );
  Object.assign(checkpoint, { later: float(5) });
  sess.run(tf.variablesInitializer(tf.globalVariables().slice(-1)));
  const next = parseObjectGraph(await graphOf(await checkpoint.save(await fresh(), sess)));
  assert.deepEqual(
    next[0]!.children.map(({ localName }) => localName),
    ['Z', 'a', 'b', 'é', 'save_counter', 'later'],
  );
});

test('a variable has the shortest of its paths, escaped', async () => {
  const [deep, shared, odd] = [float(1), float(2), float(3)];
  const list = [shared, { 'a.b/c': odd }, 'text', 7];
  const model: Record<string, unknown> = { list, layer: new Map([['inner', { deep, shared }]]) };
  model.self = model;
  const checkpoint = new tf.train.Checkpoint({ model, x: [deep] });
  using sess = started();
  const path = await checkpoint.write(await fresh(), sess);
  assert.deepEqual((await keysOf(path)).sort(), ['model/list/0', 'model/list/1/a..b.Sc', 'x/0']);
  const nodes = parseObjectGraph(await graphOf(path));
  // Breadth first; the second way to an object is an edge and no node.
  assert.deepEqual(
    nodes.map(({ children }) => children.map(({ nodeId, localName }) => `${nodeId}${localName}`)),
    [
      ['1model', '2x'],
      ['3list', '4layer', '1self'],
      ['50'],
      ['60', '71'],
      ['8inner'],
      [],
      [],
      ['9a.b/c'],
      ['5deep', '6shared'],
      [],
    ],
  );
});

test('modules and what is no part of a checkpoint', async () => {
  class Layer extends tf.Module {
    readonly kernel = float([1, 2], 'layer/kernel');
    readonly activation = () => {};
    readonly product = this.kernel.mul(2);
    readonly #hidden = float(3);
    readonly units = this.#hidden ? 2 : 0;
  }
  class Stranger {
    readonly variable = float(1);
  }
  const checkpoint = new tf.train.Checkpoint({ model: new Layer() });
  Object.assign(checkpoint, { stranger: new Stranger(), number: 3 });
  using sess = started();
  const path = await checkpoint.write(await fresh(), sess);
  assert.deepEqual(await keysOf(path), ['model/kernel']);
  for (const part of [new Stranger(), 3, 'text', null, tf.constant(1)]) {
    assert.throws(() => new tf.train.Checkpoint({ part: part as object }), {
      name: 'ValueError',
      message: /^`Checkpoint` was expecting a trackable object .* got .*please open an issue\.$/,
      hint: /tf\.Module/,
    });
  }
});

test('save counts, names the checkpoint and keeps only it in the state file', async () => {
  const checkpoint = new tf.train.Checkpoint({ step: float(1) });
  using sess = started();
  const prefix = await fresh();
  assert.equal(await checkpoint.save(prefix, { session: sess }), `${prefix}-1`);
  assert.equal(await checkpoint.save(prefix, { session: sess }), `${prefix}-2`);
  const dir = join(prefix, '..');
  assert.equal(
    await readFile(join(dir, 'checkpoint'), 'utf8'),
    'model_checkpoint_path: "ckpt-2"\nall_model_checkpoint_paths: "ckpt-2"\n',
  );
  assert.deepEqual((await readdir(dir)).sort(), [
    'checkpoint',
    'ckpt-1.data-00000-of-00001',
    'ckpt-1.index',
    'ckpt-2.data-00000-of-00001',
    'ckpt-2.index',
  ]);
  assert.equal(await tf.train.latestCheckpoint(dir), join(dir, 'ckpt-2'));
  const counter = await tf.train.loadVariable(
    `${prefix}-2`,
    'save_counter/.ATTRIBUTES/VARIABLE_VALUE',
  );
  assert.deepEqual([counter.dtype.name, counter.item()], ['int64', 2n]);
  assert.equal(checkpoint.saveCounter.op.name, 'save_counter');
  assert.ok(!tf.trainableVariables().includes(checkpoint.saveCounter));
  assert.equal(
    await tf.train.latestCheckpoint(join(await checkpoint.write(await fresh(), sess), '..')),
    undefined,
  );
});

test('a program with other names finds its values, and counts on', async () => {
  const prefix = await fresh();
  {
    const model = { kernel: float([1, 2], 'old/kernel'), bias: float(3, 'old/bias') };
    using sess = started();
    await new tf.train.Checkpoint({ model }).save(prefix, sess);
  }
  tf.resetDefaultGraph();
  const model = { bias: float(0, 'new/b'), kernel: float([0, 0], 'new/k') };
  const checkpoint = new tf.train.Checkpoint({ model });
  using sess = new tf.Session();
  const status = await checkpoint.restore(`${prefix}-1`, { session: sess });
  status.assertConsumed().assertExistingObjectsMatched().assertNontrivialMatch();
  assert.deepEqual(sess.run(model.kernel).tolist(), [1, 2]);
  assert.equal(sess.run(model.bias).item(), 3);
  assert.equal(await checkpoint.save(prefix, sess), `${prefix}-2`);
});

test('restoring leaves the graph as it is, but for the counter', async () => {
  const prefix = await fresh();
  const checkpoint = new tf.train.Checkpoint({ v: float(5) });
  using sess = started();
  await checkpoint.save(prefix, sess);
  tf.getDefaultGraph().finalize();
  const operations = tf.getDefaultGraph().getOperations().length;
  await checkpoint.restore(`${prefix}-1`, { session: sess });
  await checkpoint.write(`${prefix}-again`, sess);
  assert.equal(tf.getDefaultGraph().getOperations().length, operations);
});

test('variables that share their initial value are restored each with its own', async () => {
  const value = tf.constant([0.5, 0.5]);
  const [a, b] = [new tf.Variable(value), new tf.Variable(value)];
  const checkpoint = new tf.train.Checkpoint({ a, b });
  using sess = started();
  sess.run(a.assign([1, 2]));
  sess.run(b.assign([3, 4]));
  const path = await checkpoint.write(await fresh(), sess);
  sess.run(tf.globalVariablesInitializer());
  await checkpoint.read(path, { session: sess });
  assert.deepEqual(
    [sess.run(a).tolist(), sess.run(b).tolist()],
    [
      [1, 2],
      [3, 4],
    ],
  );
});

test('a value of another shape or dtype, and no variable changes', async () => {
  const path = await fresh();
  {
    const checkpoint = new tf.train.Checkpoint({ a: float([1, 2]), b: float([3, 4]) });
    using sess = started();
    await checkpoint.write(path, sess);
  }
  const a = float([0, 0]);
  using sess = started();
  const reading = (b: tf.Variable) => {
    sess.run(tf.globalVariablesInitializer());
    return new tf.train.Checkpoint({ a, b }).read(path, { session: sess });
  };
  await assert.rejects(reading(float([0, 0, 0])), {
    name: 'InvalidArgumentError',
    message: 'Assign requires shapes of both tensors to match. lhs shape= [3] rhs shape= [2]',
  });
  await assert.rejects(reading(new tf.Variable([1, 2])), {
    name: 'InvalidArgumentError',
    message:
      'tensor_name = b/.ATTRIBUTES/VARIABLE_VALUE; expected dtype int32 does not equal original dtype float',
  });
  assert.deepEqual(sess.run(a).tolist(), [0, 0]);
});

test('saving what was never initialised', async () => {
  const checkpoint = new tf.train.Checkpoint({ v: float(1, 'v') });
  using sess = new tf.Session();
  const prefix = await fresh();
  await assert.rejects(checkpoint.save(prefix, sess), {
    name: 'FailedPreconditionError',
    message: /^Attempting to use uninitialized value v/,
  });
  assert.deepEqual(await readdir(join(prefix, '..')), []);
  await assert.rejects(checkpoint.write(prefix, {} as never), { name: 'InvalidArgumentError' });
});

test('a checkpoint that is not there', async () => {
  const checkpoint = new tf.train.Checkpoint({ v: float(1) });
  const path = await fresh();
  await assert.rejects(checkpoint.restore(path), {
    name: 'NotFoundError',
    message: `Unsuccessful TensorSliceReader constructor: Failed to find any matching files for ${path}`,
  });
});

test('object graphs survive parsing and serialising, and damage is reported', () => {
  const bytes = Uint8Array.from(Buffer.from(ADAM_OBJECT_GRAPH, 'hex'));
  assert.deepEqual(serializeObjectGraph(parseObjectGraph(bytes)), bytes);
  assert.deepEqual(parseObjectGraph(new Uint8Array()), []);
  let refused = 0;
  for (let length = 0; length < bytes.length; length++) {
    try {
      parseObjectGraph(bytes.subarray(0, length));
    } catch (error) {
      assert.ok(error instanceof tf.errors.DataLossError);
      refused++;
    }
  }
  // Whole nodes at the end may be missing only if nobody refers to them.
  assert.equal(refused, bytes.length - 1);
  for (const hex of [
    '0a040a02087f',
    '0b',
    '0affffffffffffffffffff01',
    '0a0c0a0a08ffffffffffffffff7f',
  ]) {
    assert.throws(() => parseObjectGraph(Buffer.from(hex, 'hex')), tf.errors.DataLossError);
  }
});
