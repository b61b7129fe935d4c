/// tensorbundle objects: the tree of objects in a TensorFlow 2 checkpoint.

import type { ObjectNode } from 'tensorbundle/node';
import type { Args } from '../args.js';
import { open } from '../open.js';
import { count, escapeText, type Output } from '../output.js';
import { EXIT_CORRUPT } from '../report.js';

export async function run({ positionals, flags }: Args, output: Output): Promise<number> {
  const { reader } = await open(positionals[0]!);
  const { readObjects } = await import('tensorbundle/node');
  const tree = await readObjects(reader);
  const exit = tree.missingKeys.length > 0 ? EXIT_CORRUPT : 0;
  if (flags.json) {
    output.json(tree);
    return exit;
  }
  printTree(tree.root, output);
  output.print('');
  output.print(count(tree.numObjects, 'object'));
  for (const key of tree.missingKeys) {
    output.print(`${output.style('red', 'missing')}: ${escapeText(key)}`);
  }
  for (const key of tree.extraKeys) output.print(`of no object: ${escapeText(key)}`);
  return exit;
}

// Without recursion: how deep the tree is, the file decides.
function printTree(root: ObjectNode, output: Output): void {
  const stack: { node: ObjectNode; indent: string; mark: string; below: string }[] = [
    { node: root, indent: '', mark: '', below: '' },
  ];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, indent, mark, below } = top;
    output.print(`${output.style('dim', indent + mark)}${describe(node, output)}`);
    node.children
      .map((child, i) => {
        const last = i === node.children.length - 1;
        return {
          node: child,
          indent: indent + below,
          mark: last ? '└─ ' : '├─ ',
          below: last ? '   ' : '│  ',
        };
      })
      .reverse()
      .forEach((item) => {
        stack.push(item);
      });
  }
}

function describe(
  { id, name, attributes, slots, isReference }: ObjectNode,
  output: Output,
): string {
  const label = id === 0 && name === '' ? '(root)' : escapeText(name);
  if (isReference) return `${label} ${output.style('dim', `= object ${id}`)}`;
  const values = attributes.map(({ key, isStored }) =>
    isStored ? '' : ` ${output.style('red', `missing ${escapeText(key)}`)}`,
  );
  const slotNames = [...new Set(slots.map(({ slotName }) => slotName))].map(escapeText);
  const slotText =
    slots.length > 0 ? ` (${count(slots.length, 'slot')}: ${slotNames.join(', ')})` : '';
  const variable = attributes.some((it) => it.name === 'VARIABLE_VALUE') ? ' (variable)' : '';
  return `${label}${output.style('dim', variable + slotText)}${values.join('')}`;
}
