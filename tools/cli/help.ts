/// The commands: what they are called, what they take, and their help texts.

import type { Args } from './args.js';
import type { Output } from './output.js';

/** The part of a command that does something; loaded when it is wanted. */
export interface CommandModule {
  /** Resolves to the exit code. */
  run(args: Args, output: Output): Promise<number>;
}

/** One command. */
export interface CommandSpec {
  readonly usage: string;
  readonly summary: string;
  readonly positionals: readonly string[];
  readonly options: readonly {
    readonly name: string;
    /** What the option's value is called, if it takes one. */
    readonly value?: string;
    readonly text: string;
    /** The positional that is not given with this option. */
    readonly replaces?: string;
  }[];
  readonly details: string;
  readonly load: () => Promise<CommandModule>;
}

const JSON_OPTION = { name: 'json', text: 'Print JSON instead of columns' };

/** By name, in the order of the overview. */
export const COMMANDS: Readonly<Record<string, CommandSpec>> = {
  ls: {
    usage: 'tensorbundle ls PREFIX [--json]',
    summary: 'List the tensors: name, dtype, shape, bytes',
    positionals: ['PREFIX'],
    options: [JSON_OPTION],
    details: 'Reads the index alone.',
    load: () => import('./commands/ls.js'),
  },
  show: {
    usage:
      'tensorbundle show PREFIX NAME [--slice SPEC] [--json]\n       tensorbundle show PREFIX --all [--json]',
    summary: 'Print the values of a tensor as numpy prints them',
    positionals: ['PREFIX', 'NAME'],
    options: [
      { name: 'slice', value: 'SPEC', text: 'Only this part, as TensorFlow writes it: 0,2:-' },
      {
        name: 'all',
        text: 'Every variable, as inspect_checkpoint --all_tensors',
        replaces: 'NAME',
      },
      JSON_OPTION,
    ],
    details:
      'The checksum is compared first. In JSON, 64-bit integers are strings, and so are NaN and\ninfinities; complex numbers are pairs.',
    load: () => import('./commands/show.js'),
  },
  verify: {
    usage: 'tensorbundle verify PREFIX [--json]',
    summary: 'Read everything and compare every checksum',
    positionals: ['PREFIX'],
    options: [JSON_OPTION],
    details:
      'Prints what is wrong, what probably happened and what is intact, then one line with the\nverdict. Of a damaged index everything that can be found is read.',
    load: () => import('./commands/verify.js'),
  },
  salvage: {
    usage: 'tensorbundle salvage PREFIX --out NEW [--unverified] [--json]',
    summary: 'Write the intact tensors of a damaged checkpoint as a new one',
    positionals: ['PREFIX'],
    options: [
      { name: 'out', value: 'NEW', text: 'The prefix of the new checkpoint' },
      {
        name: 'unverified',
        text: 'Also tensors whose names and types the index cannot vouch for',
      },
      JSON_OPTION,
    ],
    details:
      'Types, shapes, bytes and checksums stay as they are, bit for bit; the damaged files are not\ntouched. A damaged index is read block by block, with or without its footer.',
    load: () => import('./commands/salvage.js'),
  },
  objects: {
    usage: 'tensorbundle objects PREFIX [--json]',
    summary: 'Print the tree of objects of a TensorFlow 2 checkpoint',
    positionals: ['PREFIX'],
    options: [JSON_OPTION],
    details: 'Says which keys objects have and the checkpoint has not, and the other way around.',
    load: () => import('./commands/objects.js'),
  },
  graph: {
    usage: 'tensorbundle graph PREFIX [--json]',
    summary: 'Summarise the graph of a .meta file or a SavedModel',
    positionals: ['PREFIX'],
    options: [JSON_OPTION],
    details: 'Ops, collections, signatures, saver and versions; the graph itself is not built.',
    load: () => import('./commands/graph.js'),
  },
  dump: {
    usage: 'tensorbundle dump PREFIX [--json] [--sha256]',
    summary: 'Print all that the index says, and whether it is true',
    positionals: ['PREFIX'],
    options: [
      { name: 'sha256', text: "Add the SHA-256 of each tensor's little-endian bytes" },
      JSON_OPTION,
    ],
    details: 'Reads every tensor; status is what TensorFlow says when it looks the tensor up.',
    load: () => import('./commands/dump.js'),
  },
  cat: {
    usage: 'tensorbundle cat PREFIX NAME --raw [--json]',
    summary: "Write a tensor's little-endian bytes to standard output",
    positionals: ['PREFIX', 'NAME'],
    options: [
      { name: 'raw', text: 'The bytes as they are; needed on a terminal' },
      { name: 'json', text: 'Print dtype, shape and the bytes in base64 as JSON' },
    ],
    details:
      'The checksum is compared before the first byte is written. Of a list of strings each one\nfollows its length as a 64-bit number; a single string stands alone. In JSON strings are\na list.',
    load: () => import('./commands/cat.js'),
  },
  convert: {
    usage: 'tensorbundle convert PREFIX TARGET [--to v1|v2] [--json]',
    summary: 'Write a checkpoint in the other format',
    positionals: ['PREFIX', 'TARGET'],
    options: [
      {
        name: 'to',
        value: 'FORMAT',
        text: 'v1 or v2; if not given, the one that PREFIX is not in',
      },
      JSON_OPTION,
    ],
    details:
      'Every checksum is compared; slices stay slices, shards are joined. TARGET is a prefix in\nV2 and a file in V1, and appears when all of it is written.',
    load: () => import('./commands/convert.js'),
  },
};

const PREFIX_TEXT = `PREFIX names a checkpoint as TensorFlow does: model.ckpt for model.ckpt.index and its
.data files, or the file itself in the older V1 format, or model.ckpt-?????-of-00002. Any one of its files will do as well, a folder with a checkpoint file, a
SavedModel's folder, or an http(s) URL.`;

const EXIT_TEXT = 'Exit codes: 0 good, 1 differences or corruption, 2 usage, 3 input/output.';

/** What `tensorbundle --help` prints. */
export function overview(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const rows = Object.entries(COMMANDS).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`,
  );
  return `Usage: tensorbundle COMMAND\n\n${rows.join('\n')}\n\n${PREFIX_TEXT}\n\n\`tensorbundle COMMAND --help\` tells more. Every command takes --json.\n${EXIT_TEXT}`;
}

/** What `tensorbundle COMMAND --help` prints. */
export function commandHelp(command: CommandSpec): string {
  const names = command.options.map(
    ({ name, value }) => `--${name}${value === undefined ? '' : ` ${value}`}`,
  );
  const width = Math.max(...names.map((name) => name.length), '--help'.length);
  const rows = [...command.options.map(({ text }, i) => `  ${names[i]!.padEnd(width)}  ${text}`)];
  rows.push(`  ${'--help'.padEnd(width)}  Print this`);
  return `Usage: ${command.usage}\n\n${command.summary}. ${command.details}\n\n${rows.join('\n')}\n\n${PREFIX_TEXT}\n\n${EXIT_TEXT}`;
}
