/// The command line on everything that is no plain bundle: V1 files, slices, strings, conversions.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as tf from 'tensorbundle/node';
import { corpus, foldersIn, readJson } from '../support/corpus.js';

const MAIN = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
const CORPUS = corpus();

let folder = '';
const at = (name: string) => join(folder, name);

function run(...args: string[]) {
  const env = { ...process.env, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { env });
  return { status, stdout: stdout.toString(), bytes: stdout, stderr: stderr.toString() };
}

async function write(writer: tf.BundleWriter | tf.TensorSliceWriter): Promise<void> {
  await writer.add('s', ['one', '', 'three']);
  await writer.addSlice(
    'w',
    [4, 2],
    '0,3:-',
    tf.ndarray([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
  );
  await writer.addSlice('w', [4, 2], '3,1:-', tf.ndarray([[7, 8]]));
  await writer.add('z', tf.ndarray(0.5, undefined, 'float32'));
  await writer.finish();
}

before(async () => {
  await tf.ready();
  folder = await mkdtemp(join(tmpdir(), 'tensorbundle-'));
  await write(new tf.TensorSliceWriter(at('old')));
  await write(new tf.BundleWriter(at('new')));
});
after(() => rm(folder, { recursive: true }));

test('ls lists a V1 file as it lists a bundle', () => {
  const { status, stdout } = run('ls', at('old'));
  assert.equal(status, 0);
  assert.equal(
    stdout,
    [
      'name  dtype    shape   bytes',
      's     string   [3]         0',
      'w     int32    [4, 2]     32',
      'z     float32  []          4',
      '3 tensors, 36 bytes',
      '',
    ].join('\n'),
  );
});

test('dump tells what V1 knows', () => {
  const { status, stdout } = run('dump', at('old'), '--json', '--sha256');
  assert.equal(status, 0);
  const { tensors, ...header } = JSON.parse(stdout);
  assert.deepEqual(header, { format: 'V1', numShards: 1, endianness: 'LITTLE', status: 'OK' });
  assert.deepEqual(tensors[1], {
    name: 'w',
    dtype: 'int32',
    shape: [4, 2],
    shard: null,
    offset: null,
    size: 32,
    crc32c: null,
    slices: ['0,3:-', '3,1:-'],
    status: 'OK',
    sha256: '8b4b2444e57aed8c2d05a1293255da1b048c63224317d4666230760935fa4a18',
  });
  const bundle = JSON.parse(run('dump', at('new'), '--json', '--sha256').stdout);
  const hashes = (rows: { name: string; sha256: string }[]) =>
    rows.filter(({ name }) => !name.startsWith('\0')).map(({ name, sha256 }) => [name, sha256]);
  assert.deepEqual(hashes(bundle.tensors), hashes(tensors));
});

test('show cuts slices out of both formats', () => {
  for (const name of ['old', 'new']) {
    assert.equal(run('show', at(name), 'w', '--slice', '2,2:-').stdout, '[[5 6]\n [7 8]]\n');
    for (const [slice, why] of [
      ['2,3:-', 'Extent in dimension 0 out of bounds'],
      ['2', 'Expected a pair of numbers'],
      ['0,1', 'Mismatching ranks'],
    ]) {
      const { status, stderr } = run('show', at(name), 'w', '--slice', slice!);
      assert.equal(status, 2);
      assert.ok(stderr.startsWith(`tensorbundle show: --slice: ${why}`), stderr);
    }
  }
});

test('cat writes strings behind their lengths, one alone without', async () => {
  const { bytes } = run('cat', at('new'), 's', '--raw');
  const length = (n: number) => `${String.fromCharCode(n)}${'\0'.repeat(7)}`;
  assert.equal(bytes.toString('latin1'), `${length(3)}one${length(0)}${length(5)}three`);
  const writer = new tf.BundleWriter(at('scalar'));
  await writer.add('graph', 'text');
  await writer.finish();
  assert.equal(run('cat', at('scalar'), 'graph', '--raw').stdout, 'text');
  assert.deepEqual(JSON.parse(run('cat', at('new'), 's', '--json').stdout).base64, [
    'b25l',
    '',
    'dGhyZWU=',
  ]);
});

test('convert turns one format into the other and back', async () => {
  const { status, stdout } = run('convert', at('old'), at('made'));
  assert.equal(status, 0);
  assert.equal(stdout, `${at('made')}: V2, 3 tensors, 36 bytes\n`);
  for (const suffix of ['.index', '.data-00000-of-00001']) {
    assert.deepEqual(await readFile(at(`made${suffix}`)), await readFile(at(`new${suffix}`)));
  }
  const back = run('convert', at('made'), at('back'), '--to', 'v1', '--json');
  assert.deepEqual(JSON.parse(back.stdout), {
    format: 'V1',
    path: at('back'),
    totals: { tensors: 3, bytes: 51 },
  });
  assert.deepEqual(await readFile(at('back')), await readFile(at('old')));
  assert.equal(run('convert', at('old'), at('x'), '--to', 'v3').status, 2);
  assert.equal(run('convert', at('nothing'), at('x')).status, 3);
});

test('damage of a V1 file ends with 1', async () => {
  const writer = new tf.TensorSliceWriter(at('damaged'));
  for (const name of ['a', 'b']) writer.add(name, new Float32Array(150_000));
  await writer.finish();
  const bytes = await readFile(at('damaged'));
  bytes[bytes.length - 10_000]! ^= 1;
  await writeFile(at('damaged'), bytes);
  const { status, stdout } = run('verify', at('damaged'));
  assert.equal(status, 1);
  assert.match(stdout, /^b: Invalid argument: Error copying slice data$/m);
  assert.match(stdout, /^CORRUPT: 1 of 2 tensors could not be verified$/m);
  assert.equal(run('show', at('damaged'), 'b').status, 1);
  assert.equal(run('convert', at('damaged'), at('y')).status, 1);
  assert.equal(run('show', at('damaged'), 'c').status, 2);
});

interface Described {
  readonly format: string;
  readonly tensors: readonly {
    readonly name: string;
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly size: number;
    readonly sha256?: string;
    readonly slices?: readonly { readonly sha256: string }[];
  }[];
}

test('dump of every real checkpoint is its description', {
  skip: CORPUS === undefined,
}, async (t) => {
  for (const home of foldersIn(join(CORPUS!, 'checkpoints'), /./)) {
    const described = readJson<Record<string, Described>>(join(home, 'TENSORS.json'));
    for (const [prefix, { format, tensors }] of Object.entries(described)) {
      await t.test(`${basename(home)} ${prefix}`, () => {
        const path = prefix === '(empty)' ? `${home}/` : join(home, prefix);
        const dump = JSON.parse(run('dump', path, '--json', '--sha256').stdout);
        assert.equal(dump.format, format);
        assert.equal(dump.status, 'OK');
        const row = ({ name, dtype, shape, size, sha256, slices }: Described['tensors'][number]) =>
          [name, dtype, shape, size, sha256 ?? slices?.[0]?.sha256] as const;
        const byName = (a: readonly unknown[], b: readonly unknown[]) =>
          String(a[0]) < String(b[0]) ? -1 : 1;
        assert.deepEqual(dump.tensors.map(row).sort(byName), tensors.map(row).sort(byName));
      });
    }
  }
});
