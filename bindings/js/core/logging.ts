/// TensorFlow's log lines: `INFO:tensorflow:Restoring parameters from ./model.ckpt`.

import { engine } from './engine.js';

/** How urgent a line is, as in `tf.logging`. */
export type LogLevel = 'INFO' | 'WARN' | 'ERROR';

/** Receives each line, with TensorFlow's prefix. */
export type LogHandler = (line: string, level: LogLevel) => void;

const PREFIX: Record<LogLevel, string> = { INFO: 'INFO', WARN: 'WARNING', ERROR: 'ERROR' };

let handler: LogHandler | null | undefined;

/** Sends log lines to `next` from now on; null silences them. Until then they go where the host says. */
export function setLogHandler(next: LogHandler | null): void {
  handler = next;
}

/** Logs at level INFO. @internal */
export function info(text: string): void {
  log('INFO', text);
}

/** Logs at level WARN. @internal */
export function warn(text: string): void {
  log('WARN', text);
}

/** Logs at level ERROR. @internal */
export function error(text: string): void {
  log('ERROR', text);
}

function log(level: LogLevel, text: string): void {
  const receive = handler === undefined ? engine().host.log : handler;
  receive?.(`${PREFIX[level]}:tensorflow:${text}`, level);
}
