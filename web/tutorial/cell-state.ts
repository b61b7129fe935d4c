/// A cell without its looks: the program's text, its run, what it printed.

import { type Signal, signal } from '@preact/signals';
import type { Problem } from '../shared/problem.js';
import { WorkerError } from '../shared/remote.js';
import { type Program, startProgram } from './engine.js';
import { type Course, CourseReader } from './progress/course.js';
import type { Line } from './worker/protocol.js';

export type Status =
  | { readonly kind: 'idle' }
  | { readonly kind: 'starting' | 'running' | 'stopped' }
  | { readonly kind: 'done' | 'failed'; readonly ms: number }
  | { readonly kind: 'unavailable'; readonly message: string };

/** What a run printed: lines, and the errors that ended it or strayed from it. */
export type Output = ({ readonly kind: 'line' } & Line) | ({ readonly kind: 'problem' } & Problem);

function storageKey(name: string): string {
  return `tensorbundle.cell.${name}`;
}

function storedText(name: string): string | undefined {
  try {
    return localStorage.getItem(storageKey(name)) ?? undefined;
  } catch {
    return undefined;
  }
}

export interface CellOptions {
  readonly name: string;
  /** What the cell's file is called. */
  readonly file: string;
  /** The lesson's own text, to which the reader may return. */
  readonly original: string;
  /** Called when a run has ended, however it did. */
  onEnd(): void;
}

export class CellState {
  readonly text: Signal<string>;
  readonly status: Signal<Status> = signal({ kind: 'idle' });
  readonly output: Signal<readonly Output[]> = signal([]);
  /** How the training goes, where the program is one. */
  readonly course: Signal<Course | undefined> = signal(undefined);
  readonly name: string;
  readonly file: string;
  readonly original: string;
  readonly #onEnd: () => void;
  #program: Program | undefined;

  constructor({ name, file, original, onEnd }: CellOptions) {
    this.name = name;
    this.file = file;
    this.original = original;
    this.#onEnd = onEnd;
    this.text = signal(storedText(name) ?? original);
  }

  /** Takes the reader's text and keeps it for the next visit. */
  edit(text: string): void {
    this.text.value = text;
    try {
      if (text === this.original) localStorage.removeItem(storageKey(this.name));
      else localStorage.setItem(storageKey(this.name), text);
    } catch {
      // Storage may be forbidden; the text then lasts as long as the page.
    }
  }

  get busy(): boolean {
    return this.status.value.kind === 'starting' || this.status.value.kind === 'running';
  }

  #append(outputs: readonly Output[]): void {
    this.output.value = [...this.output.value, ...outputs];
  }

  async run(): Promise<void> {
    if (this.busy) return;
    this.output.value = [];
    this.course.value = undefined;
    const reader = new CourseReader();
    this.status.value = { kind: 'starting' };
    const program = startProgram(this.text.value, {
      lines: (lines) => {
        if (this.#program !== program) return;
        this.#append(lines.map((line) => ({ kind: 'line', ...line })));
        const spoke = lines.map(({ text }) => reader.add(text)).includes(true);
        if (spoke) this.course.value = reader.course();
      },
      stray: (problem) => {
        if (this.#program === program) this.#append([{ kind: 'problem', ...problem }]);
      },
    });
    this.#program = program;
    try {
      await program.started;
      if (this.#program !== program) return;
      this.status.value = { kind: 'running' };
      const outcome = await program.outcome;
      if (this.#program !== program) return;
      if (!outcome.ok) this.#append([{ kind: 'problem', ...outcome.problem }]);
      this.status.value = { kind: outcome.ok ? 'done' : 'failed', ms: outcome.ms };
    } catch (error) {
      const message = error instanceof WorkerError ? error.problem.message : String(error);
      this.status.value = { kind: 'unavailable', message };
    }
    this.#onEnd();
  }

  stop(): void {
    if (!this.busy) return;
    this.#program?.stop();
    this.#program = undefined;
    this.status.value = { kind: 'stopped' };
    this.#onEnd();
  }
}
