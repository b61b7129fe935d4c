/// A zip archive of stored (uncompressed) files: weights do not compress.
///
///   for each file   local header | name | [zip64 sizes] | bytes
///   for each file   central header | name | [zip64 sizes and offset]
///   [zip64 end record | zip64 locator]
///   end record
///
/// All numbers are little-endian. A field that holds 0xffff or 0xffffffff says
/// that its value is in the zip64 part (APPNOTE.TXT 4.3 to 4.5).

/** A file to be archived, its checksum already known. */
export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  readonly crc32: number;
  readonly mtimeMs: number;
}

const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;
const VERSION = 20;
const VERSION_ZIP64 = 45;
/** Bit 11: the name is UTF-8. */
const FLAGS = 0x0800;

/** Extends a CRC-32 (IEEE 802.3, reflected; 0 for no bytes) by `bytes`. */
export function crc32(crc: number, bytes: Uint8Array): number {
  let value = ~crc;
  for (let i = 0; i < bytes.length; i++) {
    value = CRC_TABLE[(value ^ bytes[i]!) & 0xff]! ^ (value >>> 8);
  }
  return ~value >>> 0;
}

/** What comes before the bytes of an entry. */
export function localHeader(entry: ZipEntry): Uint8Array<ArrayBuffer> {
  const big = entry.size >= MAX_32;
  const name = encodeName(entry.name);
  const out = new Record(30 + name.length + (big ? 20 : 0));
  out.u32(0x04034b50).u16(big ? VERSION_ZIP64 : VERSION);
  writeCommon(out, entry, name.length, big ? 20 : 0);
  out.bytes(name);
  if (big) out.u16(1).u16(16).u64(entry.size).u64(entry.size);
  return out.finish();
}

/** What comes after the last entry. `entries` are in the order of the archive. */
export function centralDirectory(entries: readonly ZipEntry[]): Uint8Array<ArrayBuffer>[] {
  const records: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  let length = 0;
  for (const entry of entries) {
    const record = centralHeader(entry, offset);
    records.push(record);
    length += record.length;
    offset += localHeader(entry).length + entry.size;
  }
  const count = entries.length;
  if (count >= MAX_16 || offset >= MAX_32 || length >= MAX_32) {
    const out = new Record(56 + 20);
    out.u32(0x06064b50).u64(44).u16(VERSION_ZIP64).u16(VERSION_ZIP64).u32(0).u32(0);
    out.u64(count).u64(count).u64(length).u64(offset);
    out
      .u32(0x07064b50)
      .u32(0)
      .u64(offset + length)
      .u32(1);
    records.push(out.finish());
  }
  const end = new Record(22);
  end.u32(0x06054b50).u16(0).u16(0);
  end.u16(Math.min(count, MAX_16)).u16(Math.min(count, MAX_16));
  end.u32(Math.min(length, MAX_32)).u32(Math.min(offset, MAX_32)).u16(0);
  records.push(end.finish());
  return records;
}

function centralHeader(entry: ZipEntry, offset: number): Uint8Array<ArrayBuffer> {
  const big = entry.size >= MAX_32;
  const far = offset >= MAX_32;
  const extra = (big ? 16 : 0) + (far ? 8 : 0);
  const name = encodeName(entry.name);
  const out = new Record(46 + name.length + (extra === 0 ? 0 : 4 + extra));
  out
    .u32(0x02014b50)
    .u16(VERSION_ZIP64)
    .u16(extra === 0 ? VERSION : VERSION_ZIP64);
  writeCommon(out, entry, name.length, extra === 0 ? 0 : 4 + extra);
  // No comment, disk 0, no attributes.
  out.u16(0).u16(0).u16(0).u32(0).u32(Math.min(offset, MAX_32)).bytes(name);
  if (extra > 0) out.u16(1).u16(extra);
  if (big) out.u64(entry.size).u64(entry.size);
  if (far) out.u64(offset);
  return out.finish();
}

/** From the flags to the length of the extra field: the same in both headers. */
function writeCommon(out: Record, entry: ZipEntry, nameLength: number, extra: number): void {
  const [time, date] = dosTime(entry.mtimeMs);
  const size = Math.min(entry.size, MAX_32);
  out.u16(FLAGS).u16(0).u16(time).u16(date).u32(entry.crc32).u32(size).u32(size);
  out.u16(nameLength).u16(extra);
}

/** Local time in MS-DOS form: two-second steps, from 1980 on. */
function dosTime(mtimeMs: number): [time: number, date: number] {
  const at = new Date(mtimeMs);
  const time = (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1);
  const year = Math.max(0, at.getFullYear() - 1980);
  return [time, (year << 9) | ((at.getMonth() + 1) << 5) | at.getDate()];
}

function encodeName(name: string): Uint8Array {
  return new TextEncoder().encode(name);
}

/** A fixed number of bytes, written in order. */
class Record {
  readonly #view: DataView<ArrayBuffer>;
  #at = 0;

  constructor(length: number) {
    this.#view = new DataView(new ArrayBuffer(length));
  }

  u16(value: number): this {
    this.#view.setUint16(this.#at, value, true);
    this.#at += 2;
    return this;
  }

  u32(value: number): this {
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
    return this;
  }

  u64(value: number): this {
    this.#view.setBigUint64(this.#at, BigInt(value), true);
    this.#at += 8;
    return this;
  }

  bytes(value: Uint8Array): this {
    new Uint8Array(this.#view.buffer).set(value, this.#at);
    this.#at += value.length;
    return this;
  }

  finish(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#view.buffer);
  }
}

const CRC_TABLE: Uint32Array = /* @__PURE__ */ crcTable();

function crcTable(): Uint32Array {
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    let value = i;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
    table[i] = value;
  }
  return table;
}
