/// tensorbundle verify: every checksum of a checkpoint.

import type { Args } from '../args.js';
import { open } from '../open.js';
import { count, escapeText, formatBytes, type Output } from '../output.js';
import { EXIT_CORRUPT, EXIT_IO, exitCodeOf } from '../report.js';

export async function run({ positionals, flags }: Args, output: Output): Promise<number> {
  const { reader, format, path } = await open(positionals[0]!);
  const report = await reader.verify({
    onProgress: ({ done, total }) => output.progress('Reading', done, total),
  });
  const bad = report.tensors.filter(({ error }) => error !== undefined);
  const corrupt = bad.filter(({ error }) => exitCodeOf(error!) === EXIT_CORRUPT);
  const exit =
    corrupt.length > 0 || report.status !== 'OK' ? EXIT_CORRUPT : bad.length > 0 ? EXIT_IO : 0;
  if (flags.json) {
    output.json({
      format,
      path,
      ok: report.ok,
      status: report.status,
      verifiedBytes: report.verifiedBytes,
      tensors: report.tensors.map(({ entry, status }) => ({ name: entry.key, status })),
    });
    return exit;
  }
  for (const { entry, status, error } of bad) {
    output.print(`${output.style('red', escapeText(entry.key))}: ${escapeText(status)}`);
    if (error!.hint !== undefined) output.print(`  ${escapeText(error!.hint)}`);
  }
  if (report.status !== 'OK') output.print(`The index is damaged: ${escapeText(report.status)}`);
  const good = report.tensors.length - bad.length;
  if (exit === 0) {
    const verdict = `${count(good, 'tensor')}, ${formatBytes(report.verifiedBytes)}, every checksum is right`;
    output.print(`${output.style('green', 'OK')}: ${verdict}`);
  } else {
    const word = exit === EXIT_CORRUPT ? 'CORRUPT' : 'INCOMPLETE';
    output.print(
      `${output.style('red', word)}: ${bad.length} of ${count(report.tensors.length, 'tensor')} could not be verified`,
    );
  }
  return exit;
}
