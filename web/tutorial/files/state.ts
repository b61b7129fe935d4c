/// The files of the reader's browser: the list, the one that is open, what is in it.

import { signal } from '@preact/signals';
import { askFiles } from '../engine.js';
import type { StoredFile, StoredTensor } from '../worker/protocol.js';
import { type FieldNode, linkFields } from './fields.js';

export type Listing =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly files: readonly StoredFile[] }
  | { readonly kind: 'error'; readonly message: string };

/** What the panel shows of the open file. */
export type Detail =
  | { readonly kind: 'index'; readonly bytes: Uint8Array; readonly fields: readonly FieldNode[] }
  | { readonly kind: 'data'; readonly tensors: readonly StoredTensor[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'binary' }
  | { readonly kind: 'error'; readonly message: string };

export type Role = 'index' | 'data' | 'meta' | 'state' | 'other';

export const listing = signal<Listing>({ kind: 'loading' });
export const openName = signal<string | undefined>(undefined);
/** The file that `detail` is of; for a moment not yet the open one. */
export const detail = signal<{ readonly name: string; readonly what: Detail } | undefined>(
  undefined,
);

const MAX_TEXT = 8192;

/** What a file is for, by its name. */
export function roleOf(name: string): Role {
  if (name.endsWith('.index')) return 'index';
  if (/\.data-\d{5}-of-\d{5}$/.test(name)) return 'data';
  if (name.endsWith('.meta')) return 'meta';
  if (/(^|\/)checkpoint$/.test(name)) return 'state';
  return 'other';
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function load(name: string): Promise<Detail> {
  try {
    switch (roleOf(name)) {
      case 'index': {
        const { bytes, fields } = await askFiles('explain', name);
        return { kind: 'index', bytes, fields: linkFields(fields) };
      }
      case 'data':
        return { kind: 'data', tensors: await askFiles('tensors', name) };
      default: {
        const bytes = (await askFiles('read', name)).subarray(0, MAX_TEXT);
        if (bytes.includes(0)) return { kind: 'binary' };
        return { kind: 'text', text: new TextDecoder().decode(bytes) };
      }
    }
  } catch (error) {
    return { kind: 'error', message: message(error) };
  }
}

/** Opens a file in the panel; the old content stays until the new one is there. */
export async function open(name: string): Promise<void> {
  openName.value = name;
  const what = await load(name);
  if (openName.value === name) detail.value = { name, what };
}

/** Lists the files again, keeping the open one open if it still exists. */
export async function refresh(): Promise<void> {
  try {
    const files = await askFiles('list');
    listing.value = { kind: 'ready', files };
    const names = files.map((file) => file.name);
    const next =
      names.find((name) => name === openName.value) ??
      names.find((name) => roleOf(name) === 'index') ??
      names[0];
    if (next !== undefined) await open(next);
    else {
      openName.value = undefined;
      detail.value = undefined;
    }
  } catch (error) {
    listing.value = { kind: 'error', message: message(error) };
  }
}

/** Stores files that the reader chose or dropped, and opens the first. */
export async function addFiles(files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  try {
    await askFiles('add', files);
    openName.value = files[0]!.name;
    await refresh();
  } catch (error) {
    listing.value = { kind: 'error', message: message(error) };
  }
}

/** Deletes every file of the list. */
export async function removeAll(): Promise<void> {
  if (listing.value.kind !== 'ready') return;
  try {
    await askFiles(
      'remove',
      listing.value.files.map((file) => file.name),
    );
  } finally {
    await refresh();
  }
}
