/// What the inspector shows, without its looks.

import { computed, signal } from '@preact/signals';
import type { Problem } from '../shared/problem.js';
import { Remote, WorkerError } from '../shared/remote.js';
import type {
  Calls,
  ProgressEvent,
  Row,
  Source,
  Summary,
  TensorView,
  Verification,
} from './worker/protocol.js';

/** From the drop to the open checkpoint. */
export type Stage =
  | { readonly kind: 'empty' }
  | { readonly kind: 'opening' }
  | {
      readonly kind: 'choosing';
      readonly files: readonly File[];
      readonly prefixes: readonly string[];
    }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'open'; readonly summary: Summary };

/** The reading of a whole checkpoint. */
export type Check =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly verification: Verification }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** The tensor that is looked at. */
export type Look =
  | { readonly kind: 'loading'; readonly row: Row }
  | { readonly kind: 'ready'; readonly row: Row; readonly view: TensorView }
  | { readonly kind: 'failed'; readonly row: Row; readonly problem: Problem };

export type SortKey = 'name' | 'bytes';

export const stage = signal<Stage>({ kind: 'empty' });
export const check = signal<Check>({ kind: 'idle' });
export const look = signal<Look | undefined>(undefined);
export const filter = signal('');
export const sortKey = signal<SortKey>('name');
/** Prefixes of the checkpoints in this browser. */
export const storedPrefixes = signal<readonly string[]>([]);

/** The rows that match the filter, in the chosen order. */
export const rows = computed<readonly Row[]>(() => {
  if (stage.value.kind !== 'open') return [];
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  const all = stage.value.summary.rows;
  const found =
    words.length === 0
      ? [...all]
      : all.filter((row) => {
          const text = `${row.name} ${row.dtype} [${row.shape}]`.toLowerCase();
          return words.every((word) => text.includes(word));
        });
  // The rows come in the order of their names.
  return sortKey.value === 'bytes' ? found.sort((a, b) => b.bytes - a.bytes) : found;
});

/** Names of tensors that a reading found damaged, with TensorFlow's text. */
export const damaged = computed<ReadonlyMap<string, string>>(() => {
  if (check.value.kind !== 'done') return new Map();
  return new Map(check.value.verification.bad.map(({ name, status }) => [name, status]));
});

let remote: Remote<Calls> | undefined;

function worker(): Remote<Calls> {
  remote ??= new Remote(
    new Worker(new URL('./worker/worker.ts', import.meta.url), { type: 'module' }),
  );
  remote.onEvent = (event) => {
    const { done, total } = event as ProgressEvent;
    if (check.value.kind === 'running') check.value = { kind: 'running', done, total };
  };
  return remote;
}

function problemOf(error: unknown): Problem {
  if (error instanceof WorkerError) return error.problem;
  return { name: 'Error', message: error instanceof Error ? error.message : String(error) };
}

/** Opens a checkpoint in place of the one before. */
export async function openSource(source: Source): Promise<void> {
  stage.value = { kind: 'opening' };
  check.value = { kind: 'idle' };
  look.value = undefined;
  filter.value = '';
  try {
    stage.value = { kind: 'open', summary: await worker().call('open', source) };
  } catch (error) {
    stage.value = { kind: 'failed', problem: problemOf(error) };
  }
}

/** Opens the checkpoint among `files`, or asks which when there are several. */
export async function openFiles(files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  const found = await worker()
    .call('prefixes', files)
    .catch(() => []);
  if (found.length > 1) stage.value = { kind: 'choosing', files, prefixes: found };
  else await openSource({ kind: 'files', files, prefix: found[0] });
}

/** Back to the beginning. */
export function closeCheckpoint(): void {
  // A reading under way ends with its worker.
  remote?.stop();
  remote = undefined;
  stage.value = { kind: 'empty' };
  check.value = { kind: 'idle' };
  look.value = undefined;
  void findStored();
}

/** Lists what the lesson, or another page of this site, has saved. */
export async function findStored(): Promise<void> {
  storedPrefixes.value = await worker()
    .call('stored')
    .catch(() => []);
}

/** Reads one tensor. */
export async function lookAt(row: Row): Promise<void> {
  look.value = { kind: 'loading', row };
  try {
    const view = await worker().call('tensor', row.name);
    if (look.value?.row === row) look.value = { kind: 'ready', row, view };
  } catch (error) {
    if (look.value?.row === row) look.value = { kind: 'failed', row, problem: problemOf(error) };
  }
}

/** Reads everything and checks every checksum. */
export async function verifyAll(): Promise<void> {
  check.value = { kind: 'running', done: 0, total: 0 };
  try {
    check.value = { kind: 'done', verification: await worker().call('verify') };
  } catch (error) {
    check.value = { kind: 'failed', problem: problemOf(error) };
  }
}

/** The .npy file of a tensor. */
export function npyOf(name: string): Promise<Blob> {
  return worker().call('npy', name);
}
