/// What a damaged index file still says: engine/salvage, and an index that is whole again.

import type { IndexSalvageObject } from './codec-module.js';
import { engine } from './engine.js';
import { Handle } from './handle.js';
import { decodeName, encodeName } from './names.js';
import { codec } from './operation.js';
import { unpackStrings } from './packed-strings.js';
import type { ByteSource, FileSet, Location } from './types.js';

/** A stretch of an index file. */
export interface IndexPart {
  readonly offset: number;
  readonly length: number;
  readonly kind: 'data' | 'metaindex' | 'index' | 'footer' | 'unknown';
  /** `repaired`: one bit was wrong, and its block's checksum says which. */
  readonly state: 'intact' | 'repaired' | 'damaged' | 'cut';
  /** How many entries a data block gave. */
  readonly entries: number;
  /** Of a repaired part: where in the file the wrong bit is; bit 0 is the lowest of its byte. */
  readonly flippedBit?: { readonly offset: number; readonly bit: number };
}

const KINDS = ['data', 'metaindex', 'index', 'footer', 'unknown'] as const;
const STATES = ['intact', 'repaired', 'damaged', 'cut'] as const;

/** engine/salvage/index_salvage.h. Close it when done. @internal */
export class IndexScan {
  readonly parts: readonly IndexPart[];
  /** False when the header was lost: byte order and number of shards are then guesses. */
  readonly hasHeader: boolean;
  readonly entries: number;
  readonly intact: boolean;
  /** The file ends before its footer. */
  readonly cut: boolean;
  /** Keys of entries that no checksum vouches for. */
  readonly unverified: readonly string[];
  readonly #handle: Handle<IndexSalvageObject>;

  constructor(bytes: Uint8Array) {
    const object = engine().memory.withBytes(bytes, (pointer, size) =>
      engine().run(() => new (codec().IndexSalvage)(pointer, size)),
    );
    this.#handle = new Handle(object, 'The IndexScan');
    const described = JSON.parse(object.describe()) as {
      hasHeader: boolean;
      entries: number;
      intact: boolean;
      cut: boolean;
      parts: [number, number, number, number, number, number][];
    };
    this.hasHeader = described.hasHeader;
    this.entries = described.entries;
    this.intact = described.intact;
    this.cut = described.cut;
    this.parts = described.parts.map(([offset, length, kind, state, entries, flipped]) => ({
      offset,
      length,
      kind: KINDS[kind]!,
      state: STATES[state]!,
      entries,
      ...(STATES[state] === 'repaired'
        ? { flippedBit: { offset: Math.floor(flipped / 8), bit: flipped % 8 } }
        : {}),
    }));
    object.listUnverified();
    this.unverified = unpackStrings(this.#result()).map(decodeName);
  }

  /** An index of all entries; `numShards` counts where the header was lost. */
  rebuild(numShards: number): Uint8Array {
    this.#handle.check((object) => object.rebuild(numShards));
    return this.#result();
  }

  /** Puts the entry of `key` into the new bundle, its bytes at `offset` of the one data file. */
  keep(key: string, offset: number): void {
    const name = encodeName(key);
    this.#handle.check((object) => object.keep(name, offset));
  }

  /** The index of the new bundle. */
  finish(): Uint8Array {
    this.#handle.check((object) => object.finish());
    return this.#result();
  }

  close(): void {
    this.#handle.close();
  }

  #result(): Uint8Array {
    const { object } = this.#handle;
    return engine().memory.copy(object.address(), object.size());
  }
}

/** `location` with the file `name` replaced by `bytes`. @internal */
export function withFile(location: Location, name: string, bytes: Uint8Array): Location {
  const { files } = location;
  const source: ByteSource = {
    size: bytes.length,
    read: async (offset, length) => bytes.slice(offset, offset + length),
  };
  const overlay: FileSet = {
    label: files.label,
    list: (options) => files.list(options),
    open: async (file, options) => (file === name ? source : files.open(file, options)),
  };
  return { ...location, files: overlay };
}
