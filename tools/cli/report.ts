/// How failures end a command: a text for people, JSON for programs, an exit code for both.

import { escapeText, type Output } from './output.js';

export const EXIT_CORRUPT = 1;
export const EXIT_USAGE = 2;
export const EXIT_IO = 3;

// Errors of another copy of the package have the same fields, so nothing is imported to recognise them.
export interface Coded extends Error {
  readonly code: string;
  readonly status: string;
  readonly hint?: string;
  readonly details?: { readonly tensor?: string };
  toJSON(): object;
}

/** Prints `error` and returns the exit code that it means. */
export function reportError(error: unknown, output: Output, json: boolean): number {
  if (!isCoded(error)) {
    output.error(
      `tensorbundle: ${escapeText(error instanceof Error ? (error.stack ?? error.message) : String(error))}`,
    );
    return EXIT_IO;
  }
  if (json) output.json({ error: error.toJSON() });
  const hint = error.hint === undefined ? [] : [escapeText(error.hint)];
  output.error(`tensorbundle: ${error.name}: ${escapeText(error.message)}`, ...hint);
  return exitCodeOf(error);
}

/** 1 for damage, 2 for a tensor that is not there, 3 for everything else. */
export function exitCodeOf(error: Error): number {
  if (!isCoded(error)) return EXIT_IO;
  switch (error.code) {
    case 'DATA_LOSS':
    case 'OUT_OF_RANGE':
    case 'INTERNAL':
      return EXIT_CORRUPT;
    case 'INVALID_ARGUMENT':
      // Of a tensor that is there: its slices are missing, or its record cannot be read.
      return error.details?.tensor === undefined ? EXIT_IO : EXIT_CORRUPT;
    case 'NOT_FOUND':
      return error.details?.tensor === undefined ? EXIT_IO : EXIT_USAGE;
    default:
      return EXIT_IO;
  }
}

/** True for the errors of the package. */
export function isCoded(error: unknown): error is Coded {
  return error instanceof Error && 'codeNumber' in error && 'toJSON' in error;
}
