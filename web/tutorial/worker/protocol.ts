/// What the page and its workers say to each other. No code.

import type { Problem } from '../../shared/problem.js';

/** A run of bytes of an index file and its meaning, as the engine explains it. */
export interface Field {
  readonly offset: number;
  readonly length: number;
  readonly depth: number;
  readonly label: string;
  readonly value: string;
}

/** A stored file. */
export interface StoredFile {
  readonly name: string;
  readonly size: number;
}

/** The beginning of an index file, explained. */
export interface ExplainedIndex {
  readonly bytes: Uint8Array;
  readonly fields: readonly Field[];
}

/** A tensor as the data file holds it: the first of its numbers beside their bytes. */
export interface StoredTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
  /** How many elements there are in all. */
  readonly count: number;
  readonly values: readonly string[];
  /** The bytes of `values`. */
  readonly bytes: Uint8Array;
}

/** How a program ended. */
export type Outcome =
  | { readonly ok: true; readonly ms: number }
  | { readonly ok: false; readonly ms: number; readonly problem: Problem };

/** A program to run. */
export interface ProgramText {
  readonly source: string;
  /** The address of the folder that `tensorbundle/digits` names. */
  readonly digits: string;
}

/** What the page may ask of a worker, and what it answers. */
export interface Calls {
  run(program: ProgramText): Promise<Outcome>;
  list(): Promise<StoredFile[]>;
  read(name: string): Promise<Uint8Array>;
  explain(name: string): Promise<ExplainedIndex>;
  tensors(dataFile: string): Promise<StoredTensor[]>;
  add(files: readonly File[]): Promise<void>;
  remove(names: readonly string[]): Promise<void>;
}

export type Level = 'log' | 'info' | 'warn' | 'error';

export interface Line {
  readonly level: Level;
  readonly text: string;
}

/** What a program does while it runs. */
export type Event =
  | { readonly kind: 'lines'; readonly lines: readonly Line[] }
  /** A promise nobody awaited was rejected. */
  | { readonly kind: 'stray'; readonly problem: Problem };
