/// tensorbundle salvage: the intact tensors of a damaged checkpoint as a new one.

import { type Args, UsageError } from '../args.js';
import { sentencesOf } from '../causes.js';
import { count, escapeText, type Output } from '../output.js';
import { jsonOf } from './verify.js';

export async function run({ positionals, flags }: Args, output: Output): Promise<number> {
  const { out } = flags;
  if (typeof out !== 'string') throw new UsageError('--out NEW is missing');
  const tf = await import('tensorbundle/node');
  await tf.ready();
  const { report, kept, lost } = await tf.salvageCheckpoint(positionals[0]!, out, {
    unverified: flags.unverified === true,
    onProgress: ({ done, total, phase }) =>
      output.progress(phase === 'salvage' ? 'Writing' : 'Reading', done, total),
  });
  if (flags.json) {
    output.json({ path: out, kept, lost, report: jsonOf(report) });
    return 0;
  }
  for (const cause of report.causes) output.print(`Likely: ${sentencesOf(cause).what}`);
  for (const key of lost) output.print(`${output.style('red', 'lost')}  ${escapeText(key)}`);
  const doubtful = report.unverifiedKeys.length;
  if (doubtful > 0 && flags.unverified !== true) {
    output.print(
      `The index vouches for nothing of ${count(doubtful, 'tensor')}; --unverified keeps those whose own checksums are right.`,
    );
  }
  output.print(
    `${output.style('green', escapeText(out))}: ${count(kept.length, 'tensor')} kept, ${lost.length} lost`,
  );
  return 0;
}
