/// How far a training has come and how well it goes, read from the lines that the program prints:
///
///     Training for 100 epochs                          announces the end
///     Epoch 10  - Loss: 0.92 - Accuracy: 0.81          a point of each named curve
///     Step 250/400 - Loss: 0.31                        tells where it is and the end at once
///
/// Whatever a reader's own program prints in this form is drawn as well; nothing else is asked of it.

/** A point of a curve: `x` counts epochs or steps. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** One quantity over time. */
export interface Curve {
  readonly name: string;
  readonly points: readonly Point[];
}

/** What the lines so far say. */
export interface Course {
  /** `Epoch` or `Step`, as the program calls it. */
  readonly unit: string;
  readonly at: number;
  /** Where it will end, if the program said so. */
  readonly total: number | undefined;
  readonly curves: readonly Curve[];
}

const END = /\b(\d+) (?:epochs|steps)\b/i;
const PLACE = /^(Epoch|Step)\s+(\d+)(?:\s*\/\s*(\d+))?\s*-\s*(.*)$/;
const VALUE = /([A-Za-z][A-Za-z ]*?)\s*[:=]\s*(-?(?:\d+\.?\d*(?:e[-+]?\d+)?|Infinity)|NaN)/g;

/** Reads lines as they come. */
export class CourseReader {
  #unit: string | undefined;
  #at = 0;
  #total: number | undefined;
  readonly #curves = new Map<string, Point[]>();

  /** Takes `line` in; true iff it said something. */
  add(line: string): boolean {
    const place = PLACE.exec(line);
    if (place === null) {
      const end = this.#unit === undefined ? END.exec(line) : null;
      if (end !== null) this.#total = Number(end[1]);
      return false;
    }
    const [, unit, at, total, values] = place;
    this.#unit = unit;
    this.#at = Number(at);
    if (total !== undefined) this.#total = Number(total);
    for (const [, name, value] of values!.matchAll(VALUE)) {
      const curve = this.#curves.get(name!) ?? [];
      curve.push({ x: this.#at, y: Number(value) });
      this.#curves.set(name!, curve);
    }
    return true;
  }

  /** What has been read, or undefined when no line spoke of a training. */
  course(): Course | undefined {
    if (this.#unit === undefined) return undefined;
    const curves = Array.from(this.#curves, ([name, points]) => ({ name, points: [...points] }));
    return { unit: this.#unit, at: this.#at, total: this.#total, curves };
  }
}
