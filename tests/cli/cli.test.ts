/// The command line: what it prints, byte for byte, and what it ends with.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as tf from 'tensorbundle/node';
import { corpus } from '../support/corpus.js';

const MAIN = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
const HOSTILE = 'evil\u001b[31m\u202e\udcff\n';

let folder = '';
let prefix = '';

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: string[]): Run {
  const env = { ...process.env, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr };
}

function json<T>({ stdout }: Run): T {
  return JSON.parse(stdout) as T;
}

before(async () => {
  await tf.ready();
  folder = await mkdtemp(join(tmpdir(), 'tensorbundle-'));
  prefix = join(folder, 'model.ckpt');
  const writer = new tf.BundleWriter(prefix);
  await writer.add(
    'Variable',
    tf.ndarray(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      undefined,
      'float32',
    ),
  );
  await writer.add('Variable_1', tf.ndarray([0.5, -1.5, 2.25], undefined, 'float32'));
  await writer.add('global_step', 27465036n);
  await writer.finish();
});
after(() => rm(folder, { recursive: true }));

test('ls prints aligned columns and totals', () => {
  assert.deepEqual(run('ls', prefix), {
    status: 0,
    stderr: '',
    stdout: [
      'name         dtype    shape   bytes',
      'Variable     float32  [2, 3]     24',
      'Variable_1   float32  [3]        12',
      'global_step  int64    []          8',
      '3 tensors, 44 bytes',
      '',
    ].join('\n'),
  });
});

test('ls --json is stable', () => {
  assert.deepEqual(json(run('ls', prefix, '--json')), {
    format: 'V2',
    path: prefix,
    numShards: 1,
    endianness: 'LITTLE',
    status: 'OK',
    tensors: [
      { name: 'Variable', dtype: 'float32', shape: [2, 3], bytes: 24 },
      { name: 'Variable_1', dtype: 'float32', shape: [3], bytes: 12 },
      { name: 'global_step', dtype: 'int64', shape: [], bytes: 8 },
    ],
    totals: { tensors: 3, bytes: 44 },
  });
});

test('show prints as numpy prints', () => {
  assert.equal(run('show', prefix, 'Variable_1').stdout, '[ 0.5  -1.5   2.25]\n');
  assert.deepEqual(json(run('show', prefix, 'global_step', '--json')), {
    name: 'global_step',
    dtype: 'int64',
    shape: [],
    values: '27465036',
  });
});

test('show --all prints as inspect_checkpoint does', () => {
  const { stdout, status } = run('show', prefix, '--all');
  assert.equal(
    stdout,
    'tensor_name:  Variable\n[[1. 2. 3.]\n [4. 5. 6.]]\ntensor_name:  Variable_1\n[ 0.5  -1.5   2.25]\n' +
      'tensor_name:  global_step\n27465036\n# Total number of params: 10\n',
  );
  assert.equal(status, 0);
  const all = json(run('show', prefix, '--all', '--json')) as {
    tensors: { name: string; values: unknown }[];
    totalParams: number;
  };
  assert.deepEqual(
    [all.tensors.map(({ name }) => name), all.tensors[1]!.values, all.totalParams],
    [['Variable', 'Variable_1', 'global_step'], [0.5, -1.5, 2.25], 10],
  );
  assert.match(run('show', prefix, 'Variable', '--all').stderr, /one argument too many: Variable/);
});

test('verify gives a verdict', () => {
  assert.equal(run('verify', prefix).stdout, 'OK: 3 tensors, 44 bytes, every checksum is right\n');
  const { files, indexParts, ...rest } = json<Record<string, unknown>>(
    run('verify', prefix, '--json'),
  );
  assert.deepEqual(files, [
    {
      file: `${prefix}.data-00000-of-00001`,
      size: 44,
      expected: 44,
      tensors: 3,
      intactTensors: 3,
      intactBytes: 44,
    },
  ]);
  assert.equal((indexParts as unknown[]).length, 4);
  assert.deepEqual(rest, {
    format: 'V2',
    path: prefix,
    ok: true,
    causes: [],
    unverified: [],
    status: 'OK',
    verifiedBytes: 44,
    tensors: [
      { name: 'Variable', status: 'OK' },
      { name: 'Variable_1', status: 'OK' },
      { name: 'global_step', status: 'OK' },
    ],
  });
});

test('dump tells everything', async () => {
  const data = await readFile(`${prefix}.data-00000-of-00001`);
  const sha256 = (from: number, to: number) =>
    createHash('sha256').update(data.subarray(from, to)).digest('hex');
  const common = { shard: 0, status: 'OK' };
  assert.deepEqual(json(run('dump', prefix, '--json', '--sha256')), {
    format: 'V2',
    numShards: 1,
    endianness: 'LITTLE',
    status: 'OK',
    tensors: [
      {
        name: 'Variable',
        dtype: 'float32',
        shape: [2, 3],
        offset: 0,
        size: 24,
        crc32c: 'abf5eb7a',
        sha256: sha256(0, 24),
        ...common,
      },
      {
        name: 'Variable_1',
        dtype: 'float32',
        shape: [3],
        offset: 24,
        size: 12,
        crc32c: '15fb4ca0',
        sha256: sha256(24, 36),
        ...common,
      },
      {
        name: 'global_step',
        dtype: 'int64',
        shape: [],
        offset: 36,
        size: 8,
        crc32c: '75bd4ea7',
        sha256: sha256(36, 44),
        ...common,
      },
    ],
  });
  const text = run('dump', prefix).stdout.split('\n');
  assert.equal(text[1]!.replace(/ +/g, ' '), 'Variable float32 [2, 3] 0 0 24 abf5eb7a OK');
  assert.equal(text[4], 'V2, shards: 1, endianness: LITTLE, status: OK');
});

test('cat writes the bytes', async () => {
  const { stdout } = spawnSync(process.execPath, [MAIN, 'cat', prefix, 'Variable_1', '--raw']);
  const data = await readFile(`${prefix}.data-00000-of-00001`);
  assert.deepEqual(stdout, data.subarray(24, 36));
  const printed = json<{ base64: string }>(run('cat', prefix, 'Variable_1', '--json'));
  assert.equal(printed.base64, data.subarray(24, 36).toString('base64'));
});

test('any file of the checkpoint and its folder will do', async () => {
  const home = await mkdtemp(join(tmpdir(), 'tensorbundle-'));
  for (const suffix of ['.index', '.data-00000-of-00001']) {
    await writeFile(join(home, `m${suffix}`), await readFile(prefix + suffix));
  }
  await writeFile(join(home, 'checkpoint'), 'model_checkpoint_path: "/elsewhere/m"\n');
  for (const path of ['m', 'm.index', 'm.data-00000-of-00001', 'checkpoint', '', '.']) {
    const listed = json<{ path: string; tensors: unknown[] }>(
      run('ls', join(home, path), '--json'),
    );
    assert.equal(listed.path, join(home, 'm'), path);
    assert.equal(listed.tensors.length, 3);
  }
  await rm(home, { recursive: true });
});

test('damage ends with 1 and says what and where', async () => {
  const bad = join(folder, 'bad');
  const data = await readFile(`${prefix}.data-00000-of-00001`);
  data[2]! ^= 1;
  await writeFile(`${bad}.index`, await readFile(`${prefix}.index`));
  await writeFile(`${bad}.data-00000-of-00001`, data);
  const verified = run('verify', bad);
  assert.equal(verified.status, 1);
  assert.match(
    verified.stdout,
    /^Variable: Data loss: Checksum does not match: stored \d+ vs\. calculated on the restored bytes \d+\n/,
  );
  assert.match(verified.stdout, /\nCORRUPT: 1 of 3 tensors could not be verified\n$/);
  assert.match(verified.stdout, /\nLikely: .*bad\.data-00000-of-00001: bit 0 of byte 2 is wrong/);
  const saved = join(folder, 'saved');
  const salvaged = run('salvage', bad, '--out', saved);
  assert.equal(salvaged.status, 0);
  assert.match(salvaged.stdout, /\nlost {2}Variable\n.*saved: 2 tensors kept, 1 lost\n$/);
  assert.equal(run('verify', saved).status, 0);
  assert.equal(run('salvage', bad).status, 2);
  const dumped = run('dump', bad, '--json', '--sha256');
  assert.equal(dumped.status, 1);
  const { tensors } = json<{ tensors: { status: string; sha256?: string }[] }>(dumped);
  assert.match(tensors[0]!.status, /^Data loss/);
  assert.equal(tensors[0]!.sha256, undefined);
  assert.equal(tensors[1]!.status, 'OK');
  assert.equal(run('show', bad, 'Variable').status, 1);
  assert.equal(run('show', bad, 'Variable_1').status, 0);

  await truncate(`${bad}.index`, 100);
  const listed = run('ls', bad);
  assert.equal(listed.status, 1);
  assert.match(
    listed.stderr,
    /^tensorbundle: DataLossError: not an sstable \(bad magic number\)\n.*bad\.index is damaged/,
  );
});

test('what is not there ends with 3, a wrong tensor name with 2', () => {
  const missing = run('ls', join(folder, 'none'), '--json');
  assert.equal(missing.status, 3);
  const { error } = json<{ error: { code: string; message: string; hint: string } }>(missing);
  assert.equal(error.code, 'NOT_FOUND');
  assert.equal(error.message, `${join(folder, 'none')}.index; No such file or directory`);
  assert.match(error.hint, /model\.ckpt/);
  const wrong = run('show', prefix, 'Variable_2');
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /NotFoundError: Key Variable_2 not found in checkpoint/);
});

test('usage errors end with 2 and say how it is done', () => {
  const facts: [string[], RegExp][] = [
    [['ls'], /^tensorbundle ls: PREFIX is missing\nUsage: tensorbundle ls PREFIX/],
    [['show', prefix], /NAME is missing/],
    [['ls', 'a', 'b'], /one argument too many: b/],
    [['ls', prefix, '--wide'], /Unknown option '--wide'/],
    [['frobnicate'], /no command is called frobnicate/],
    [['--wide'], /unknown option --wide/],
    [['constructor'], /no command is called constructor/],
  ];
  for (const [args, stderr] of facts) {
    const result = run(...args);
    assert.equal(result.status, 2, args.join(' '));
    assert.match(result.stderr, stderr);
    assert.equal(result.stdout, '');
  }
});

test('help tells of every command and option', () => {
  const overview = run('--help');
  assert.equal(overview.status, 0);
  for (const name of ['ls', 'show', 'verify', 'dump', 'cat']) {
    assert.match(overview.stdout, new RegExp(`^  ${name} +[A-Z]`, 'm'));
    const help = run(name, '--help');
    assert.equal(help.status, 0);
    assert.match(help.stdout, new RegExp(`^Usage: tensorbundle ${name} PREFIX`));
    assert.match(help.stdout, /--json/);
    assert.equal(run('help', name).stdout, help.stdout);
  }
  assert.match(run('dump', '--help').stdout, /--sha256/);
  assert.equal(run('--version').stdout, `${tf.VERSION}\n`);
});

test('names out of files cannot drive a terminal', async () => {
  const evil = join(folder, 'evil');
  const writer = new tf.BundleWriter(evil);
  await writer.add(HOSTILE, [1]);
  await writer.finish();
  const listed = run('ls', evil);
  assert.match(listed.stdout, /^evil\\x1b\[31m\\u202e\\xff\\x0a {2}int32/m);
  const printed = run('ls', evil, '--json');
  assert.doesNotMatch(printed.stdout, /[\u0080-\uffff]/);
  assert.equal(json<{ tensors: { name: string }[] }>(printed).tensors[0]!.name, HOSTILE);
});

test('colours are for terminals, or when forced', () => {
  const env = { ...process.env, FORCE_COLOR: '1' };
  const { stdout } = spawnSync(process.execPath, [MAIN, 'ls', prefix], { encoding: 'utf8', env });
  assert.match(stdout, /\u001b\[/);
  assert.doesNotMatch(run('ls', prefix).stdout, /\u001b/);
});

test('a real checkpoint of 54 tensors', corpus() === undefined ? { skip: 'no corpus' } : {}, () => {
  const path = join(corpus()!, 'checkpoints/v2-ffn-fib25/model.ckpt-27465036');
  const listed = run('ls', path);
  assert.equal(listed.status, 0);
  assert.equal(listed.stdout.split('\n').length, 54 + 3);
  assert.match(listed.stdout, /\n54 tensors, 2\.4 MiB\n$/);
  assert.equal(
    json<{ tensors: unknown[] }>(run('dump', path, '--json', '--sha256')).tensors.length,
    54,
  );
});
