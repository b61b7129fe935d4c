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
  const globs = patterns.map(parseGlob);
  const recursive = patterns.some((pattern) => pattern.includes('/'));
  const infos = await files.list({ signal: options.signal, recursive });
  return infos.filter(({ name }) => globs.some((parts) => matchesGlob(parts, name)));
}

/** `*`, or which characters a place of the name may have. */
type Part = '*' | ((character: string) => boolean);

// A set begins with any member, `]` too.
const PARTS = /\[[!^][^/][^\]/]*\]|\[[^/!^][^\]/]*\]|\\[\s\S]|[\s\S]/gu;

function parseGlob(glob: string): Part[] {
  return (glob.match(PARTS) ?? []).map((part): Part => {
    if (part === '*') return part;
    if (part === '?') return (character) => character !== '/';
    if (part.startsWith('[') && part.length > 1) return setOf(part);
    const literal = part.replace(/^\\(?=.)/su, '');
    return (character) => character === literal;
  });
}

// `[a-c]`, `[!a-c]`; a range that runs backwards is empty.
function setOf(part: string): (character: string) => boolean {
  const inverted = /^\[[!^]/.test(part);
  const members = part.slice(inverted ? 2 : 1, -1).match(/[\s\S](?:-[\s\S])?/gu) ?? [];
  return (character) =>
    character !== '/' &&
    inverted !==
      members.some((member) => {
        const [from, , to = from] = [...member];
        return from! <= character && character <= to!;
      });
}

/**
 * As `fnmatch` with FNM_PATHNAME, in time linear in the name's length for each star: behind a star the first place where
 * what follows fits is as good as any later one, so only the last star is ever tried again.
 */
function matchesGlob(parts: readonly Part[], name: string): boolean {
  const characters = [...name];
  let at = 0;
  let behindStar = -1;
  let retry = 0;
  for (let i = 0; i < characters.length; ) {
    const part = parts[at];
    if (part === '*') {
      at += 1;
      behindStar = at;
      retry = i;
    } else if (part?.(characters[i]!)) {
      if (characters[i] === '/') behindStar = -1;
      at += 1;
      i += 1;
    } else {
      if (behindStar < 0 || characters[retry] === '/') return false;
      at = behindStar;
      retry += 1;
      i = retry;
    }
  }
  while (parts[at] === '*') at += 1;
  return at === parts.length;
}
