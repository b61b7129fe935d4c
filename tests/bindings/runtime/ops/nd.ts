// Arrays in double precision for the tests of ops: what they compute is worked out here a second time, element by
// element and without the package.

/** Numbers in row-major order. Truth is 1, falsehood 0. */
export interface Nd {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((n, dim) => n * dim, 1);

/** An array whose element at `index` is `at(index)`. */
export function fromIndex(shape: readonly number[], at: (index: number[]) => number): Nd {
  const data = Array.from({ length: sizeOf(shape) }, (_, flat) => at(indexOf(flat, shape)));
  return { shape, data };
}

/** The index of element number `flat`. */
export function indexOf(flat: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length);
  let rest = flat;
  for (let i = shape.length - 1; i >= 0; --i) {
    index[i] = rest % shape[i]!;
    rest = Math.floor(rest / shape[i]!);
  }
  return index;
}

/** The element at `index`. */
export function at({ shape, data }: Nd, index: readonly number[]): number {
  return data[shape.reduce((flat, dim, i) => flat * dim + index[i]!, 0)]!;
}

/** Reproducible numbers in [low, high) without a pattern. */
export function numbers(shape: readonly number[], low = -2, high = 2, seed = 1): Nd {
  let state = BigInt(seed) * 2n + 1n;
  return fromIndex(shape, () => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return Math.fround(low + ((high - low) * Number(state >> 40n)) / 2 ** 24);
  });
}

export const scalar = (value: number): Nd => ({ shape: [], data: [value] });
export const vector = (data: readonly number[]): Nd => ({ shape: [data.length], data });

/** `f` of each element. */
export const map = ({ shape, data }: Nd, f: (x: number) => number): Nd => ({
  shape,
  data: data.map((x) => f(x)),
});

/** `f` of pairs of elements, by numpy's broadcasting. */
export function zip(x: Nd, y: Nd, f: (x: number, y: number) => number): Nd {
  const rank = Math.max(x.shape.length, y.shape.length);
  const dim = ({ shape }: Nd, i: number) => shape[i - (rank - shape.length)] ?? 1;
  const shape = Array.from({ length: rank }, (_, i) => (dim(x, i) === 1 ? dim(y, i) : dim(x, i)));
  const element = (array: Nd, index: readonly number[]) =>
    at(
      array,
      array.shape.map((size, i) => (size === 1 ? 0 : index[i + rank - array.shape.length]!)),
    );
  return fromIndex(shape, (index) => f(element(x, index), element(y, index)));
}

/** `f` of the elements along `axes`. */
export function reduce(
  x: Nd,
  axes: readonly number[],
  keep: boolean,
  f: (values: number[]) => number,
): Nd {
  const reduced = x.shape.map((_, i) => axes.includes(i) || axes.includes(i - x.shape.length));
  const groups = new Map<string, number[]>();
  const shape = x.shape.map((dim, i) => (reduced[i] ? 1 : dim));
  x.data.forEach((value, flat) => {
    const key = indexOf(flat, x.shape)
      .map((place, i) => (reduced[i] ? 0 : place))
      .join();
    groups.set(key, [...(groups.get(key) ?? []), value]);
  });
  const kept = fromIndex(shape, (index) => f(groups.get(index.join()) ?? []));
  return { shape: keep ? shape : x.shape.filter((_, i) => !reduced[i]), data: kept.data };
}

/** The matrix product. */
export const product = (a: Nd, b: Nd): Nd =>
  fromIndex([a.shape[0]!, b.shape[1]!], ([i, j]) =>
    a.shape[1] === undefined
      ? 0
      : Array.from({ length: a.shape[1] }, (_, k) => at(a, [i!, k]) * at(b, [k, j!])).reduce(
          (sum, term) => sum + term,
          0,
        ),
  );

export const transposed = (a: Nd): Nd =>
  fromIndex([a.shape[1]!, a.shape[0]!], ([i, j]) => at(a, [j!, i!]));

export const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
