/// The fields of an index file: their nesting, their names, their colours.

import type { MessageKey } from '../../shared/i18n.js';
import type { Field } from '../worker/protocol.js';

/** A colour of theme.css. */
export type Hue = 'length' | 'key' | 'type' | 'place' | 'crc' | 'handle' | 'magic' | 'none';

interface Kind {
  readonly name: MessageKey;
  /** Without one, the colour of what it is part of. */
  readonly hue?: Hue;
}

/**
 * What the engine calls a field -> how the page speaks of it. Where one label means several things
 * its parent's comes first: `dim/size` is a dimension, any other `size` a number of bytes.
 */
const KINDS: Readonly<Record<string, Kind>> = {
  'data block': { name: 'field.dataBlock' },
  'metaindex block': { name: 'field.metaindexBlock' },
  'index block': { name: 'field.indexBlock' },
  'header entry': { name: 'field.headerEntry' },
  entry: { name: 'field.entry' },
  shared: { name: 'field.shared', hue: 'length' },
  non_shared: { name: 'field.nonShared', hue: 'length' },
  'value length': { name: 'field.valueLength', hue: 'length' },
  key: { name: 'field.key', hue: 'key' },
  'entry/value': { name: 'field.entryValue' },
  'header entry/value': { name: 'field.headerValue' },
  num_shards: { name: 'field.numShards', hue: 'place' },
  endianness: { name: 'field.endianness', hue: 'type' },
  version: { name: 'field.version', hue: 'type' },
  producer: { name: 'field.producer' },
  min_consumer: { name: 'field.minConsumer' },
  dtype: { name: 'field.dtype', hue: 'type' },
  shape: { name: 'field.shape', hue: 'type' },
  dim: { name: 'field.dim' },
  'dim/size': { name: 'field.dimSize' },
  shard_id: { name: 'field.shardId', hue: 'place' },
  offset: { name: 'field.offset', hue: 'place' },
  size: { name: 'field.size', hue: 'place' },
  crc32c: { name: 'field.crc32c', hue: 'crc' },
  slices: { name: 'field.slices', hue: 'place' },
  tag: { name: 'field.tag' },
  length: { name: 'field.length' },
  value: { name: 'field.value' },
  restart: { name: 'field.restart', hue: 'length' },
  'number of restarts': { name: 'field.restarts', hue: 'length' },
  'compressed contents': { name: 'field.compressed', hue: 'none' },
  trailer: { name: 'field.trailer' },
  compression: { name: 'field.compression', hue: 'length' },
  checksum: { name: 'field.checksum', hue: 'crc' },
  'block offset': { name: 'field.blockOffset', hue: 'handle' },
  'block size': { name: 'field.blockSize', hue: 'handle' },
  'metaindex handle': { name: 'field.metaindexHandle', hue: 'handle' },
  'index handle': { name: 'field.indexHandle', hue: 'handle' },
  'metaindex handle/offset': { name: 'field.blockOffset' },
  'metaindex handle/size': { name: 'field.blockSize' },
  'index handle/offset': { name: 'field.blockOffset' },
  'index handle/size': { name: 'field.blockSize' },
  footer: { name: 'field.footer' },
  padding: { name: 'field.padding', hue: 'none' },
  magic: { name: 'field.magic', hue: 'magic' },
  'unreadable bytes': { name: 'field.unreadable', hue: 'none' },
  'more bytes': { name: 'field.more', hue: 'none' },
};

/** Values that are words of the format, not data of the file. */
const WORDS: Readonly<Record<string, MessageKey>> = {
  correct: 'value.correct',
  wrong: 'value.wrong',
  none: 'value.none',
  little: 'value.little',
  big: 'value.big',
};

const WORDED: ReadonlySet<string> = new Set(['checksum', 'magic', 'compression', 'endianness']);

export interface FieldNode extends Field {
  readonly position: number;
  /** -1 at the top. */
  readonly parent: number;
  readonly hasChildren: boolean;
  readonly hue: Hue;
  /** The field whose colour this one shows: itself or one that encloses it. */
  readonly group: number;
  /** Undefined for a label this page does not know; it is then shown as it is. */
  readonly name: MessageKey | undefined;
  /** The value, where it is a word that can be translated. */
  readonly word: MessageKey | undefined;
}

/** Links the engine's flat list into a tree; children follow their parent. */
export function linkFields(fields: readonly Field[]): FieldNode[] {
  const nodes: FieldNode[] = [];
  const open: number[] = [];
  fields.forEach((field, position) => {
    open.length = field.depth;
    open[field.depth] = position;
    const parent = open[field.depth - 1] ?? -1;
    const above = nodes[parent];
    const kind = KINDS[`${above?.label}/${field.label}`] ?? KINDS[field.label];
    nodes.push({
      ...field,
      position,
      parent,
      hasChildren: (fields[position + 1]?.depth ?? 0) > field.depth,
      hue: kind?.hue ?? above?.hue ?? 'none',
      group: kind?.hue || !above || above.hue === 'none' ? position : above.group,
      name: kind?.name,
      word: WORDED.has(field.label) ? WORDS[field.value] : undefined,
    });
  });
  return nodes;
}

/** For each of `length` bytes the position of the innermost field that has it, or -1. */
export function fieldOfByte(fields: readonly FieldNode[], length: number): Int32Array {
  const owner = new Int32Array(length).fill(-1);
  for (const { offset, length: size, position } of fields) {
    owner.fill(position, offset, Math.min(offset + size, length));
  }
  return owner;
}

/** The positions of the fields that enclose `position`, outermost first, itself last. */
export function pathTo(fields: readonly FieldNode[], position: number): number[] {
  const path: number[] = [];
  for (let at = position; at >= 0; at = fields[at]?.parent ?? -1) path.unshift(at);
  return path;
}
