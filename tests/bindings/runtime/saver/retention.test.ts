// Which checkpoints stay, and what the state file says: Saver's rules over simulated time, in memory and on disk.

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import * as tf from 'tensorbundle';
import { fresh, inSession, lessonVariables, logged, useFolder } from './support.js';

useFolder();

const START = 1_600_000_000;
const HOUR = 3600;
let folders = 0;

/** A folder in memory, and what it holds: prefixes of whole checkpoints, and the state file's list. */
function memoryFolder() {
  const folder = `memory://retention-${folders++}`;
  const { files } = tf.locate(`${folder}/x`);
  const names = async () => (await files.list()).map(({ name }) => name);
  return {
    prefix: `${folder}/m`,
    names,
    checkpoints: async () =>
      (await names())
        .filter((name) => name.endsWith('.index'))
        .map((name) => Number(name.slice('m-'.length, -'.index'.length)))
        .sort((a, b) => a - b),
    listed: async (latestFilename?: string) => {
      const state = await tf.train.getCheckpointState(folder, latestFilename);
      assert.equal(state!.modelCheckpointPath, state!.allModelCheckpointPaths.at(-1));
      return state!.allModelCheckpointPaths.map((path) => Number(path.split('-').at(-1)));
    },
    text: async (name = 'checkpoint') => {
      const source = await files.open(name);
      return new TextDecoder().decode(await source.read(0, source.size));
    },
  };
}

/** Runs `body` with a clock that only `at` moves, to `START` + so many seconds. */
async function withClock(body: (at: (seconds: number) => void) => Promise<void>): Promise<void> {
  mock.timers.enable({ apis: ['Date'], now: START * 1000 });
  try {
    await body((seconds) => mock.timers.setTime((START + seconds) * 1000));
  } finally {
    mock.timers.reset();
  }
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

/**
 * The rules in their plainest form, over the times of the saves: what stays, and what is listed.
 * `next` begins at the making of the saver; a checkpoint that is pushed out stays if it is younger than that.
 */
function model(times: readonly number[], maxToKeep: number, keepHours: number) {
  let next = keepHours * HOUR;
  const present = new Set<number>();
  const last: number[] = [];
  times.forEach((_, step) => {
    present.add(step);
    if (maxToKeep === 0) return;
    last.push(step);
    if (last.length <= maxToKeep) return;
    const oldest = last.shift()!;
    if (times[oldest]! > next) next += keepHours * HOUR;
    else present.delete(oldest);
  });
  return { present: [...present], listed: maxToKeep === 0 ? [times.length - 1] : last };
}

const POLICIES = [
  { name: 'the defaults', maxToKeep: undefined, hours: undefined, gap: HOUR },
  { name: 'one', maxToKeep: 1, hours: undefined, gap: HOUR },
  { name: 'three, and one an hour', maxToKeep: 3, hours: 1, gap: 900 },
  { name: 'five, and one in two hours', maxToKeep: 5, hours: 2, gap: 1800 },
  { name: 'two, and one in half an hour', maxToKeep: 2, hours: 0.5, gap: 700 },
  { name: 'seven, and one an hour, saved every day', maxToKeep: 7, hours: 1, gap: 86400 },
  { name: 'all, by 0', maxToKeep: 0, hours: 1, gap: 60 },
  { name: 'all, by null', maxToKeep: null, hours: undefined, gap: 60 },
];

for (const { name, maxToKeep, hours, gap } of POLICIES) {
  test(`30 saves that keep ${name}`, () =>
    withClock(async (at) => {
      const folder = memoryFolder();
      lessonVariables();
      const saver = new tf.train.Saver(null, { maxToKeep, keepCheckpointEveryNHours: hours });
      const times = range(1, 30).map((i) => i * gap);
      await inSession(async (sess) => {
        for (const [step, seconds] of times.entries()) {
          at(seconds);
          await saver.save(sess, folder.prefix, { globalStep: step, writeMetaGraph: false });
          const kept = maxToKeep === undefined ? 5 : (maxToKeep ?? 0);
          const expected = model(times.slice(0, step + 1), kept, hours ?? 10000);
          assert.deepEqual(await folder.checkpoints(), expected.present, `after save ${step}`);
          assert.deepEqual(await folder.listed(), expected.listed, `after save ${step}`);
          assert.deepEqual(
            saver.lastCheckpoints,
            kept === 0 ? [] : expected.listed.map((i) => `${folder.prefix}-${i}`),
          );
        }
      });
    }));
}

// Worked out by hand from the rules, so that the model above is not its own judge.
test('with two kept and one an hour, what is saved every half hour', () =>
  withClock(async (at) => {
    const folder = memoryFolder();
    lessonVariables();
    const saver = new tf.train.Saver(null, { maxToKeep: 2, keepCheckpointEveryNHours: 1 });
    await inSession(async (sess) => {
      for (const step of range(1, 9)) {
        at(step * 1800);
        await saver.save(sess, folder.prefix, { globalStep: step });
      }
    });
    // 3 (1:30) is past 1:00 and stays, 5 (2:30) is past 2:00, 7 (3:30) past 3:00; 8 and 9 are the last.
    assert.deepEqual(await folder.checkpoints(), [3, 5, 7, 8, 9]);
    assert.deepEqual(await folder.listed(), [8, 9]);
  }));

test('a checkpoint as old as the mark to the second is deleted', () =>
  withClock(async (at) => {
    const folder = memoryFolder();
    lessonVariables();
    const saver = new tf.train.Saver(null, { maxToKeep: 1, keepCheckpointEveryNHours: 1 });
    await inSession(async (sess) => {
      at(HOUR);
      await saver.save(sess, folder.prefix, { globalStep: 1 });
      await saver.save(sess, folder.prefix, { globalStep: 2 });
    });
    assert.deepEqual(await folder.checkpoints(), [2]);
  }));

test('the files of seven numbered saves, and the state file', async () => {
  const folder = memoryFolder();
  lessonVariables();
  const saver = new tf.train.Saver();
  await inSession(async (sess) => {
    for (const step of range(1, 7)) {
      await saver.save(sess, folder.prefix, { globalStep: step, writeMetaGraph: false });
    }
  });
  assert.deepEqual(await folder.names(), [
    'checkpoint',
    ...range(3, 7).flatMap((step) => [`m-${step}.data-00000-of-00001`, `m-${step}.index`]),
  ]);
  // A path with a scheme does not begin with a slash and so is a relative one.
  assert.equal(
    await folder.text(),
    'model_checkpoint_path: "m-7"\n' +
      range(3, 7)
        .map((step) => `all_model_checkpoint_paths: "m-${step}"\n`)
        .join(''),
  );
});

test('the same path again and again deletes nothing and is listed once', async () => {
  const folder = memoryFolder();
  lessonVariables();
  const saver = new tf.train.Saver(null, { maxToKeep: 2 });
  await inSession(async (sess) => {
    await saver.save(sess, `${folder.prefix}-1`);
    for (let i = 0; i < 5; i++) await saver.save(sess, `${folder.prefix}-2`);
  });
  assert.deepEqual(await folder.checkpoints(), [1, 2]);
  assert.deepEqual(saver.lastCheckpoints, [`${folder.prefix}-1`, `${folder.prefix}-2`]);
});

test('without writeState nothing is listed and nothing deleted', async () => {
  const folder = memoryFolder();
  lessonVariables();
  const saver = new tf.train.Saver(null, { maxToKeep: 1 });
  await inSession(async (sess) => {
    for (const step of range(1, 3)) {
      await saver.save(sess, folder.prefix, { globalStep: step, writeState: false });
    }
  });
  assert.deepEqual(saver.lastCheckpoints, []);
  assert.deepEqual(await folder.checkpoints(), [1, 2, 3]);
  assert.ok(!(await folder.names()).includes('checkpoint'));
});

test('saves called at once follow each other', async () => {
  const folder = memoryFolder();
  lessonVariables();
  const saver = new tf.train.Saver(null, { maxToKeep: 2 });
  await inSession((sess) =>
    Promise.all(range(1, 6).map((globalStep) => saver.save(sess, folder.prefix, { globalStep }))),
  );
  assert.deepEqual(await folder.checkpoints(), [5, 6]);
  assert.deepEqual(await folder.listed(), [5, 6]);
});

test('checkpoints of a list without times are never deleted, and each moves the mark', () =>
  withClock(async (at) => {
    const folder = memoryFolder();
    lessonVariables();
    const first = new tf.train.Saver(null, { maxToKeep: 0 });
    const saver = new tf.train.Saver(null, { maxToKeep: 2, keepCheckpointEveryNHours: 1 });
    await inSession(async (sess) => {
      for (const step of [1, 2]) await first.save(sess, folder.prefix, { globalStep: step });
      saver.setLastCheckpoints([`${folder.prefix}-1`, `${folder.prefix}-2`]);
      // 1 and 2 are pushed out and stay; the mark is at 3:00 then, so 3 and 4 (1:30 and 2:00) go.
      for (const [step, seconds] of [
        [3, 5400],
        [4, 7200],
        [5, 9000],
        [6, 9100],
      ] as const) {
        at(seconds);
        await saver.save(sess, folder.prefix, { globalStep: step });
      }
    });
    assert.deepEqual(await folder.checkpoints(), [1, 2, 5, 6]);
    assert.deepEqual(saver.lastCheckpoints, [`${folder.prefix}-5`, `${folder.prefix}-6`]);
  }));

test('a recovered list longer than maxToKeep loses one a save', async () => {
  const folder = memoryFolder();
  lessonVariables();
  const paths = range(1, 4).map((step) => `${folder.prefix}-${step}`);
  await inSession(async (sess) => {
    const first = new tf.train.Saver();
    for (const path of paths) await first.save(sess, path);
    const saver = new tf.train.Saver(null, { maxToKeep: 2 });
    await saver.recoverLastCheckpoints([paths[0]!, `${folder.prefix}-99`, ...paths.slice(1)]);
    assert.deepEqual(saver.lastCheckpoints, paths);
    await saver.save(sess, folder.prefix, { globalStep: 5 });
    assert.deepEqual(await folder.checkpoints(), [2, 3, 4, 5]);
    assert.deepEqual(await folder.listed(), [2, 3, 4, 5]);
    await saver.save(sess, folder.prefix, { globalStep: 6 });
    assert.deepEqual(await folder.checkpoints(), [3, 4, 5, 6]);
  });
});

test('lists with times; a list is a copy; what is no list', () => {
  lessonVariables();
  const saver = new tf.train.Saver();
  saver.setLastCheckpointsWithTime([
    ['a', 1],
    ['b', 2],
  ]);
  saver.lastCheckpoints.push('c');
  assert.deepEqual(saver.lastCheckpoints, ['a', 'b']);
  for (const wrong of ['a', undefined, { 0: 'a' }]) {
    assert.throws(() => saver.setLastCheckpoints(wrong as never), tf.errors.AssertionError);
    assert.throws(() => saver.setLastCheckpointsWithTime(wrong as never), tf.errors.AssertionError);
  }
});

test('a removal that fails is logged, and costs neither checkpoint', async () => {
  const prefix = await fresh();
  lessonVariables();
  const saver = new tf.train.Saver(null, { maxToKeep: 1 });
  // What is no file cannot be removed as one: the folder of the path is a file by now.
  saver.setLastCheckpointsWithTime([['nowhere://x/model.ckpt', 1]]);
  await inSession(async (sess) => {
    const lines = await logged(() => saver.save(sess, prefix));
    assert.deepEqual(lines, [
      "WARNING:tensorflow:Ignoring: File system scheme 'nowhere' not implemented (file: 'nowhere://x/model.ckpt')",
    ]);
    await saver.restore(sess, prefix);
  });
  assert.deepEqual(saver.lastCheckpoints, [prefix]);
});

test('maxToKeep below 0 is refused', () => {
  lessonVariables();
  assert.throws(() => new tf.train.Saver(null, { maxToKeep: -1 }), tf.errors.ValueError);
});

test('latestFilename and a metaGraphSuffix of its own', async () => {
  const folder = memoryFolder();
  lessonVariables();
  const saver = new tf.train.Saver(null, { maxToKeep: 1 });
  const { files } = tf.locate(folder.prefix);
  const stranger = async (name: string) => {
    const sink = await files.create!(name);
    await sink.write(new Uint8Array(1));
    await sink.close();
  };
  await inSession(async (sess) => {
    const options = { latestFilename: 'latest', metaGraphSuffix: 'graph' };
    await saver.save(sess, folder.prefix, { globalStep: 1, ...options });
    for (const name of ['m-1.graph', 'm-1.meta', 'm-1.data', 'm-11.index']) await stranger(name);
    await saver.save(sess, folder.prefix, { globalStep: 2, writeMetaGraph: false, ...options });
  });
  assert.deepEqual(await folder.listed('latest'), [2]);
  // Only what belongs to the checkpoint, by its own suffix, went.
  assert.deepEqual(
    (await folder.names()).filter((name) => !name.startsWith('m-2')),
    ['latest', 'm-1.data', 'm-1.meta', 'm-11.index'],
  );
});
