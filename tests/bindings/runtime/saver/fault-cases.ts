// What must hold when storage fails at the n-th call of a save, of its retention or of a removal: a reader finds the
// old checkpoint or the new one, whole, and the state file names one that exists. No import: also runs in the page of
// a real browser.

import type * as TensorBundle from 'tensorbundle';

type Tf = typeof TensorBundle;

/** A fault in a storage: it strikes once, at one call, or at that and all that follow, as a dying process does. */
export interface Injector {
  /** What paths begin with; folders below it are new for every call of `everyFault`. */
  readonly root: string;
  /** From now on the call number `n`, counted from 1, fails. */
  arm(n: number): void;
  /** Whether the call came. No further one fails. */
  disarm(): boolean;
  /** True when work that was reported as failed may have been done: the new checkpoint is there, too. */
  readonly lies?: boolean;
  /** True when undoing fails as well, so that litter may lie about. */
  readonly dies?: boolean;
}

function expect(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

/** Two variables that hold `step` everywhere. */
class Program {
  readonly #tf: Tf;
  readonly #small: TensorBundle.Variable;
  readonly #large: TensorBundle.Variable;
  readonly session: TensorBundle.Session;

  constructor(tf: Tf) {
    this.#tf = tf;
    tf.resetDefaultGraph();
    this.#small = new tf.Variable(0, { name: 'small' });
    this.#large = new tf.Variable(tf.ndarray(new Float32Array(300_000)), { name: 'large' });
    this.session = new tf.Session();
  }

  saver(options: TensorBundle.train.SaverOptions): TensorBundle.train.Saver {
    return new this.#tf.train.Saver(null, options);
  }

  set(step: number): void {
    this.#small.load(step, this.session);
    this.#large.load(this.#tf.ndarray(new Float32Array(300_000).fill(step)), this.session);
  }

  /** The step that all values of the checkpoint have. @throws when it is not whole. */
  async stepOf(path: string): Promise<number> {
    using reader = await this.#tf.train.loadCheckpoint(path);
    const small = Number((await reader.getTensor('small')).item());
    const large = (await reader.getTensor('large')).data as Float32Array;
    expect(
      large.length === 300_000 && large.every((value) => value === small),
      `${path} mixes values`,
    );
    return small;
  }
}

async function failed(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => false,
    () => true,
  );
}

/** The paths that the state file lists; each must be whole and the last must be the latest. */
async function listed(tf: Tf, program: Program, folder: string): Promise<number[]> {
  const state = await tf.train.getCheckpointState(folder);
  expect(state !== undefined, `${folder} has no state file`);
  const paths = state!.allModelCheckpointPaths;
  expect(paths.at(-1) === state!.modelCheckpointPath, 'the latest is not the last');
  const steps = [];
  for (const path of paths) steps.push(await program.stepOf(path));
  return steps;
}

type Case = (tf: Tf, injector: Injector, folder: string, n: number) => Promise<boolean>;

/** A third numbered save, of which two are kept. */
const numberedSave: Case = async (tf, injector, folder, n) => {
  const program = new Program(tf);
  const saver = program.saver({ maxToKeep: 2, saveRelativePaths: true });
  const save = (globalStep: number) => {
    program.set(globalStep);
    return saver.save(program.session, `${folder}/m`, { globalStep });
  };
  await save(1);
  await save(2);
  injector.arm(n);
  const didFail = await failed(save(3));
  const struck = injector.disarm();

  const steps = (await listed(tf, program, folder)).join();
  const allowed = didFail ? (injector.lies || injector.dies ? ['1,2', '2,3'] : ['1,2']) : ['2,3'];
  expect(allowed.includes(steps), `fault ${n}: the state file lists ${steps}`);
  expect(
    saver.lastCheckpoints.map((path) => path.slice(-1)).join() === (didFail ? '1,2' : '2,3'),
    `fault ${n}: the saver lists ${saver.lastCheckpoints}`,
  );
  if (didFail) expect((await program.stepOf(`${folder}/m-1`)) === 1, `fault ${n}: m-1 is gone`);
  // And it goes on as if nothing had been.
  await save(4);
  const after = (await listed(tf, program, folder)).join();
  expect(after === (didFail ? '2,4' : '3,4'), `fault ${n}: then the state file lists ${after}`);
  return struck;
};

/** A save over an earlier one. */
const savedOver: Case = async (tf, injector, folder, n) => {
  const program = new Program(tf);
  const saver = program.saver({});
  program.set(1);
  await saver.save(program.session, `${folder}/m`);
  program.set(2);
  injector.arm(n);
  const didFail = await failed(saver.save(program.session, `${folder}/m`));
  const struck = injector.disarm();
  const [step] = await listed(tf, program, folder);
  const allowed = didFail ? (injector.lies ? [1, 2] : [1]) : [2];
  expect(allowed.includes(step!), `fault ${n}: the checkpoint holds ${step}`);
  return struck;
};

/** The removal of one of two. */
const removal: Case = async (tf, injector, folder, n) => {
  const program = new Program(tf);
  const saver = program.saver({});
  for (const globalStep of [1, 2]) {
    program.set(globalStep);
    await saver.save(program.session, `${folder}/m`, { globalStep });
  }
  injector.arm(n);
  const didFail = await failed(tf.train.removeCheckpoint(`${folder}/m-1`));
  const struck = injector.disarm();
  if (await tf.train.checkpointExists(`${folder}/m-1`)) {
    expect(didFail, `fault ${n}: m-1 is still there`);
    if (!injector.dies) expect((await program.stepOf(`${folder}/m-1`)) === 1, 'm-1 is in pieces');
  } else {
    expect(!didFail || injector.lies === true || injector.dies === true, `fault ${n}: m-1 is gone`);
  }
  expect((await program.stepOf(`${folder}/m-2`)) === 2, 'm-2 suffered');
  return struck;
};

const CASES: Readonly<Record<string, Case>> = { numberedSave, savedOver, removal };
/** The names of the cases. */
export const FAULT_CASES: readonly string[] = Object.keys(CASES);

let folders = 0;

/** Runs a case with a fault at the first call, at the second ... until none comes. Returns how many there were. */
export async function everyFault(tf: Tf, injector: Injector, name: string): Promise<number> {
  for (let n = 1; ; n++) {
    const struck = await CASES[name]!(tf, injector, `${injector.root}faults-${folders++}`, n);
    if (!struck) return n - 1;
    expect(n < 1000, 'there is no end to the calls');
  }
}

/** The storage in memory under the scheme `scheme`: every call to it is counted. */
export function faultyMemory(tf: Tf, scheme: string, lies: boolean): Injector {
  let left = 0;
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    const strikes = left > 0 && --left === 0;
    if (strikes && !lies) throw new tf.errors.ResourceExhaustedError('No space left on device');
    const result = await work();
    if (strikes) throw new tf.errors.ResourceExhaustedError('No space left on device');
    return result;
  };
  const innerPath = (path: string) => path.replace(scheme, 'memory');
  const sink = (target: TensorBundle.ByteSink): TensorBundle.ByteSink => ({
    write: (chunk) => call(() => target.write(chunk)),
    close: () => call(() => target.close()),
    abort: (reason) => target.abort(reason),
  });
  const transaction = (target: TensorBundle.FileTransaction): TensorBundle.FileTransaction => ({
    create: (name) => call(async () => sink(await target.create(name))),
    remove: (name) => target.remove(name),
    commit: () => call(() => target.commit()),
    abort: (reason) => target.abort(reason),
  });
  tf.registerStorage({
    schemes: [scheme],
    locate: (path) => {
      const location = tf.locate(innerPath(path));
      const { files } = location;
      return {
        path,
        name: location.name,
        files: {
          label: path.slice(0, path.lastIndexOf('/')),
          list: (options) => call(() => files.list(options)),
          open: (name, options) => call(() => files.open(name, options)),
          begin: () => call(async () => transaction(await files.begin!())),
        },
      };
    },
    isDirectory: async (path) => !/m(-\d)?$/.test(path),
    makeParent: () => call(async () => {}),
  });
  return {
    root: `${scheme}://`,
    lies,
    arm: (n) => {
      left = n;
    },
    disarm: () => {
      const struck = left === 0;
      left = 0;
      return struck;
    },
  };
}
