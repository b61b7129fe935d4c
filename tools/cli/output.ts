/// What goes to the terminal: columns, colours, JSON, progress. Text out of files never reaches it as it is.

import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** A stream as far as it matters here. */
export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(chunk: string | Uint8Array, done?: (error?: Error | null) => void): boolean;
}

/** A column of {@link Output.table}. */
export interface Column {
  readonly title: string;
  readonly right?: boolean;
  readonly style?: Style;
}

// Control characters, and the marks and overrides that reorder what surrounds them.
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;

/** `text` with everything that a terminal might obey written as an escape. Bytes that are no UTF-8 show as `\xff`. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const point = character.charCodeAt(0);
    if (point >= 0xdc80 && point <= 0xdcff) return `\\x${(point - 0xdc00).toString(16)}`;
    if (point <= 0xff) return `\\x${point.toString(16).padStart(2, '0')}`;
    return `\\u${point.toString(16).padStart(4, '0')}`;
  });
}

/** Standard output and standard error. */
export class Output {
  readonly #out: OutputStream;
  readonly #err: OutputStream;
  readonly #environment: NodeJS.ProcessEnv;
  #progressShown = false;

  constructor(out: OutputStream, err: OutputStream, environment: NodeJS.ProcessEnv) {
    this.#out = out;
    this.#err = err;
    this.#environment = environment;
  }

  get isTerminal(): boolean {
    return this.#out.isTTY === true;
  }

  /** A line of our own; escape what comes out of files first. */
  print(line: string): void {
    this.clearProgress();
    this.#out.write(`${line}\n`);
  }

  /** JSON, with what a terminal might obey as `\u` escapes. */
  json(value: unknown): void {
    const text = JSON.stringify(value, undefined, 1);
    this.print(text.replace(/[\u007f-\uffff]/g, (c) => (c.match(UNSAFE) ? escapeUnit(c) : c)));
  }

  /** Bytes as they are. Resolves when they are on their way. */
  async write(bytes: Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#out.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Lines on standard error; the first is the news. */
  error(first: string, ...more: readonly string[]): void {
    this.clearProgress();
    this.#err.write(`${this.#styled(this.#err, 'red', first)}\n`);
    for (const line of more) this.#err.write(`${line}\n`);
  }

  /** Aligned columns under a row of titles. Cells come out of files: they are escaped here. */
  table(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
    const cells = rows.map((row) => row.map(escapeText));
    const widths = columns.map(({ title }, i) =>
      cells.reduce((width, row) => Math.max(width, row[i]!.length), title.length),
    );
    const line = (row: readonly string[], styleOf: (column: Column) => Style | undefined) =>
      columns
        .map((column, i) => {
          const text = column.right ? row[i]!.padStart(widths[i]!) : row[i]!.padEnd(widths[i]!);
          const padded = i === columns.length - 1 ? text.trimEnd() : text;
          return this.style(styleOf(column), padded);
        })
        .join('  ');
    this.print(
      line(
        columns.map(({ title }) => title),
        () => 'dim',
      ),
    );
    for (const row of cells) this.print(line(row, ({ style }) => style));
  }

  /** `text` in a colour, where standard output takes colours. */
  style(style: Style | undefined, text: string): string {
    return style === undefined ? text : this.#styled(this.#out, style, text);
  }

  /** Shows how far a long operation is, if standard error is a terminal. */
  progress(what: string, done: number, total: number): void {
    if (this.#err.isTTY !== true) return;
    const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
    this.#err.write(`\r${what} ${percent} % of ${formatBytes(total)}\u001b[K`);
    this.#progressShown = true;
  }

  clearProgress(): void {
    if (!this.#progressShown) return;
    this.#err.write('\r\u001b[K');
    this.#progressShown = false;
  }

  #styled(stream: OutputStream, style: Style, text: string): string {
    const { NO_COLOR, FORCE_COLOR, TERM } = this.#environment;
    const wanted = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
    const possible = stream.isTTY === true && !NO_COLOR && TERM !== 'dumb';
    return wanted || possible ? styleText(style, text) : text;
  }
}

/** `2.4 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** `1 tensor`, `54 tensors`. */
export function count(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
}

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
