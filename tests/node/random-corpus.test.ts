/// TensorFlow's random numbers by the hundred thousand, where the corpus is: the engine's own generators, natively and
/// in WebAssembly, element by element (engine/docs/runtime.md, "Random numbers").

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { corpus, readJson } from '../support/corpus.js';

interface Golden {
  readonly kind: string;
  readonly op: string;
  readonly dtype: string;
  readonly seed: number;
  readonly seed2: number;
  readonly minval?: number;
  readonly maxval?: number;
  readonly executions: readonly {
    readonly execution: number;
    readonly n: number;
    readonly sha256: string;
    readonly hex?: readonly string[];
    readonly first8?: readonly string[];
    readonly last8?: readonly string[];
  }[];
}

const CORPUS = corpus();
const NATIVE = 'build/native-asan/tests/engine/random_stream';
const WASM = 'build/wasm-release/tests/engine/random_stream.js';

// The C library decides the last bits of double normals (engine/docs/runtime.md).
const MAX_ULPS = 4n;

for (const [name, program, command] of [
  ['natively', NATIVE, [NATIVE]],
  ['in WebAssembly', WASM, [process.execPath, WASM]],
] as const) {
  const missing = CORPUS === undefined ? 'no corpus' : existsSync(program) ? false : 'not built';
  test(`every random number of the corpus, ${name}`, { skip: missing }, () => {
    const goldens = readJson(join(CORPUS!, 'goldens/i_random/random.json')) as Golden[];
    const lines = generate(command, goldens);
    let at = 0;
    for (const golden of goldens) {
      for (const execution of golden.executions) {
        compare(golden, execution, lines[at++]!);
      }
    }
    assert.equal(at, lines.length);
  });
}

/** One line of hexadecimal digits for every execution of every golden. */
function generate([program, ...args]: readonly string[], goldens: readonly Golden[]): string[] {
  const result = spawnSync(program!, [...args, ...goldens.map(request)], {
    maxBuffer: 1 << 30,
    encoding: 'utf8',
  });
  assert.equal(result.status, 0, result.stderr);
  return result.stdout.split('\n').slice(0, -1);
}

// One generator serves all executions of a golden, in their order.
function request({ op, dtype, seed, seed2, minval, maxval, executions }: Golden): string {
  const sizes = executions.map(({ n }) => n).join(',');
  const bounds = minval === undefined ? '' : ` ${exact(minval)} ${exact(maxval!)}`;
  return `${op} ${dtype} ${exact(seed)} ${exact(seed2)} ${sizes} 1${bounds}`;
}

// JSON's numbers are exact to 2^53; beyond, the corpus has the two ends of int64 alone.
function exact(value: number): string {
  const largest = 2n ** 63n - 1n;
  return String(BigInt(value) > largest ? largest : BigInt(value));
}

function compare(golden: Golden, execution: Golden['executions'][number], line: string): void {
  const width = line.length / execution.n;
  const words = line.match(new RegExp(`.{${width}}`, 'g')) ?? [];
  const what = `${golden.kind} ${golden.op} ${golden.dtype} (${golden.seed}, ${golden.seed2})`;
  if (golden.dtype === 'double' && golden.op !== 'RandomUniform') {
    const pairs: [string, string][] = [
      ...(execution.hex ?? execution.first8 ?? []).map((hex, i): [string, string] => [
        hex,
        words[i]!,
      ]),
      ...(execution.last8 ?? []).map((hex, i): [string, string] => [hex, words.at(i - 8)!]),
    ];
    assert.ok(pairs.length > 0, what);
    for (const [expected, actual] of pairs) {
      const ulps = BigInt(`0x${expected}`) - BigInt(`0x${actual}`);
      assert.ok(ulps <= MAX_ULPS && ulps >= -MAX_ULPS, `${what}: ${expected} ${actual}`);
    }
    return;
  }
  // The corpus hashes little-endian bytes, the program prints the high digit first.
  const bytes = Buffer.concat(words.map((word) => Buffer.from(word, 'hex').reverse()));
  assert.equal(createHash('sha256').update(bytes).digest('hex'), execution.sha256, what);
}
