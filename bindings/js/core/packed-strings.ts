/// Strings as they cross to and from the engine: a little-endian 32-bit length and the bytes of each, one after the
/// other (bindings/embind/convert.h).

/** The strings as one run of bytes. */
export function packStrings(strings: readonly Uint8Array[]): Uint8Array {
  const packed = new Uint8Array(strings.reduce((sum, { length }) => sum + 4 + length, 0));
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const bytes of strings) {
    view.setUint32(at, bytes.length, true);
    packed.set(bytes, at + 4);
    at += 4 + bytes.length;
  }
  return packed;
}

/** The strings in `packed`; they share its memory. */
export function unpackStrings(packed: Uint8Array): Uint8Array[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const strings: Uint8Array[] = [];
  for (let at = 0; at < packed.length; ) {
    const length = view.getUint32(at, true);
    strings.push(packed.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return strings;
}
