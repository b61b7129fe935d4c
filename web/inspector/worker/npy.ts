/// Tensors as .npy files (numpy/lib/format.py, version 1.0):
///
///     93 'NUMPY' 01 00 | header length, 2 bytes, little-endian | header, a Python dict, padded to 64 | the elements

import type { NDArray } from 'tensorbundle/web';

/** numpy's names of the element types that it has. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  bool: '|b1',
  int8: '|i1',
  uint8: '|u1',
  int16: '<i2',
  uint16: '<u2',
  int32: '<i4',
  uint32: '<u4',
  int64: '<i8',
  uint64: '<u8',
  float16: '<f2',
  float32: '<f4',
  float64: '<f8',
  complex64: '<c8',
  complex128: '<c16',
};

/** True iff numpy has elements of that type. */
export function hasNpy(dtype: string): boolean {
  return dtype in DESCRIPTIONS;
}

/** The .npy file of `array`, whose dtype numpy must have. */
export function npyFile(array: NDArray): Blob {
  const shape = array.shape.length === 1 ? `${array.shape[0]},` : array.shape.join(', ');
  const dict = `{'descr': '${DESCRIPTIONS[array.dtype.name]}', 'fortran_order': False, 'shape': (${shape}), }`;
  const padding = 63 - ((10 + dict.length) % 64);
  const header = new TextEncoder().encode(`${dict}${' '.repeat(padding)}\n`);
  const magic = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0);
  const length = Uint8Array.of(header.length & 255, header.length >> 8);
  return new Blob([magic, length, header, array.bytes() as Uint8Array<ArrayBuffer>]);
}
