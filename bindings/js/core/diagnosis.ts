/// From tensors that failed to what probably happened to their file.

import type { BundleReader } from './bundle-reader.js';
import { string } from './dtype.js';
import { engine } from './engine.js';
import type { BundleEntry } from './entry-records.js';
import { isCodedError } from './errors.js';
import { codec } from './operation.js';
import { joinPath } from './paths.js';
import type { FileSet, Location, OperationOptions } from './types.js';
import type { TensorVerdict } from './verify.js';

/** What probably happened to a checkpoint. `file` is the file it happened to. */
export type Cause =
  /** The file is not there. */
  | { readonly kind: 'missing'; readonly file: string }
  /** The file ends early. Of an index nobody knows how long it was. */
  | {
      readonly kind: 'cut';
      readonly file: string;
      readonly size: number;
      readonly expected?: number | undefined;
    }
  /** The file holds other data; `belongs` is a file that holds what should be in this one. */
  | { readonly kind: 'exchanged'; readonly file: string; readonly belongs: string }
  /** Nothing in the file is what the index tells of: it is that of another checkpoint. */
  | {
      readonly kind: 'other-checkpoint';
      readonly file: string;
      readonly size: number;
      readonly expected: number;
    }
  /** One bit of a tensor, or of a block of the index, is wrong. */
  | {
      readonly kind: 'flipped-bit';
      readonly file: string;
      readonly offset: number;
      readonly bit: number;
      readonly tensor?: string | undefined;
    }
  /** There are zeros where data should be, as in downloads that did not finish. */
  | {
      readonly kind: 'zeros';
      readonly file: string;
      readonly offset: number;
      readonly length: number;
    }
  /** Bytes between the two offsets are wrong. */
  | {
      readonly kind: 'damaged';
      readonly file: string;
      readonly offset: number;
      readonly length: number;
      readonly part?: 'data' | 'metaindex' | 'index' | 'footer' | 'header' | 'unknown' | undefined;
    }
  /** The file is no index at all. */
  | { readonly kind: 'not-an-index'; readonly file: string };

/** A data file, as its index sees it. */
export interface DataFileReport {
  readonly file: string;
  /** Undefined when it is missing. */
  readonly size: number | undefined;
  /** Where its last tensor ends. */
  readonly expected: number;
  readonly tensors: number;
  readonly intactTensors: number;
  readonly intactBytes: number;
}

/** Longer tensors are not searched for a single wrong bit, nor more of them than so many. */
const MAX_SEARCH = 16 << 20;
const MAX_SEARCHES = 64;

/** Looks into every data file of `reader` after its tensors were verified. */
export async function diagnoseData(
  reader: BundleReader,
  location: Location,
  verdicts: readonly TensorVerdict[],
  options: OperationOptions,
): Promise<{ files: DataFileReport[]; causes: Cause[] }> {
  const files: DataFileReport[] = [];
  const causes: Cause[] = [];
  const shards = new Map<number, TensorVerdict[]>();
  for (const verdict of verdicts) {
    const { entry } = verdict;
    if (entry.slices.length > 0 || entry.problem !== undefined) continue;
    const list = shards.get(entry.shardId) ?? [];
    list.push(verdict);
    shards.set(entry.shardId, list);
  }
  for (const [shard, list] of [...shards].sort(([a], [b]) => a - b)) {
    const diagnosis = new FileDiagnosis(reader, location, reader.dataFile(shard), list, options);
    const { report, found } = await diagnosis.run();
    files.push(report);
    causes.push(...found);
  }
  return { files, causes };
}

class FileDiagnosis {
  readonly #reader: BundleReader;
  readonly #location: Location;
  readonly #file: string;
  readonly #options: OperationOptions;
  readonly #verdicts: readonly TensorVerdict[];
  readonly #bad: readonly BundleEntry[];
  readonly #expected: number;

  constructor(
    reader: BundleReader,
    location: Location,
    file: string,
    verdicts: readonly TensorVerdict[],
    options: OperationOptions,
  ) {
    this.#reader = reader;
    this.#location = location;
    this.#file = file;
    this.#options = options;
    this.#verdicts = verdicts;
    this.#bad = verdicts
      .filter(({ error }) => error !== undefined)
      .map(({ entry }) => entry)
      .sort((a, b) => a.offset - b.offset);
    this.#expected = Math.max(0, ...verdicts.map(({ entry }) => entry.offset + entry.size));
  }

  async run(): Promise<{ report: DataFileReport; found: Cause[] }> {
    const size = await this.#size();
    const good = this.#verdicts.filter(({ error }) => error === undefined);
    const report: DataFileReport = {
      file: this.#file,
      size,
      expected: this.#expected,
      tensors: this.#verdicts.length,
      intactTensors: good.length,
      intactBytes: good.reduce((sum, { entry }) => sum + entry.size, 0),
    };
    return { report, found: this.#bad.length === 0 ? [] : await this.#causes(size) };
  }

  async #causes(size: number | undefined): Promise<Cause[]> {
    const file = this.#file;
    const expected = this.#expected;
    // Tensors without bytes are right in any file.
    const hasIntact = this.#verdicts.some(
      ({ error, entry }) => error === undefined && entry.size > 0,
    );
    if (!hasIntact) {
      const belongs = await this.#findElsewhere();
      if (belongs !== undefined) return [{ kind: 'exchanged', file, belongs }];
    }
    if (size === undefined) return [{ kind: 'missing', file }];
    const causes: Cause[] = [];
    if (size < expected) causes.push({ kind: 'cut', file, size, expected });
    const wrong = this.#bad.filter(({ offset, size: n }) => offset + n <= size);
    if (wrong.length === 0) return causes;
    const details = await this.#lookClosely(wrong);
    // Values that differ by one bit happen between two checkpoints as well.
    if (!hasIntact && wrong.length > 1 && details.some(({ kind }) => kind === 'damaged')) {
      return [{ kind: 'other-checkpoint', file, size, expected }];
    }
    return [...causes, ...details];
  }

  async #size(): Promise<number | undefined> {
    try {
      return (await this.#reader.files.source(this.#file, this.#options)).size;
    } catch (error) {
      if (this.#options.signal?.aborted || !isCodedError(error)) throw error;
      return undefined;
    }
  }

  // A file in the folder that has the tensors of this one, by their checksums.
  async #findElsewhere(): Promise<string | undefined> {
    const probes = this.#bad
      .filter(({ dtype, size }) => dtype !== string && size >= 4 && size <= MAX_SEARCH)
      .sort((a, b) => a.size - b.size)
      .slice(-3);
    if (probes.length === 0) return undefined;
    const { files, path, name } = this.#location;
    const folder = path.slice(0, path.length - name.length);
    const infos = await files.list({ signal: this.#options.signal });
    for (const info of infos) {
      const isData = /\.data-\d{5,}-of-\d{5,}$/.test(info.name);
      if (!isData || folder + info.name === this.#file || info.size < this.#expected) continue;
      if (await hasAll(files, info.name, probes, this.#options)) return joinPath(folder, info.name);
    }
    return undefined;
  }

  // One cause for each tensor with a single wrong bit, one for each run of others.
  async #lookClosely(wrong: readonly BundleEntry[]): Promise<Cause[]> {
    const file = this.#file;
    const source = await this.#reader.files.source(file, this.#options);
    const causes: Cause[] = [];
    let run: { kind: 'zeros' | 'damaged'; offset: number; end: number } | undefined;
    const close = () => {
      if (run === undefined) return;
      const { kind, offset, end } = run;
      causes.push({ kind, file, offset, length: end - offset });
      run = undefined;
    };
    for (const [i, entry] of wrong.entries()) {
      const { key, offset, size } = entry;
      let kind: 'zeros' | 'damaged' = 'damaged';
      if (size <= MAX_SEARCH && i < MAX_SEARCHES) {
        const bytes = await source.read(offset, size, this.#options.signal);
        const flipped = wrongBit(entry, bytes);
        if (flipped >= 0) {
          close();
          const at = offset + Math.floor(flipped / 8);
          causes.push({ kind: 'flipped-bit', file, offset: at, bit: flipped % 8, tensor: key });
          continue;
        }
        if (size > 0 && bytes.every((byte) => byte === 0)) kind = 'zeros';
      }
      if (run?.kind !== kind || run.end !== offset) close();
      run = { kind, offset: run?.offset ?? offset, end: offset + size };
    }
    close();
    return causes;
  }
}

async function hasAll(
  files: FileSet,
  name: string,
  entries: readonly BundleEntry[],
  options: OperationOptions,
): Promise<boolean> {
  const source = await files.open(name, options);
  try {
    for (const { offset, size, crc32c } of entries) {
      if (offset + size > source.size) return false;
      const bytes = await source.read(offset, size, options.signal);
      if (maskedCrc(checksum(bytes)) !== crc32c) return false;
    }
    return true;
  } finally {
    await source.close?.();
  }
}

function wrongBit({ dtype, crc32c }: BundleEntry, bytes: Uint8Array): number {
  // The checksum of strings is not that of their bytes.
  if (dtype === string) return -1;
  const computed = checksum(bytes);
  return engine().run(() => codec().flippedBit(crc32c, computed, bytes.length));
}

function checksum(bytes: Uint8Array): number {
  let crc = 0;
  engine().memory.stream(bytes, (pointer, size) => {
    crc = engine().module.crc32c(crc, pointer, size) >>> 0;
  });
  return crc;
}

function maskedCrc(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
