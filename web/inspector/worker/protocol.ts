/// What the inspector and its worker say to each other. No code.

/** Where a checkpoint comes from: files, an address, or a name in the browser's storage. */
export type Source =
  | {
      readonly kind: 'files';
      readonly files: readonly File[];
      readonly prefix?: string | undefined;
    }
  | { readonly kind: 'path'; readonly path: string };

/** An entry of the index, as a row shows it. */
export interface Row {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly shard: number;
  readonly offset: number;
  readonly bytes: number;
  /** How many slices a partitioned tensor has; 0 for others. */
  readonly slices: number;
  /** Why it cannot be read, if the index already says so. */
  readonly problem?: string | undefined;
}

/** A checkpoint that was opened. */
export interface Summary {
  readonly path: string;
  readonly format: string;
  readonly isObjectBased: boolean;
  readonly rows: readonly Row[];
  /** What is wrong with the index itself. */
  readonly damage?: string | undefined;
  readonly shards: number;
  readonly endianness: 'LITTLE' | 'BIG';
}

/** What the numbers of a tensor are like. */
export interface Statistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly deviation: number;
  readonly zeros: number;
  readonly notFinite: number;
  /** How many values lie in each of equal parts between min and max. */
  readonly histogram: readonly number[];
}

/** A tensor that was read and whose checksum was right. */
export interface TensorView {
  readonly name: string;
  /** As numpy prints it. */
  readonly text: string;
  readonly statistics?: Statistics | undefined;
}

/** What became of a tensor. */
export interface Verdict {
  readonly name: string;
  /** TensorFlow's text. */
  readonly status: string;
}

/** What a whole reading found. */
export interface Verification {
  readonly ok: boolean;
  readonly status: string;
  readonly bad: readonly Verdict[];
  readonly good: number;
  readonly verifiedBytes: number;
}

/** What the page may ask. */
export interface Calls {
  /** Prefixes of the checkpoints in the browser's own storage. */
  stored(): Promise<string[]>;
  /** Prefixes of the checkpoints among `files`. */
  prefixes(files: readonly File[]): Promise<string[]>;
  open(source: Source): Promise<Summary>;
  tensor(name: string): Promise<TensorView>;
  /** The tensor as an .npy file. */
  npy(name: string): Promise<Blob>;
  verify(): Promise<Verification>;
}

/** Sent while `verify` works. */
export interface ProgressEvent {
  readonly kind: 'progress';
  readonly done: number;
  readonly total: number;
}
