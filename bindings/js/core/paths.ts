/// Where a save path leads: schemes, folders, names. Pure text, no I/O.

import { InvalidArgumentError, UnimplementedError } from './errors.js';
import type { Location, StorageProvider } from './types.js';

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//;

/** A path string in its parts; `root` is `scheme://`, or empty for a plain path. */
export interface SplitPath {
  /** Lower case; undefined for a plain path. */
  readonly scheme: string | undefined;
  readonly root: string;
  readonly rest: string;
}

/** Takes `scheme://` off a path. `C:\x` and `a:b` are plain paths. */
export function splitScheme(path: string): SplitPath {
  const match = SCHEME.exec(path);
  if (match === null) return { scheme: undefined, root: '', rest: path };
  return {
    scheme: match[1]!.toLowerCase(),
    root: match[0],
    rest: path.slice(match[0].length),
  };
}

/**
 * Everything before the last slash, as Python's `os.path.dirname`.
 * A scheme is never cut: the folder of `memory://model` is `memory://`.
 */
export function dirname(path: string): string {
  const { root, rest } = splitScheme(path);
  const head = rest.slice(0, rest.lastIndexOf('/') + 1);
  return root + (/[^/]/.test(head) ? head.replace(/\/+$/, '') : head);
}

/** Everything after the last slash, as Python's `os.path.basename`. */
export function basename(path: string): string {
  const { rest } = splitScheme(path);
  return rest.slice(rest.lastIndexOf('/') + 1);
}

/** `name` below `folder`, as Python's `os.path.join`; an absolute `name` stands alone. */
export function joinPath(folder: string, name: string): string {
  const absolute = name.startsWith('/') || splitScheme(name).scheme !== undefined;
  if (folder === '' || absolute) return name;
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}

/**
 * The one spelling of a path in a storage without folders of its own: no
 * leading slash, no empty, `.` or `..` component. The working folder of such a
 * storage is its root, and nothing lies above that.
 */
export function normalizePath(rest: string): string {
  const parts: string[] = [];
  for (const part of rest.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/**
 * Refuses names that are not plainly a file below their folder: empty ones, and
 * those with an empty, `.` or `..` component. Messages quote the name below `label`.
 * @throws {InvalidArgumentError}
 */
export function requireName(label: string, name: string): void {
  if (name !== '' && normalizePath(name) === name) return;
  throw new InvalidArgumentError(`${joinPath(label, name)}; Invalid argument`);
}

/** The storages that paths may name. Each entry point of the package makes its own. */
export class StorageRegistry {
  readonly #byScheme = new Map<string, StorageProvider>();
  readonly #default: StorageProvider;

  /** Plain paths go to `plain`, and so do the schemes it names itself. */
  constructor(plain: StorageProvider, others: Iterable<StorageProvider> = []) {
    this.#default = plain;
    for (const provider of [plain, ...others]) this.register(provider);
  }

  /** Adds a storage; one that names the same scheme is replaced. */
  register(provider: StorageProvider): void {
    for (const scheme of provider.schemes) this.#byScheme.set(scheme, provider);
  }

  /**
   * The storage that `path` names.
   * @throws {UnimplementedError} for a scheme that nobody registered.
   */
  provider(path: string): StorageProvider {
    const { scheme } = splitScheme(path);
    if (scheme === undefined) return this.#default;
    const provider = this.#byScheme.get(scheme);
    if (provider !== undefined) return provider;
    throw new UnimplementedError(
      `File system scheme '${scheme}' not implemented (file: '${path}')`,
      {
        hint: `Known here: ${[...this.#byScheme.keys()].map((known) => `${known}://`).join(' ')}`,
      },
    );
  }

  /** Splits `path` into folder and name. */
  locate(path: string): Location {
    return this.provider(path).locate(path);
  }

  /** True iff `path` is an existing folder. */
  isDirectory(path: string): Promise<boolean> {
    return this.provider(path).isDirectory(path);
  }

  /** Creates the folder of `location` (its last level alone), if missing. */
  makeParent(location: Location): Promise<void> {
    return this.provider(location.path).makeParent(location);
  }
}
