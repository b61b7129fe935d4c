/// The command line in its parts.

import { parseArgs } from 'node:util';
import type { CommandSpec } from './help.js';

/** A command line that cannot be carried out; exit code 2. */
export class UsageError extends Error {}

/** What was asked for. */
export interface Args {
  readonly positionals: readonly string[];
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
}

/** @throws {UsageError} */
export function parseCommandLine(command: CommandSpec, argv: readonly string[]): Args {
  const options = Object.fromEntries(
    command.options.map(({ name, value }) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  let parsed: { positionals: string[]; values: Record<string, unknown> };
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0]);
  }
  const { positionals, values } = parsed;
  const replaced = command.options.filter(({ name }) => values[name]).map((it) => it.replaces);
  const wanted = command.positionals.filter((name) => !replaced.includes(name));
  const missing = wanted[positionals.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  if (positionals.length > wanted.length) {
    throw new UsageError(`one argument too many: ${positionals[wanted.length]}`);
  }
  return { positionals, flags: values as Args['flags'] };
}
