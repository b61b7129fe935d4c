/// File names with wildcards: `*`, `?`, `[a-z]`, `[!a-z]` and `\\`, as TensorFlow's GetMatchingPaths knows them.

import { fileExists } from './sources.js';
import type { FileInfo, FileSet, OperationOptions } from './types.js';

/** The file `name`, or the files that match it as a pattern; in the order of their names. */
export async function matchingFiles(
  files: FileSet,
  name: string,
  options: OperationOptions = {},
): Promise<string[]> {
  if (name === '') return [];
  if (await fileExists(files, name, options)) return [name];
  if (!/[*?[\\]/.test(name)) return [];
  return (await listMatching(files, [name], options)).map((info) => info.name);
}

/** The files of `files` that any of `patterns` matches, each once, in the order of their names. */
export async function listMatching(
  files: FileSet,
  patterns: readonly string[],
  options: OperationOptions = {},
): Promise<FileInfo[]> {
  const expressions = patterns.map(globExpression);
  const recursive = patterns.some((pattern) => pattern.includes('/'));
  const infos = await files.list({ signal: options.signal, recursive });
  return infos.filter(({ name }) => expressions.some((expression) => expression.test(name)));
}

function globExpression(glob: string): RegExp {
  const source = glob.replace(/\[[!^]?\]?[^\]]*\]|\\[\s\S]|[\s\S]/gu, (part) => {
    if (part === '?') return '[^/]';
    if (part === '*') return '[^/]*';
    if (part.length > 1 && part.startsWith('[')) {
      const inverted = /^\[[!^]/.test(part);
      const set = part.slice(inverted ? 2 : 1, -1);
      return `[${inverted ? '^' : ''}${set.replace(/[\\\]^[&~]/g, '\\$&')}]`;
    }
    const character = part.length > 1 && part.startsWith('\\') ? part.slice(1) : part;
    return character.replace(/[.+^${}()|[\]\\?*]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 's');
}
