/// Times functions against a baseline of the same run, since machines differ and other work disturbs them.

/** A benchmark: `run` does the work once; `bytes` or `items` say how much that is. */
export interface Case {
  readonly name: string;
  readonly run: () => void | Promise<void>;
  readonly bytes?: number;
  readonly items?: number;
}

/** What is printed of a case. */
export interface Result {
  readonly name: string;
  readonly milliseconds: number;
  readonly rate: string;
  /** Time of the baseline / time of the case: 1 is as fast as the baseline. */
  readonly ratio: number;
}

const MIN_ROUNDS = 3;
const MIN_TIME = 600;

/** The best of several rounds: other processes only ever add time. */
export async function best(act: Case['run']): Promise<number> {
  let fastest = Infinity;
  const started = performance.now();
  for (let round = 0; round < MIN_ROUNDS || performance.now() - started < MIN_TIME; ++round) {
    const start = performance.now();
    await act();
    fastest = Math.min(fastest, performance.now() - start);
  }
  return fastest;
}

/** Runs `baseline` and `cases`, and prints a table. */
export async function compare(
  title: string,
  baseline: Case,
  cases: readonly Case[],
): Promise<Result[]> {
  console.log(`\n${title}; ratios are to "${baseline.name}"`);
  const base = await best(baseline.run);
  const results: Result[] = [];
  for (const one of [baseline, ...cases]) {
    const milliseconds = one === baseline ? base : await best(one.run);
    const result = {
      name: one.name,
      milliseconds,
      rate: rateOf(one, milliseconds),
      ratio: base / milliseconds,
    };
    results.push(result);
    console.log(
      `  ${one.name.padEnd(46)}${milliseconds.toFixed(2).padStart(10)} ms  ${result.rate.padStart(16)}  ${result.ratio.toFixed(2).padStart(6)}x`,
    );
  }
  return results;
}

function rateOf({ bytes, items }: Case, milliseconds: number): string {
  if (bytes !== undefined) return `${(bytes / milliseconds / 1e6).toFixed(2)} GB/s`;
  if (items !== undefined)
    return `${((items / milliseconds) * 1000).toLocaleString('en', { maximumFractionDigits: 0 })} /s`;
  return '';
}
