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

function block(entries: readonly (readonly [Uint8Array, Uint8Array])[]): Uint8Array {
  const parts = entries.flatMap(([key, value]) => [
    Uint8Array.from([0, ...varint(key.length), ...varint(value.length)]),
    key,
    value,
  ]);
  // One restart an entry: no key leans on the one before it.
  let at = 0;
  const restarts = entries.map(([key, value]) => {
    const start = at;
    at += 1 + varint(key.length).length + varint(value.length).length + key.length + value.length;
    return fixed32(start);
  });
  const body = [...parts, ...(restarts.length === 0 ? [fixed32(0)] : restarts)];
  const contents = Buffer.concat([
    ...body,
    fixed32(Math.max(restarts.length, 1)),
    Buffer.from([0]),
  ]);
  return Buffer.concat([contents, fixed32(masked(crc32c(contents)))]);
}

/** A table of one data block. Keys must be in the order of their bytes. */
export function makeTable(entries: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const keyed = entries.map(([key, value]) => [Buffer.from(key), value] as const);
  const data = block(keyed);
  const meta = block([]);
  const handle = (offset: number, { length }: Uint8Array) =>
    Uint8Array.from([...varint(offset), ...varint(length - 5)]);
  const index = block([[keyed.at(-1)![0], handle(0, data)]]);
  const handles = Buffer.concat([
    handle(data.length, meta),
    handle(data.length + meta.length, index),
  ]);
  const footer = Buffer.alloc(48);
  handles.copy(footer);
  Buffer.from('57fb808b247547db', 'hex').copy(footer, 40);
  return Buffer.concat([data, meta, index, footer]);
}
