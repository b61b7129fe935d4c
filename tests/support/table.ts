/// Index files made by hand, for what no writer writes: variants, resources, types that nobody knows.

/** CRC-32C, bit by bit. */
export function crc32c(bytes: Uint8Array, crc = 0): number {
  let value = ~crc;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; ++bit) value = (value >>> 1) ^ (value & 1 ? 0x82f63b78 : 0);
  }
  return ~value >>> 0;
}

/** As checksums are stored. */
export function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Four bytes, little endian. */
export function fixed32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

/** A key and a value; or the end of a key, its value, and how many bytes are those of the key before it. */
export type TableEntry = readonly [string | Uint8Array, Uint8Array, number?];

function block(entries: readonly TableEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const restarts: Uint8Array[] = [];
  let at = 0;
  for (const [key, value, shared = 0] of entries) {
    const tail = Buffer.from(key);
    const sizes = [...varint(shared), ...varint(tail.length), ...varint(value.length)];
    if (shared === 0) restarts.push(fixed32(at));
    parts.push(Uint8Array.from(sizes), tail, value);
    at += sizes.length + tail.length + value.length;
  }
  if (restarts.length === 0) restarts.push(fixed32(0));
  const contents = Buffer.concat([
    ...parts,
    ...restarts,
    fixed32(restarts.length),
    Buffer.from([0]),
  ]);
  return Buffer.concat([contents, fixed32(masked(crc32c(contents)))]);
}

// As far as keys lean on the last whole one.
function lastKey(entries: readonly TableEntry[]): Uint8Array {
  const whole = entries.findLast(([, , shared = 0]) => shared === 0)!;
  const [tail, , shared] = entries.at(-1)!;
  return Buffer.concat([Buffer.from(whole[0]).subarray(0, shared ?? 0), Buffer.from(tail)]);
}

/** A table of one data block. Keys must be in the order of their bytes. */
export function makeTable(entries: readonly TableEntry[]): Uint8Array {
  return makeTableOfBlocks([entries]);
}

/** A table with a data block for each list. */
export function makeTableOfBlocks(blocks: readonly (readonly TableEntry[])[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = 0;
  const append = (part: Uint8Array) => {
    const handle = Uint8Array.from([...varint(size), ...varint(part.length - 5)]);
    parts.push(part);
    size += part.length;
    return handle;
  };
  const handles = blocks.map((entries): TableEntry => [lastKey(entries), append(block(entries))]);
  const meta = append(block([]));
  const footer = Buffer.alloc(48);
  Buffer.concat([meta, append(block(handles))]).copy(footer);
  Buffer.from('57fb808b247547db', 'hex').copy(footer, 40);
  return Buffer.concat([...parts, footer]);
}
