/// `downloads://`: a save goes to the browser's downloads. Write only.

import { NotFoundError, UnimplementedError } from '../core/errors.js';
import {
  createAlone,
  type FileChange,
  type Stage,
  stagedTransaction,
} from '../core/file-transaction.js';
import { basename, dirname, joinPath, normalizePath, splitScheme } from '../core/paths.js';
import type {
  ByteSink,
  ByteSource,
  FileInfo,
  FileSet,
  FileTransaction,
  Location,
  StorageProvider,
} from '../core/types.js';
import { centralDirectory, crc32, localHeader, type ZipEntry } from './zip.js';

/** Small pieces are gathered to this size, then handed to the browser as a Blob, which it may keep on disk. */
const BLOB_BYTES = 4 << 20;
/** How long an object URL lives after its link was clicked. */
const REVOKE_MS = 60_000;

/** Options of {@link DownloadStorage}. */
export interface DownloadOptions {
  /**
   * `'zip'`: several files come as one archive, named after the first file up to its last dot.
   * `'files'`: each file is a download; browsers ask the user about the second. By default `'zip'`.
   */
  readonly as?: 'zip' | 'files' | undefined;
  /** Hands a file to the user. By default a click on a link, which needs a page (not a worker). */
  readonly deliver?: ((name: string, bytes: Blob) => void | Promise<void>) | undefined;
}

/** Hands the files of each transaction to the browser when it commits. */
export class DownloadStorage implements StorageProvider {
  readonly schemes: readonly string[] = ['downloads'];
  readonly #options: DownloadOptions;

  constructor(options: DownloadOptions = {}) {
    this.#options = options;
  }

  locate(path: string): Location {
    const label = dirname(path);
    return { path, files: new DownloadFiles(label, this.#options), name: basename(path) };
  }

  async isDirectory(path: string): Promise<boolean> {
    return normalizePath(splitScheme(path).rest) === '';
  }

  async makeParent(_location: Location): Promise<void> {
    // The browser decides where downloads go.
  }
}

class DownloadFiles implements FileSet {
  readonly label: string;
  readonly #options: DownloadOptions;

  constructor(label: string, options: DownloadOptions) {
    this.label = label;
    this.#options = options;
  }

  async list(): Promise<FileInfo[]> {
    return [];
  }

  async open(name: string): Promise<ByteSource> {
    throw new NotFoundError(`${joinPath(this.label, name)}; No such file or directory`, {
      hint: 'Downloads can be written only. Choose the downloaded files to read them.',
    });
  }

  create(name: string): Promise<ByteSink> {
    return createAlone(this, name);
  }

  async begin(): Promise<FileTransaction> {
    return stagedTransaction(this.label, new DownloadStage(this.label, this.#options));
  }
}

class DownloadStage implements Stage {
  readonly #label: string;
  readonly #options: DownloadOptions;
  readonly #staged = new Map<string, StagedFile>();

  constructor(label: string, options: DownloadOptions) {
    this.#label = label;
    this.#options = options;
  }

  async create(name: string): Promise<ByteSink> {
    const file = new StagedFile();
    this.#staged.set(name, file);
    return file;
  }

  async commit(changes: readonly FileChange[]): Promise<void> {
    const deliver = this.#options.deliver ?? clickLink;
    const names = changes.filter(({ kind }) => kind === 'create').map(({ name }) => name);
    for (const { kind, name } of changes) {
      if (kind === 'create') continue;
      throw new UnimplementedError(`${joinPath(this.#label, name)}; downloads cannot be removed`);
    }
    if (names.length > 1 && this.#options.as !== 'files') {
      await deliver(archiveName(names[0]!), this.#archive(names));
      return;
    }
    for (const name of names) await deliver(basename(name), this.#staged.get(name)!.blob());
  }

  async discard(): Promise<void> {
    this.#staged.clear();
  }

  #archive(names: readonly string[]): Blob {
    const mtimeMs = Date.now();
    const entries: ZipEntry[] = [];
    const parts: BlobPart[] = [];
    for (const name of names) {
      const file = this.#staged.get(name)!;
      const entry = { name, size: file.size, crc32: file.crc32, mtimeMs };
      entries.push(entry);
      parts.push(localHeader(entry), file.blob());
    }
    return new Blob([...parts, ...centralDirectory(entries)], { type: 'application/zip' });
  }
}

/** A file as a list of Blobs, with its checksum. */
class StagedFile implements ByteSink {
  size = 0;
  crc32 = 0;
  #pieces: Blob[] = [];
  #gathered: Uint8Array<ArrayBuffer>[] = [];
  #gatheredBytes = 0;

  async write(chunk: Uint8Array): Promise<void> {
    this.size += chunk.length;
    this.crc32 = crc32(this.crc32, chunk);
    if (this.#gatheredBytes + chunk.length >= BLOB_BYTES) {
      this.#gather();
      this.#pieces.push(new Blob([chunk as Uint8Array<ArrayBuffer>]));
      return;
    }
    this.#gathered.push(chunk.slice());
    this.#gatheredBytes += chunk.length;
  }

  async close(): Promise<void> {
    this.#gather();
  }

  async abort(): Promise<void> {
    this.#pieces = [];
    this.#gathered = [];
  }

  blob(): Blob {
    return new Blob(this.#pieces, { type: 'application/octet-stream' });
  }

  #gather(): void {
    this.#pieces.push(new Blob(this.#gathered));
    this.#gathered = [];
    this.#gatheredBytes = 0;
  }
}

/** `model.ckpt.zip` for `model.ckpt.data-00000-of-00001`. */
function archiveName(first: string): string {
  return `${basename(first).replace(/\.[^.]*$/, '')}.zip`;
}

function clickLink(name: string, bytes: Blob): void {
  if (globalThis.document === undefined) {
    throw new UnimplementedError(`downloads://${name}; only a page can start a download`);
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKE_MS);
}
