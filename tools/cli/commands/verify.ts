/// tensorbundle verify: every checksum of a checkpoint, and what happened where one is wrong.

import type { Report } from 'tensorbundle/node';
import type { Args } from '../args.js';
import { sentencesOf } from '../causes.js';
import { count, escapeText, formatBytes, type Output } from '../output.js';
import { EXIT_CORRUPT, EXIT_IO, exitCodeOf } from '../report.js';

export async function run({ positionals, flags }: Args, output: Output): Promise<number> {
  const tf = await import('tensorbundle/node');
  await tf.ready();
  const report = await tf.verifyCheckpoint(positionals[0]!, {
    onProgress: ({ done, total }) => output.progress('Reading', done, total),
  });
  const exit = exitOf(report);
  if (flags.json) {
    output.json(jsonOf(report));
  } else {
    printReport(report, exit, output);
  }
  return exit;
}

function exitOf({ ok, status, tensors }: Report): number {
  if (ok) return 0;
  const corrupt = tensors.some(
    ({ error }) => error !== undefined && exitCodeOf(error) === EXIT_CORRUPT,
  );
  return corrupt || status !== 'OK' ? EXIT_CORRUPT : EXIT_IO;
}

/** The report as the stable JSON has it. */
export function jsonOf(report: Report): object {
  return {
    format: report.format,
    path: report.path,
    ok: report.ok,
    status: report.status,
    verifiedBytes: report.intactBytes,
    tensors: report.tensors.map(({ entry, status }) => ({ name: entry.key, status })),
    causes: report.causes,
    files: report.files,
    indexParts: report.indexParts,
    unverified: report.unverifiedKeys,
  };
}

/** So many tensors are named before the rest is counted. */
const MAX_NAMED = 20;

function printReport(report: Report, exit: number, output: Output): void {
  const { tensors, files, causes, unverifiedKeys } = report;
  const bad = tensors.filter(({ error }) => error !== undefined);
  for (const { entry, status } of bad.slice(0, MAX_NAMED)) {
    output.print(`${output.style('red', escapeText(entry.key))}: ${escapeText(status)}`);
  }
  if (bad.length > MAX_NAMED) output.print(`and ${count(bad.length - MAX_NAMED, 'tensor')} more`);
  if (report.status !== 'OK') {
    output.print(`${output.style('red', 'The index is damaged')}: ${escapeText(report.status)}`);
    output.print(`  Entries that could be read: ${tensors.length}`);
    if (unverifiedKeys.length > 0) {
      output.print(`  Without a checksum that vouches for name and type: ${unverifiedKeys.length}`);
    }
  }
  if (!report.ok && files.length > 0) {
    output.print('');
    output.table(
      [
        { title: 'file', style: 'bold' },
        { title: 'bytes', right: true },
        { title: 'expected', right: true },
        { title: 'intact tensors', right: true },
        { title: 'intact bytes', right: true },
      ],
      files.map((file) => [
        file.file,
        file.size === undefined ? 'missing' : file.size.toLocaleString('en'),
        file.expected.toLocaleString('en'),
        `${file.intactTensors} of ${file.tensors}`,
        file.intactBytes.toLocaleString('en'),
      ]),
    );
  }
  if (causes.length > 0) output.print('');
  const todos = new Set<string>();
  for (const cause of causes.slice(0, MAX_NAMED)) {
    const { what, todo } = sentencesOf(cause);
    output.print(`${output.style('yellow', 'Likely')}: ${what}`);
    todos.add(todo);
  }
  for (const todo of todos) output.print(`  ${todo}`);
  if (!report.ok && report.intactTensors > 0 && report.format === 'V2') {
    output.print('  `tensorbundle salvage` writes the intact tensors as a new checkpoint.');
  }
  if (causes.length > 0) output.print('');
  printVerdict(report, bad.length, exit, output);
}

function printVerdict(report: Report, bad: number, exit: number, output: Output): void {
  const { tensors, intactTensors, intactBytes } = report;
  if (exit === 0) {
    const verdict = `${count(intactTensors, 'tensor')}, ${formatBytes(intactBytes)}, every checksum is right`;
    output.print(`${output.style('green', 'OK')}: ${verdict}`);
    return;
  }
  const word = exit === EXIT_CORRUPT ? 'CORRUPT' : 'INCOMPLETE';
  const what =
    bad === 0 && tensors.length > 0
      ? `the index is damaged; ${count(intactTensors, 'tensor')} intact, ${formatBytes(intactBytes)}`
      : `${bad} of ${count(tensors.length, 'tensor')} could not be verified`;
  output.print(`${output.style('red', word)}: ${what}`);
}
