// What every storage promises (bindings/js/core/types.ts: FileSet, FileTransaction). No import at run time,
// so that the same compiled file runs under node --test and in a page of a real browser.

import type { ByteSink, FileSet, FileTransaction } from '#dist/core/types.js';

/** The storage under test and what it can do. */
export interface Subject {
  /** A new, empty folder each time. */
  folder(): Promise<FileSet>;
  /** The folder again, through objects that share nothing in memory with the first. */
  reopen?(files: FileSet): Promise<FileSet>;
  /** Makes the commit of file `name` fail until the result is called. */
  failCommit?(files: FileSet, name: string): Promise<() => Promise<void>>;
  /** What a source does when its file is replaced: keep the old bytes, or say so. */
  readonly replaced: 'keeps' | 'fails';
  /** False for sets that imitate transactions, which cannot undo a commit. */
  readonly atomic: boolean;
}

export interface ContractCase {
  readonly name: string;
  run(): Promise<void>;
}

const MIB = 1 << 20;

/** The suite. Each case makes its own folder. */
export function storageContract(subject: Subject): ContractCase[] {
  const cases: ContractCase[] = [];
  const add = (name: string, run: (files: FileSet) => Promise<void>): void => {
    cases.push({ name, run: async () => run(await subject.folder()) });
  };

  add('a committed file has the bytes that were written, in order', async (files) => {
    await save(files, { 'a.bin': [bytes(3, 1), bytes(0, 0), bytes(5, 2)] });
    same(await load(files, 'a.bin'), join([bytes(3, 1), bytes(5, 2)]));
  });

  add('the writer may reuse its memory once write() has resolved', async (files) => {
    const transaction = await begin(files);
    const sink = await transaction.create('a');
    const chunk = bytes(1000, 1);
    await sink.write(chunk);
    chunk.fill(0);
    await sink.write(chunk);
    await sink.close();
    await transaction.commit();
    same(await load(files, 'a'), join([bytes(1000, 1), new Uint8Array(1000)]));
  });

  add('writes that were not awaited keep their order', async (files) => {
    const transaction = await begin(files);
    const sink = await transaction.create('a');
    const chunks = [bytes(5 * MIB, 1), bytes(3, 2), bytes(MIB, 3)];
    await Promise.all([...chunks.map((chunk) => sink.write(chunk)), sink.close()]);
    await transaction.commit();
    same(await load(files, 'a'), join(chunks));
  });

  add('nothing is visible before commit, everything after', async (files) => {
    const transaction = await begin(files);
    for (const name of ['m.data', 'm.index', 'checkpoint']) {
      const sink = await transaction.create(name);
      await sink.write(bytes(10, 1));
      await sink.close();
      equal(await namesOf(files), '');
      await rejects('NOT_FOUND', () => files.open(name));
    }
    await transaction.commit();
    equal(await namesOf(files), 'checkpoint m.data m.index');
  });

  add('abort leaves nothing behind, and the old files as they were', async (files) => {
    await save(files, { old: [bytes(9, 1)] });
    const transaction = await begin(files);
    const sink = await transaction.create('old');
    await sink.write(bytes(5 * MIB, 2));
    await (await transaction.create('new')).close();
    transaction.remove('old');
    await transaction.abort(new Error('changed my mind'));
    equal(await namesOf(files), 'old');
    same(await load(files, 'old'), bytes(9, 1));
    await rejects('FAILED_PRECONDITION', () => sink.write(bytes(1, 1)));
    await rejects('FAILED_PRECONDITION', () => transaction.commit());
    await rejects('FAILED_PRECONDITION', () => transaction.create('later'));
  });

  add('abort after commit changes nothing', async (files) => {
    const transaction = await begin(files);
    await (await transaction.create('a')).close();
    await transaction.commit();
    await transaction.abort();
    equal(await namesOf(files), 'a');
  });

  add('commit refuses a file that is still being written, and discards all', async (files) => {
    await save(files, { 'm.index': [bytes(4, 1)] });
    const transaction = await begin(files);
    await put(transaction, 'm.data', [bytes(4, 2)]);
    const open = await transaction.create('m.index');
    await open.write(bytes(4, 2));
    await rejects('FAILED_PRECONDITION', () => transaction.commit(), /m\.index; .*still being/);
    equal(await namesOf(files), 'm.index');
    same(await load(files, 'm.index'), bytes(4, 1));
  });

  add('commit refuses a file whose sink was aborted', async (files) => {
    const transaction = await begin(files);
    await put(transaction, 'm.data', [bytes(4, 2)]);
    await (await transaction.create('m.index')).abort(new Error('bad tensor'));
    await rejects('FAILED_PRECONDITION', () => transaction.commit(), /m\.index; .*not written/);
    equal(await namesOf(files), '');
  });

  add('a name can be created once in a transaction', async (files) => {
    const transaction = await begin(files);
    await put(transaction, 'a', [bytes(1, 1)]);
    await rejects('ALREADY_EXISTS', () => transaction.create('a'), /a; File exists$/);
    await transaction.commit();
    same(await load(files, 'a'), bytes(1, 1));
  });

  add('a file is replaced by a shorter and by a longer one', async (files) => {
    for (const size of [100, 7, 5 * MIB, 0, 1]) {
      await save(files, { a: [bytes(size, size)] });
      same(await load(files, 'a'), bytes(size, size));
    }
  });

  add('create() alone shows its file when the sink is closed', async (files) => {
    const sink = await files.create!('a');
    await sink.write(bytes(6, 1));
    equal(await namesOf(files), '');
    await sink.close();
    same(await load(files, 'a'), bytes(6, 1));
    const second = await files.create!('a');
    await second.write(bytes(60, 2));
    await second.abort();
    same(await load(files, 'a'), bytes(6, 1));
  });

  add('remove() takes effect at commit; a name that is not there is fine', async (files) => {
    await save(files, { a: [bytes(1, 1)], b: [bytes(2, 2)] });
    const transaction = await begin(files);
    transaction.remove('a');
    transaction.remove('never');
    await put(transaction, 'c', [bytes(3, 3)]);
    equal(await namesOf(files), 'a b');
    await transaction.commit();
    equal(await namesOf(files), 'b c');
    await files.remove!('b');
    await files.remove!('b');
    equal(await namesOf(files), 'c');
  });

  add('files of every size around a chunk come back, in any range', async (files) => {
    const chunk = MIB;
    for (const size of [0, 1, chunk - 1, chunk, chunk + 1, 5 * chunk + 12345]) {
      const whole = bytes(size, size % 97);
      await save(files, { a: cut(whole, 123_457) });
      const source = await files.open('a');
      equal(source.size, size);
      for (const [offset, length] of ranges(size, chunk)) {
        const part = whole.subarray(offset, offset + length);
        same(await source.read(offset, length), part);
        if (source.readInto === undefined) continue;
        const around = new Uint8Array(length + 2);
        await source.readInto(offset, around.subarray(1, 1 + length));
        same(around, join([new Uint8Array(1), part, new Uint8Array(1)]));
      }
      await source.close?.();
    }
  });

  add('a read past the end is OUT_OF_RANGE, and only that read', async (files) => {
    await save(files, { 'm.data': [bytes(10, 1)] });
    const source = await files.open('m.data');
    const text = /m\.data; Read less bytes than requested$/;
    for (const [offset, length] of [
      [0, 11],
      [10, 1],
      [11, 0],
      [9, 2],
      [2 ** 53 - 1, 1],
      [-1, 1],
    ] as const) {
      await rejects('OUT_OF_RANGE', () => source.read(offset, length), text);
      if (source.readInto === undefined || length > 11) continue;
      const target = new Uint8Array(length);
      await rejects('OUT_OF_RANGE', () => source.readInto!(offset, target), text);
    }
    equal((await source.read(10, 0)).length, 0);
    same(await source.read(2, 8), bytes(10, 1).subarray(2));
    await source.close?.();
  });

  add('many reads at once do not disturb each other', async (files) => {
    const whole = bytes(9 * MIB + 17, 5);
    await save(files, { a: [whole] });
    const source = await files.open('a');
    const reads = Array.from({ length: 20 }, (_, i) => [(i * 7919 * 61) % (9 * MIB), 3000 + i]);
    const parts = await Promise.all(reads.map(([offset, length]) => source.read(offset!, length!)));
    parts.forEach((part, i) => {
      const [offset, length] = reads[i]!;
      same(part, whole.subarray(offset!, offset! + length!));
    });
    await source.close?.();
  });

  add('what read() gives belongs to the reader', async (files) => {
    await save(files, { a: [bytes(100, 1)] });
    const source = await files.open('a');
    (await source.read(0, 100)).fill(0);
    same(await source.read(0, 100), bytes(100, 1));
    await source.close?.();
  });

  add('a missing file is NOT_FOUND, with its name', async (files) => {
    const text = /no such\.index; No such file or directory$/;
    await rejects('NOT_FOUND', () => files.open('no such.index'), text);
    await save(files, { 'no such.index.2': [] });
    await rejects('NOT_FOUND', () => files.open('no such.index'), text);
  });

  add('odd names are names', async (files) => {
    const odd = [
      'a b',
      'a:b,(c)',
      'model.ckpt-0.5',
      '权重',
      '\u00e9\u{1f600}',
      '%20',
      'a?b#c',
      "it's",
      '.x',
      '..x',
    ];
    const wanted: Record<string, Uint8Array[]> = {};
    odd.forEach((name, i) => {
      wanted[name] = [bytes(i + 1, i)];
    });
    await save(files, wanted);
    equal(await namesOf(files), [...odd].sort().join(' '));
    for (const [i, name] of odd.entries()) same(await load(files, name), bytes(i + 1, i));
  });

  add('names that are not plainly below the folder are refused', async (files) => {
    for (const name of ['', '.', '..', '../a', 'a/../b', 'a//b', '/a', 'a/', './a']) {
      await rejects('INVALID_ARGUMENT', () => files.open(name), /; Invalid argument$/);
      const transaction = await begin(files);
      await rejects('INVALID_ARGUMENT', () => transaction.create(name), /; Invalid argument$/);
      await transaction.abort();
    }
  });

  add('list() gives the folder, or all below it, with sizes and times', async (files) => {
    const before = Date.now() - 5000;
    await save(files, {
      b: [bytes(2, 1)],
      'sub/a': [bytes(3, 1)],
      'sub/deep/c': [],
      a0: [bytes(4, 1)],
    });
    equal(
      JSON.stringify((await files.list()).map(({ name, size }) => [name, size])),
      '[["a0",4],["b",2]]',
    );
    const all = await files.list({ recursive: true });
    equal(
      JSON.stringify(all.map(({ name, size }) => [name, size])),
      '[["a0",4],["b",2],["sub/a",3],["sub/deep/c",0]]',
    );
    for (const { mtimeMs } of all) ok(mtimeMs === undefined || mtimeMs > before, `time ${mtimeMs}`);
    same(await load(files, 'sub/a'), bytes(3, 1));
  });

  add('an aborted signal ends open, list and read with its own reason', async (files) => {
    await save(files, { a: [bytes(10, 1)] });
    const source = await files.open('a');
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    for (const act of [
      () => files.open('a', { signal }),
      () => files.list({ signal }),
      () => source.read(0, 10, signal),
      () => source.readInto?.(0, new Uint8Array(10), signal) ?? source.read(0, 10, signal),
    ]) {
      equal(
        await act().then(
          () => 'resolved',
          (error) => error,
        ),
        reason,
      );
    }
    same(await source.read(0, 10), bytes(10, 1));
    await source.close?.();
  });

  add('two transactions at once: one of them wins as a whole', async (files) => {
    await save(files, { d: [bytes(8, 0)], i: [bytes(8, 0)] });
    const both = await Promise.all([begin(files), begin(files)]);
    for (const [i, transaction] of both.entries()) {
      await put(transaction, 'd', [bytes(5 * MIB, i + 1)]);
      await put(transaction, 'i', [bytes(20, i + 1)]);
    }
    await Promise.all(both.map((transaction) => transaction.commit()));
    const winner = (await load(files, 'i'))[0] === bytes(1, 1)[0] ? 1 : 2;
    same(await load(files, 'd'), bytes(5 * MIB, winner));
    same(await load(files, 'i'), bytes(20, winner));
    equal(await namesOf(files), 'd i');
  });

  add(`a source whose file is replaced ${subject.replaced}`, async (files) => {
    await save(files, { a: [bytes(6 * MIB, 1)] });
    const source = await files.open('a');
    await save(files, { a: [bytes(6 * MIB, 2)] });
    if (subject.replaced === 'keeps') {
      same(await source.read(0, 6 * MIB), bytes(6 * MIB, 1));
    } else {
      await rejects('FAILED_PRECONDITION', () => source.read(0, 6 * MIB), /a; .*replaced/);
    }
    await source.close?.();
    same(await load(files, 'a'), bytes(6 * MIB, 2));
  });

  if (subject.reopen !== undefined) {
    add('what was committed is there for the next process', async (files) => {
      await save(files, { 'm.data': [bytes(5 * MIB, 1)], 'm.index': [bytes(154, 2)] });
      const again = await subject.reopen!(files);
      equal(await namesOf(again), 'm.data m.index');
      same(await load(again, 'm.data'), bytes(5 * MIB, 1));
    });
  }

  if (subject.failCommit !== undefined && subject.atomic) {
    for (const failing of ['m.data', 'm.index', 'checkpoint']) {
      add(
        `a commit that fails at ${failing} leaves every old file byte for byte`,
        async (files) => {
          const old = {
            'm.data': [bytes(5 * MIB, 1)],
            'm.index': [bytes(9, 1)],
            gone: [bytes(3, 1)],
          };
          const names = ['gone', 'm.data', 'm.index'];
          if (failing !== 'checkpoint') Object.assign(old, { checkpoint: [bytes(7, 1)] });
          await save(files, old);
          const repair = await subject.failCommit!(files, failing);
          const transaction = await begin(files);
          transaction.remove('gone');
          for (const name of ['m.data', 'm.index', 'checkpoint']) {
            await put(transaction, name, [bytes(6 * MIB, 2)]);
          }
          const error = await transaction.commit().then(
            () => undefined,
            (reason: unknown) => reason,
          );
          ok(error instanceof Error && 'codeNumber' in error, `commit gave ${String(error)}`);
          await repair();
          if (failing !== 'checkpoint') names.unshift('checkpoint');
          equal(await namesOf(files), names.join(' '));
          for (const [name, chunks] of Object.entries(old))
            same(await load(files, name), join(chunks));
          await save(files, { 'm.data': [bytes(2, 3)] });
          same(await load(files, 'm.data'), bytes(2, 3));
        },
      );
    }
  }
  return cases;
}

async function begin(files: FileSet): Promise<FileTransaction> {
  return files.begin!();
}

async function put(
  transaction: FileTransaction,
  name: string,
  chunks: readonly Uint8Array[],
): Promise<void> {
  const sink: ByteSink = await transaction.create(name);
  for (const chunk of chunks) await sink.write(chunk);
  await sink.close();
}

async function save(
  files: FileSet,
  contents: Record<string, readonly Uint8Array[]>,
): Promise<void> {
  const transaction = await begin(files);
  for (const [name, chunks] of Object.entries(contents)) await put(transaction, name, chunks);
  await transaction.commit();
}

async function load(files: FileSet, name: string): Promise<Uint8Array> {
  const source = await files.open(name);
  try {
    return await source.read(0, source.size);
  } finally {
    await source.close?.();
  }
}

async function namesOf(files: FileSet): Promise<string> {
  return (await files.list()).map(({ name }) => name).join(' ');
}

/** Bytes that differ by seed and position, so that a shifted or mixed part shows. */
function bytes(size: number, seed: number): Uint8Array {
  const out = new Uint8Array(size);
  let state = (seed * 2654435761 + 12345) >>> 0;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    out[i] = state >>> 24;
  }
  return out;
}

function cut(whole: Uint8Array, size: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < whole.length; at += size) parts.push(whole.subarray(at, at + size));
  return parts;
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

function ranges(size: number, chunk: number): [offset: number, length: number][] {
  const edges = [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, size - 1, size];
  const inside = [...new Set(edges.filter((edge) => edge >= 0 && edge <= size))];
  return inside.flatMap((from) =>
    inside.filter((to) => to >= from).map((to): [number, number] => [from, to - from]),
  );
}

function ok(value: boolean, message: string): void {
  if (!value) throw new Error(message);
}

function equal(actual: unknown, expected: unknown): void {
  if (!Object.is(actual, expected))
    throw new Error(`got ${String(actual)}, not ${String(expected)}`);
}

function same(actual: Uint8Array, expected: Uint8Array): void {
  equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    if (actual[i] !== expected[i]) throw new Error(`byte ${i} is ${actual[i]}, not ${expected[i]}`);
  }
}

async function rejects(code: string, act: () => Promise<unknown>, text?: RegExp): Promise<void> {
  const error: unknown = await act().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const got = (error as { code?: unknown } | undefined)?.code;
  ok(got === code, `got ${String(got)} (${String(error)}), not ${code}`);
  if (text !== undefined)
    ok(text.test((error as Error).message), `message: ${(error as Error).message}`);
}
