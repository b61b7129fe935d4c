/// tensorbundle graph: what a .meta file or a SavedModel says of its graph.

import type { GraphSummary, Signature, SignatureTensor } from 'tensorbundle/node';
import type { Args } from '../args.js';
import { count, escapeText, type Output } from '../output.js';

export async function run({ positionals, flags }: Args, output: Output): Promise<number> {
  const tf = await import('tensorbundle/node');
  await tf.ready();
  const graphs = await tf.summarizeGraph(positionals[0]!);
  if (flags.json) {
    output.json({ graphs });
    return 0;
  }
  graphs.forEach((graph, i) => {
    if (i > 0) output.print('');
    print(graph, output);
  });
  return 0;
}

function print(graph: GraphSummary, output: Output): void {
  const { tags, tensorflowVersion, nodes, functions, objects, ops, collections, saver } = graph;
  const title = tags.length > 0 ? `tags: ${tags.map(escapeText).join(', ')}` : 'graph';
  output.print(output.style('bold', title));
  const facts = [
    `${count(nodes, 'node')} of ${count(Object.keys(ops).length, 'op')}`,
    count(functions, 'function'),
    ...(objects > 0 ? [count(objects, 'object')] : []),
    ...(tensorflowVersion === '' ? [] : [`TensorFlow ${escapeText(tensorflowVersion)}`]),
  ];
  output.print(`  ${facts.join(', ')}`);
  for (const [name, signature] of Object.entries(graph.signatures)) {
    printSignature(name, signature, output);
  }
  const most = Object.entries(ops).sort(([, a], [, b]) => b - a);
  for (const [op, n] of most.slice(0, 10))
    output.print(`  ${String(n).padStart(7)}  ${escapeText(op)}`);
  if (most.length > 10) output.print(`           and ${count(most.length - 10, 'more op')}`);
  for (const [name, { kind, size }] of Object.entries(collections)) {
    output.print(`  collection ${escapeText(name)}: ${size} in ${kind === '' ? 'nothing' : kind}`);
  }
  if (saver !== null)
    output.print(`  saver: ${escapeText(saver.restoreOpName)}, V${saver.version}`);
}

function printSignature(name: string, { inputs, outputs }: Signature, output: Output): void {
  output.print(`  signature ${escapeText(name)}`);
  for (const [key, tensor] of Object.entries(inputs)) output.print(`    in   ${line(key, tensor)}`);
  for (const [key, tensor] of Object.entries(outputs))
    output.print(`    out  ${line(key, tensor)}`);
}

function line(key: string, { dtype, shape, name }: SignatureTensor): string {
  const dims = shape === null ? '?' : `[${shape.map((dim) => (dim < 0 ? '?' : dim)).join(', ')}]`;
  return `${escapeText(key)}: ${dtype.name} ${dims}${name === '' ? '' : ` (${escapeText(name)})`}`;
}
