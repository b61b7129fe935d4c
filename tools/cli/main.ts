#!/usr/bin/env node
/// tensorbundle COMMAND: lists, shows, checks and dumps checkpoints.

import { parseCommandLine, UsageError } from './args.js';
import { COMMANDS, commandHelp, overview } from './help.js';
import { Output } from './output.js';
import { EXIT_USAGE, reportError } from './report.js';

async function main(argv: readonly string[]): Promise<number> {
  const output = new Output(process.stdout, process.stderr, process.env);
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name.startsWith('-'))
    return start(name, rest, output);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    output.error(`tensorbundle: no command is called ${name}`, overview());
    return EXIT_USAGE;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    output.print(commandHelp(command));
    return 0;
  }
  let json = rest.includes('--json');
  try {
    const args = parseCommandLine(command, rest);
    json = args.flags.json === true;
    const { run } = await command.load();
    return await run(args, output);
  } catch (error) {
    if (error instanceof UsageError) {
      output.error(`tensorbundle ${name}: ${error.message}`, `Usage: ${command.usage}`);
      return EXIT_USAGE;
    }
    return reportError(error, output, json);
  }
}

async function start(
  name: string | undefined,
  rest: readonly string[],
  output: Output,
): Promise<number> {
  if (name === '--version' || name === '-v') {
    const { VERSION } = await import('tensorbundle/node');
    output.print(VERSION);
    return 0;
  }
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const command =
      rest[0] !== undefined && Object.hasOwn(COMMANDS, rest[0]) ? COMMANDS[rest[0]] : undefined;
    output.print(command === undefined ? overview() : commandHelp(command));
    return name === undefined ? EXIT_USAGE : 0;
  }
  output.error(`tensorbundle: unknown option ${name}`, overview());
  return EXIT_USAGE;
}

// A reader that has seen enough (`| head`) closes the pipe; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 3);
});

// Not process.exit: what is still on its way to a pipe has to arrive.
process.exitCode = await main(process.argv.slice(2));
