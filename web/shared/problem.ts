/// Errors as data: the class's name, TensorFlow's text, and where in the program.

import { errors } from 'tensorbundle/web';

/** An error, without its class. */
export interface Problem {
  readonly name: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** The line of the program, where the browser tells. */
  readonly line?: number | undefined;
}

/** The line of the cell in a stack; a cell is the only module with a blob: address. */
function lineIn(error: Error): number | undefined {
  const match = /blob:[^\s)]*?:(\d+):\d+/.exec(error.stack ?? '');
  return match ? Number(match[1]) : undefined;
}

/** Describes anything that was thrown. */
export function describe(thrown: unknown): Problem {
  if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown) };
  const { name, message } = thrown;
  return { name, message, hint: errors.hintOf(thrown), line: lineIn(thrown) };
}
