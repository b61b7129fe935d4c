// Fault injection: a storage that fails at one chosen step, as a full disk would.

import { ResourceExhaustedError } from '#dist/core/errors.js';
import type { ByteSink, FileSet, FileTransaction } from '#dist/core/types.js';

/** Where the fault strikes: at `step`, for the file `name` (`commit` strikes whatever the name). */
export interface Fault {
  readonly step: 'create' | 'write' | 'close' | 'commit';
  readonly name: string;
}

/** `files`, whose transactions fail as `fault` says. Reading is not disturbed. */
export function faulty(files: FileSet, fault: Fault): FileSet {
  const strike = (step: Fault['step'], name: string): void => {
    if (step !== fault.step || (step !== 'commit' && name !== fault.name)) return;
    throw new ResourceExhaustedError(`${name}; No space left on device`);
  };
  const wrapSink = (name: string, sink: ByteSink): ByteSink => ({
    write: async (chunk) => {
      strike('write', name);
      await sink.write(chunk);
    },
    close: async () => {
      strike('close', name);
      await sink.close();
    },
    abort: (reason) => sink.abort(reason),
  });
  const wrap = (transaction: FileTransaction): FileTransaction => ({
    create: async (name) => {
      strike('create', name);
      return wrapSink(name, await transaction.create(name));
    },
    remove: (name) => transaction.remove(name),
    commit: async () => {
      strike('commit', '');
      await transaction.commit();
    },
    abort: (reason) => transaction.abort(reason),
  });
  return {
    label: files.label,
    list: (options) => files.list(options),
    open: (name, options) => files.open(name, options),
    begin: async () => wrap(await files.begin!()),
  };
}
