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
const MAX_ROUNDS = 100;
/** Of all rounds of a case together, in milliseconds. */
const MIN_TIME = 600;
/** Of one round: browsers' clocks have steps of up to a millisecond. */
const MIN_ROUND = 20;

/**
 * Runs `baseline` and `cases` in turns, and prints a table of the best round of each: other work only ever adds time,
 * and a machine that slows down for a while does so for all of them.
 */
export async function compare(
  title: string,
  baseline: Case,
  cases: readonly Case[],
): Promise<Result[]> {
  console.log(`\n${title}; ratios are to "${baseline.name}"`);
  const all = [baseline, ...cases];
  const times = await bestTimes(all);
  return all.map((one, i) => {
    const milliseconds = times[i]!;
    const result = {
      name: one.name,
      milliseconds,
      rate: rateOf(one, milliseconds),
      ratio: times[0]! / milliseconds,
    };
    console.log(
      `  ${one.name.padEnd(46)}${milliseconds.toFixed(2).padStart(10)} ms  ${result.rate.padStart(16)}  ${result.ratio.toFixed(2).padStart(6)}x`,
    );
    return result;
  });
}

/** Milliseconds that each of `cases` takes in its best round, in turns. */
export async function bestTimes(cases: readonly Pick<Case, 'run'>[]): Promise<number[]> {
  // The first run warms up, and says how often a round repeats it.
  const repeats: number[] = [];
  for (const one of cases) repeats.push(Math.ceil(MIN_ROUND / Math.max(await time(one, 1), 0.01)));
  const best = cases.map(() => Infinity);
  const started = performance.now();
  for (let round = 0; round < MAX_ROUNDS; ++round) {
    const spent = performance.now() - started;
    if (round >= MIN_ROUNDS && spent > MIN_TIME * cases.length) break;
    for (const [i, one] of cases.entries()) {
      best[i] = Math.min(best[i]!, (await time(one, repeats[i]!)) / repeats[i]!);
    }
  }
  return best;
}

async function time({ run }: Pick<Case, 'run'>, repeats: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < repeats; ++i) await run();
  return performance.now() - start;
}

function rateOf({ bytes, items }: Case, milliseconds: number): string {
  if (bytes !== undefined) return `${(bytes / milliseconds / 1e6).toFixed(2)} GB/s`;
  if (items !== undefined)
    return `${((items / milliseconds) * 1000).toLocaleString('en', { maximumFractionDigits: 0 })} /s`;
  return '';
}
