/// File names with wildcards: how the shards of a V1 checkpoint are named.

import { fileExists } from './sources.js';
import type { FileSet, OperationOptions } from './types.js';

/** The file `name`, or the files that match it as a pattern with `?`, `*` and `[abc]`; in the order of their names. */
export async function matchingFiles(
  files: FileSet,
  name: string,
  options: OperationOptions = {},
): Promise<string[]> {
  if (name === '') return [];
  if (await fileExists(files, name, options)) return [name];
  if (!/[?*[]/.test(name)) return [];
  const pattern = globExpression(name);
  const infos = await files.list({ signal: options.signal, recursive: name.includes('/') });
  return infos.map((info) => info.name).filter((other) => pattern.test(other));
}

function globExpression(glob: string): RegExp {
  const source = glob.replace(/\[[^\]/]+\]|[\s\S]/gu, (part) => {
    if (part === '?') return '[^/]';
    if (part === '*') return '[^/]*';
    if (part.length > 1 && part.startsWith('[')) {
      return `[${part
        .slice(1, -1)
        .replace(/^!/, '^')
        .replace(/[\\\]]/g, '\\$&')}]`;
    }
    return part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 'u');
}
