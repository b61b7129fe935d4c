/// Tensor names are bytes; JavaScript's are strings. The mapping is reversible for every byte string: UTF-8, and
/// each byte that is not part of it becomes the lone surrogate U+DC00 + byte, as Python's `surrogateescape` does.

import { InvalidArgumentError } from './errors.js';

const ESCAPE = 0xdc00;

// A lone one; pairs are single characters to a `u` expression.
const SURROGATE = /\p{Surrogate}/u;
const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The string for the bytes of a name. */
export function decodeName(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return decodeEscaped(bytes);
  }
}

/**
 * The bytes of a name that {@link decodeName} gave, or of any well-formed string.
 * @throws {InvalidArgumentError} for a lone surrogate that stands for no byte.
 */
export function encodeName(name: string): Uint8Array {
  if (!SURROGATE.test(name)) return encoder.encode(name);
  const out: number[] = [];
  for (const character of name) {
    const point = character.codePointAt(0)!;
    if (point >= ESCAPE + 0x80 && point <= ESCAPE + 0xff) {
      out.push(point - ESCAPE);
    } else if (point >= 0xd800 && point <= 0xdfff) {
      throw new InvalidArgumentError(
        `Name holds the lone surrogate U+${point.toString(16)}: ${JSON.stringify(name)}`,
      );
    } else {
      out.push(...encoder.encode(character));
    }
  }
  return Uint8Array.from(out);
}

function decodeEscaped(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i);
    if (length === 0) {
      text += String.fromCharCode(ESCAPE + bytes[i]!);
      i += 1;
    } else {
      text += new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(i, i + length));
      i += length;
    }
  }
  return text;
}

// The length of the well-formed UTF-8 sequence at `i`, or 0 (Unicode, table 3-7).
function sequenceLength(bytes: Uint8Array, i: number): number {
  const lead = bytes[i]!;
  if (lead < 0x80) return 1;
  const length =
    lead >= 0xc2 && lead < 0xe0
      ? 2
      : lead >= 0xe0 && lead < 0xf0
        ? 3
        : lead >= 0xf0 && lead < 0xf5
          ? 4
          : 0;
  if (length === 0 || i + length > bytes.length) return 0;
  for (let k = 1; k < length; ++k) {
    if ((bytes[i + k]! & 0xc0) !== 0x80) return 0;
  }
  const second = bytes[i + 1]!;
  if (lead === 0xe0 && second < 0xa0) return 0; // overlong
  if (lead === 0xed && second > 0x9f) return 0; // surrogates
  if (lead === 0xf0 && second < 0x90) return 0; // overlong
  if (lead === 0xf4 && second > 0x8f) return 0; // beyond U+10FFFF
  return length;
}
