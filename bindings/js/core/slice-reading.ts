/// Tensors that are stored in slices, and slices of tensors: parts are fetched one by one, checked, and copied run by
/// run (engine/docs/slices.md).

import type { BundleReader } from './bundle-reader.js';
import { engine } from './engine.js';
import { type BundleEntry, decodeEntryRecords } from './entry-records.js';
import { explainTensor } from './hints.js';
import { encodeName } from './names.js';
import { NDArray } from './ndarray.js';
import { codec } from './operation.js';
import { type BytesSink, readInto, readTensor } from './tensor-reading.js';
import type { OperationOptions } from './types.js';

/** engine/tensor/slice_copy.h: SliceCopy. Positions and strides count elements. */
interface SliceCopy {
  readonly from: number;
  readonly to: number;
  readonly run: number;
  /** From the outermost to the innermost. */
  readonly loops: readonly (readonly [count: number, fromStride: number, toStride: number])[];
}

interface SlicePlan {
  readonly shape: readonly number[];
  readonly parts: readonly { readonly entry: BundleEntry; readonly copy: SliceCopy }[];
}

/** Reads the slice `spec` of the tensor `entry`, or all of it. Memory: the result, and a piece of a part. */
export async function readSlices(
  reader: BundleReader,
  entry: BundleEntry,
  spec: string | undefined,
  options: OperationOptions,
): Promise<NDArray> {
  const { shape, parts } = await planSlices(reader, entry.key, spec, options);
  const size = shape.reduce((product, dim) => product * dim, 1);
  if (parts.length === 1 && isWhole(parts[0]!.copy, size, parts[0]!.entry)) {
    const { dtype, data } = await readTensor(reader, parts[0]!.entry, options);
    return new NDArray(dtype, shape, data);
  }
  const { dtype } = entry;
  if (dtype.arrayType === undefined) {
    const elements: Uint8Array[] = Array.from({ length: size });
    for (const part of parts) {
      const stored = (await readTensor(reader, part.entry, options)).data as readonly Uint8Array[];
      for (const { from, to, run } of runsOf(part.copy)) {
        for (let i = 0; i < run; ++i) elements[to + i] = stored[from + i]!;
      }
    }
    return new NDArray(dtype, shape, elements);
  }
  const bytes = new Uint8Array(size * dtype.size);
  for (const { entry: part, copy } of parts) {
    await readInto(reader, part, new SliceSink(copy, dtype.size, bytes), options);
  }
  return NDArray.fromBytes(dtype, shape, bytes);
}

/** Which entries hold the slice `spec` of `key`, or all of it, and where their elements go. */
export async function planSlices(
  reader: BundleReader,
  key: string,
  spec: string | undefined,
  options: OperationOptions,
): Promise<SlicePlan> {
  const { object, files } = reader;
  const { memory } = engine();
  const name = encodeName(key);
  const plan = new (codec().SlicePlan)();
  try {
    await files.run(() => plan.make(object, name, spec ?? '', spec === undefined), options);
    const records = memory.copy(plan.recordsAddress(), plan.recordsSize());
    const bytes = memory.copy(plan.address(), plan.size());
    return decodePlan(decodeEntryRecords(records).entries, new Float64Array(bytes.buffer));
  } catch (error) {
    throw explainTensor(error);
  } finally {
    plan.delete();
  }
}

// slice_plan_binding.cc has the order of the numbers.
function decodePlan(entries: readonly BundleEntry[], numbers: Float64Array): SlicePlan {
  let at = 0;
  const next = () => numbers[at++]!;
  const shape = Array.from({ length: next() }, next);
  const parts = entries.map((entry) => {
    const [from, to, run] = [next(), next(), next()];
    const loops = Array.from({ length: next() }, () => [next(), next(), next()] as const);
    return { entry, copy: { from, to, run, loops } };
  });
  return { shape, parts };
}

// The part's elements are the result.
function isWhole({ run }: SliceCopy, size: number, { shape }: BundleEntry): boolean {
  return run === size && shape.reduce((product, dim) => product * dim, 1) === size;
}

/** The runs of `copy`, in ascending order of both positions. The object is reused. */
function* runsOf({ from, to, run, loops }: SliceCopy): Generator<Readonly<Run>, void, void> {
  if (run === 0) return;
  const at = loops.map(() => 0);
  const current = { from, to, run };
  for (;;) {
    yield current;
    let d = loops.length - 1;
    for (; d >= 0; --d) {
      const [count, fromStride, toStride] = loops[d]!;
      current.from += fromStride;
      current.to += toStride;
      if (++at[d]! < count) break;
      at[d] = 0;
      current.from -= count * fromStride;
      current.to -= count * toStride;
    }
    if (d < 0) return;
  }
}

interface Run {
  from: number;
  to: number;
  run: number;
}

/** Takes the bytes of a part as they pass, and keeps those of its runs. */
class SliceSink implements BytesSink {
  readonly #runs: Iterator<Readonly<Run>, void, void>;
  readonly #elementSize: number;
  readonly #target: Uint8Array;
  #run: Readonly<Run> | undefined;
  #done = 0; // bytes of the run that were copied
  #position = 0;

  constructor(copy: SliceCopy, elementSize: number, target: Uint8Array) {
    this.#runs = runsOf(copy);
    this.#elementSize = elementSize;
    this.#target = target;
    this.#advance();
  }

  take(chunk: Uint8Array): void {
    const start = this.#position;
    const end = start + chunk.length;
    this.#position = end;
    while (this.#run !== undefined) {
      const size = this.#elementSize;
      const from = this.#run.from * size + this.#done;
      if (from >= end) return;
      const length = Math.min(this.#run.run * size - this.#done, end - from);
      this.#copy(chunk, from - start, this.#run.to * size + this.#done, length);
      this.#done += length;
      if (this.#done < this.#run.run * size) return;
      this.#advance();
    }
  }

  // A call costs more than a few bytes: columns are runs of one element.
  #copy(chunk: Uint8Array, from: number, to: number, length: number): void {
    if (length > 64) {
      this.#target.set(chunk.subarray(from, from + length), to);
      return;
    }
    for (let i = 0; i < length; ++i) this.#target[to + i] = chunk[from + i]!;
  }

  #advance(): void {
    this.#done = 0;
    this.#run = this.#runs.next().value ?? undefined;
  }
}
