/// What happened to a checkpoint, in sentences.

import type { Cause } from 'tensorbundle/node';
import { escapeText, formatBytes } from './output.js';

const PARTS: Readonly<Record<string, string>> = {
  data: 'a block of entries',
  metaindex: 'the block that no reader needs',
  index: 'the list of its blocks',
  footer: 'its footer',
  header: 'the header, so that byte order and number of shards are guesses,',
  unknown: 'a part',
};

/** The news, and what to do. */
export function sentencesOf(cause: Cause): { readonly what: string; readonly todo: string } {
  const file = escapeText(cause.file);
  const again = 'Copy the file again from where it was written.';
  switch (cause.kind) {
    case 'missing':
      return {
        what: `${file} is missing.`,
        todo: 'Keep all files of a checkpoint together: look for it where the checkpoint was written.',
      };
    case 'cut':
      return {
        what:
          cause.expected === undefined
            ? `${file} was cut: it ends after ${bytes(cause.size)}, before its footer.`
            : `${file} was cut: it has ${bytes(cause.size)} of ${bytes(cause.expected)}.`,
        todo: again,
      };
    case 'exchanged':
      return {
        what: `${file} holds other data: what belongs there is in ${escapeText(cause.belongs)}.`,
        todo: 'Exchange the two files, or rename them.',
      };
    case 'other-checkpoint':
      return {
        what: `${file} is that of another checkpoint: none of its tensors is what the index tells of${
          cause.size === cause.expected
            ? ', though its size is right'
            : ` (${bytes(cause.size)}, not ${bytes(cause.expected)})`
        }.`,
        todo: 'Index and data files must come from the same save.',
      };
    case 'flipped-bit':
      return {
        what: `${file}: bit ${cause.bit} of byte ${number(cause.offset)} is wrong${
          cause.tensor === undefined ? '' : ` (${escapeText(cause.tensor)})`
        }.`,
        todo: 'A disk, a cable or memory is failing where the file was kept or copied.',
      };
    case 'zeros':
      return {
        what: `${file} has ${bytes(cause.length)} of zeros from byte ${number(cause.offset)} on.`,
        todo: `A download or a copy did not finish. ${again}`,
      };
    case 'damaged':
      return {
        what:
          cause.part === undefined
            ? `${file}: ${bytes(cause.length)} from byte ${number(cause.offset)} on are not what was written.`
            : `${file}: ${PARTS[cause.part]} is damaged${
                cause.length === 0 ? '' : ` (bytes ${range(cause.offset, cause.length)})`
              }.`,
        todo: again,
      };
    default:
      return { what: `${file} is no index of a checkpoint.`, todo: again };
  }
}

function number(n: number): string {
  return n.toLocaleString('en');
}

function bytes(n: number): string {
  return n < 1024 ? `${n} bytes` : `${number(n)} bytes (${formatBytes(n)})`;
}

function range(offset: number, length: number): string {
  return `${number(offset)} to ${number(offset + length)}`;
}
