// Graphs of other ages of TensorFlow: variables that are resources, as 2.x makes them, and the op Variable of before
// 1.0, when a placeholder's unknown shape was written like a scalar's.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import * as tf from 'tensorbundle';
import { fresh, useFolder } from './support.js';

useFolder();

const type = (key: string, value = 'DT_FLOAT') => `attr { key: "${key}" value { type: ${value} } }`;
const dims = (...sizes: number[]) =>
  `shape { ${sizes.map((size) => `dim { size: ${size} }`).join(' ')} }`;
const shape = (...sizes: number[]) => `attr { key: "shape" value { ${dims(...sizes)} } }`;
const node = (name: string, op: string, inputs: string[], ...attrs: string[]) =>
  `node { name: "${name}" op: "${op}" ${inputs.map((each) => `input: "${each}"`).join(' ')} ${attrs.join(' ')} }`;
const strings = (name: string, ...values: string[]) =>
  node(
    name,
    'Const',
    [],
    type('dtype', 'DT_STRING'),
    `attr { key: "value" value { tensor { dtype: DT_STRING tensor_shape { dim { size: ${values.length} } } ${values
      .map((value) => `string_val: "${value}"`)
      .join(' ')} } } }`,
  );
const floats = (name: string, ...values: number[]) =>
  node(
    name,
    'Const',
    [],
    type('dtype'),
    `attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape { dim { size: ${values.length} } } ${values
      .map((value) => `float_val: ${value}`)
      .join(' ')} } } }`,
  );
const filename = node(
  'save/Const',
  'Const',
  [],
  type('dtype', 'DT_STRING'),
  'attr { key: "value" value { tensor { dtype: DT_STRING tensor_shape { } string_val: "model" } } }',
);
const dtypes = 'attr { key: "dtypes" value { list { type: DT_FLOAT } } }';
const saverDef = `saver_def { filename_tensor_name: "save/Const:0" save_tensor_name: "save/control_dependency:0"
  restore_op_name: "save/restore_all" max_to_keep: 5 keep_checkpoint_every_n_hours: 10000.0 version: V2 }`;

/** A variable "w" of two floats behind the node of `op`, with its saver. */
const RESOURCE = `graph_def {
  ${node('w', 'VarHandleOp', [], type('dtype'), shape(2), 'attr { key: "shared_name" value { s: "w" } }')}
  ${floats('w/initial_value', 1, 2)}
  ${node('w/Assign', 'AssignVariableOp', ['w', 'w/initial_value'], type('dtype'))}
  ${node('w/Read/ReadVariableOp', 'ReadVariableOp', ['w'], type('dtype'))}
  ${node('ready', 'VarIsInitializedOp', ['w'])}
  ${node('twice', 'Add', ['w/Read/ReadVariableOp', 'w/Read/ReadVariableOp'], type('T'))}
  ${filename}
  ${strings('save/SaveV2/tensor_names', 'w')}
  ${strings('save/SaveV2/shape_and_slices', '')}
  ${node('save/SaveV2', 'SaveV2', ['save/Const', 'save/SaveV2/tensor_names', 'save/SaveV2/shape_and_slices', 'w/Read/ReadVariableOp'], dtypes)}
  ${node('save/control_dependency', 'Identity', ['save/Const', '^save/SaveV2'], type('T', 'DT_STRING'))}
  ${strings('save/RestoreV2/tensor_names', 'w')}
  ${strings('save/RestoreV2/shape_and_slices', '')}
  ${node('save/RestoreV2', 'RestoreV2', ['save/Const', 'save/RestoreV2/tensor_names', 'save/RestoreV2/shape_and_slices'], dtypes)}
  ${node('save/Identity_1', 'Identity', ['save/RestoreV2'], type('T'))}
  ${node('save/AssignVariableOp', 'AssignVariableOp', ['w', 'save/Identity_1'], type('dtype'))}
  ${node('save/restore_all', 'NoOp', ['^save/AssignVariableOp'])}
  versions { producer: 134 }
}
${saverDef}
collection_def { key: "variables" value { bytes_list { value: "\\n\\003w:0\\022\\010w/Assign\\032\\027w/Read/ReadVariableOp:0(\\0012\\021w/initial_value:0" } } }
`;

test('resource variables are initialised, read, loaded, saved and restored', async () => {
  const prefix = await fresh();
  await writeFile(`${prefix}.pbtxt`, RESOURCE);
  const saver = await tf.train.importMetaGraph(`${prefix}.pbtxt`);
  const [w] = tf.globalVariables() as [tf.Variable];
  assert.deepEqual([w.name, w.dtype.name, w.shape], ['w:0', 'float32', [2]]);
  using sess = new tf.Session();
  assert.equal(sess.run('ready:0').item(), false);
  assert.throws(() => sess.run('twice:0'), {
    name: 'FailedPreconditionError',
    message:
      /^Error while reading resource variable w from Container: localhost\. This could mean that the variable was uninitialized\. /,
  });
  await assert.rejects(saver!.save(sess, prefix), /Attempting to use uninitialized value w/);
  sess.run(tf.globalVariablesInitializer());
  assert.equal(sess.run('ready:0').item(), true);
  assert.deepEqual(sess.run([w, w.readValue(), 'twice:0']).map(String), [
    '[1. 2.]',
    '[1. 2.]',
    '[2. 4.]',
  ]);
  w.load([3, 4], sess);
  await saver!.save(sess, prefix);
  assert.deepEqual((await tf.train.loadVariable(prefix, 'w')).tolist(), [3, 4]);

  // Through the .meta that was saved with it.
  tf.resetDefaultGraph();
  const again = await tf.train.importMetaGraph(`${prefix}.meta`);
  using other = new tf.Session();
  await again!.restore(other, prefix);
  assert.deepEqual(other.run('twice:0').tolist(), [6, 8]);
  const [gradient] = tf.gradients(
    tf.getDefaultGraph().getTensorByName('twice:0'),
    tf.globalVariables(),
  );
  assert.deepEqual(other.run(gradient as tf.Tensor).tolist(), [2, 2]);
});

test('another shape is refused, and the variable keeps its value', async () => {
  const prefix = await fresh();
  new tf.Variable([1, 2, 3], { name: 'w', dtype: 'float32' });
  {
    using sess = new tf.Session();
    sess.run(tf.globalVariablesInitializer());
    await new tf.train.Saver().save(sess, prefix);
  }
  tf.resetDefaultGraph();
  await writeFile(`${prefix}.pbtxt`, RESOURCE);
  const saver = await tf.train.importMetaGraph(`${prefix}.pbtxt`);
  using sess = new tf.Session();
  sess.run(tf.globalVariablesInitializer());
  await assert.rejects(
    saver!.restore(sess, prefix),
    /Assign requires shapes of both tensors to match\. lhs shape= \[2\] rhs shape= \[3\]/,
  );
  assert.deepEqual(sess.run(tf.globalVariables()[0]!).tolist(), [1, 2]);
});

test('the op Variable, and placeholders of before version 22', async () => {
  const text = `graph_def {
  ${node('x', 'Placeholder', [], type('dtype'), shape())}
  ${node('v', 'Variable', [], type('dtype'), shape(2))}
  ${floats('v/initial_value', 1, 2)}
  ${node('v/Assign', 'Assign', ['v', 'v/initial_value'], type('T'))}
  ${node('v/read', 'Identity', ['v'], type('T'))}
  ${node('y', 'Mul', ['x', 'v/read'], type('T'))}
  versions { producer: 10 }
}`;
  const path = await fresh('old.pbtxt');
  await writeFile(path, text);
  await tf.train.importMetaGraph(path);
  const graph = tf.getDefaultGraph();
  assert.equal(graph.getTensorByName('x:0').shape, undefined);
  assert.deepEqual(graph.getTensorByName('v:0').shape, [2]);
  using sess = new tf.Session();
  assert.throws(() => sess.run('v:0'), /Attempting to use uninitialized value v/);
  sess.run('v/Assign');
  assert.deepEqual(sess.run('y:0', [['x:0', [[3], [5]]]]).tolist(), [
    [3, 6],
    [5, 10],
  ]);
  // Of this age, a scalar is a scalar.
  tf.resetDefaultGraph();
  await writeFile(path, text.replace('producer: 10', 'producer: 134'));
  await tf.train.importMetaGraph(path);
  assert.deepEqual(tf.getDefaultGraph().getTensorByName('x:0').shape, []);
});
