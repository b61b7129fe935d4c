/// Runs a program as an ES module. No eval: a module from a blob: address, as any other module.

import * as tf from 'tensorbundle/web';
import { describe } from '../../shared/problem.js';
import { flushConsole } from './console.js';
import type { Outcome, ProgramText } from './protocol.js';

const IMPORT =
  /(^[ \t]*import\b[^'"`;]*?|\bfrom[ \t]*|\bimport[ \t]*\([ \t]*)(['"])tensorbundle(\/(?:web|node|digits))?\2/gm;

function moduleAddress(source: string): string {
  return URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
}

let packageAddress: string | undefined;

/** A module that exports again what this worker has already loaded: one engine, not two. */
function packageModule(): string {
  const hidden = Symbol.for('tensorbundle.package');
  Object.defineProperty(globalThis, hidden, { value: tf });
  const names = Object.keys(tf);
  const lines = names.map((name, i) => `const v${i} = tf[${JSON.stringify(name)}];`);
  const list = names.map((name, i) => `v${i} as ${name}`).join(', ');
  return moduleAddress(
    `const tf = globalThis[Symbol.for('tensorbundle.package')];\n${lines.join('\n')}\nexport { ${list} };\n`,
  );
}

/** Runs `source` to its end. Never rejects: what it throws is part of the outcome. */
export async function run({ source, digits }: ProgramText): Promise<Outcome> {
  packageAddress ??= packageModule();
  const addresses = {
    package: packageAddress,
    digits: moduleAddress(`export const digits = ${JSON.stringify(digits)};\n`),
  };
  // The same number of lines as before, so that positions in errors are the reader's.
  const program = moduleAddress(
    source.replace(IMPORT, (_, before: string, _quote, part: string | undefined) => {
      const address = part === '/digits' ? addresses.digits : addresses.package;
      return `${before}${JSON.stringify(address)}`;
    }),
  );
  const start = performance.now();
  try {
    await import(/* @vite-ignore */ program);
    return { ok: true, ms: performance.now() - start };
  } catch (error) {
    return { ok: false, ms: performance.now() - start, problem: describe(error) };
  } finally {
    flushConsole();
    URL.revokeObjectURL(program);
    URL.revokeObjectURL(addresses.digits);
  }
}
