/// console.log and its kind, sent to the page in batches and never without bound.

import { inspect } from './inspect.js';
import type { Level, Line } from './protocol.js';

const MAX_LINES = 2000;
const MAX_CHARACTERS = 400_000;
const BATCH_MS = 50;

let pending: Line[] = [];
let send: ((lines: readonly Line[]) => void) | undefined;
let lines = 0;
let characters = 0;
let lastFlush = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Sends what is waiting. */
export function flushConsole(): void {
  clearTimeout(timer);
  timer = undefined;
  lastFlush = performance.now();
  if (pending.length > 0) send?.(pending);
  pending = [];
}

function write(level: Level, values: readonly unknown[]): void {
  if (lines >= MAX_LINES || characters >= MAX_CHARACTERS) return;
  const text = values
    .map((value) => (typeof value === 'string' ? value : inspect(value)))
    .join(' ');
  lines += 1;
  characters += text.length;
  pending.push({ level, text: text.slice(0, MAX_CHARACTERS) });
  if (lines >= MAX_LINES || characters >= MAX_CHARACTERS)
    pending.push({ level: 'warn', text: '…' });
  // A program that never yields must still be seen to print, hence no timer alone.
  if (performance.now() - lastFlush > BATCH_MS) flushConsole();
  else timer ??= setTimeout(flushConsole, BATCH_MS);
}

/** From now on the console's output goes to `to`. */
export function forwardConsole(to: (lines: readonly Line[]) => void): void {
  send = to;
  for (const level of ['log', 'info', 'warn', 'error'] as const) {
    console[level] = (...values: unknown[]) => write(level, values);
  }
  console.debug = console.log;
}
