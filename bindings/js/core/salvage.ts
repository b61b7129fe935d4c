/// tf.verifyCheckpoint and tf.salvageCheckpoint: what is left of a damaged checkpoint, why, and a whole one of it.

import { BundleReader } from './bundle-reader.js';
import { type Cause, type DataFileReport, diagnoseData } from './diagnosis.js';
import { engine } from './engine.js';
import { fromHost } from './error-mapping.js';
import { DataLossError, InvalidArgumentError, isCodedError } from './errors.js';
import { beginTransaction } from './file-transaction.js';
import { type IndexPart, IndexScan, withFile } from './index-scan.js';
import { findCheckpoint, openAnyFormat } from './open-checkpoint.js';
import { readExactly } from './operation.js';
import { planSlices } from './slice-reading.js';
import { type CheckpointSource, fileExists, type OpenOptions, readFile } from './sources.js';
import type { ByteSink, Location, OperationOptions } from './types.js';
import type { TensorVerdict } from './verify.js';

/** What is intact of a checkpoint, and what probably happened to the rest. */
export interface Report {
  /** True when every byte that a reader may want is right. */
  readonly ok: boolean;
  readonly format: 'V1' | 'V2';
  /** The prefix of the checkpoint. */
  readonly path: string;
  /** `OK`, or TensorFlow's text for what is wrong with the index. */
  readonly status: string;
  /** The tensors that could be found, in the order of their keys, and what became of each. */
  readonly tensors: readonly TensorVerdict[];
  readonly intactTensors: number;
  readonly intactBytes: number;
  /** Keys whose entries no checksum vouches for; their tensors' own checksums may be right all the same. */
  readonly unverifiedKeys: readonly string[];
  /** The index file, part by part; empty when it is intact and long. */
  readonly indexParts: readonly IndexPart[];
  readonly files: readonly DataFileReport[];
  /** What probably happened, the most far-reaching first. */
  readonly causes: readonly Cause[];
}

/** Options of {@link salvageCheckpoint}. */
export interface SalvageOptions extends OpenOptions {
  /**
   * Also keeps tensors whose own checksums are right but whose entries lay in a damaged block of the index: their
   * names or types may be wrong. False by default.
   */
  readonly unverified?: boolean | undefined;
}

/** What {@link salvageCheckpoint} did. */
export interface SalvageResult {
  readonly report: Report;
  /** The keys that the new checkpoint has. Keys of slices begin with U+0000. */
  readonly kept: readonly string[];
  readonly lost: readonly string[];
}

/** An intact index up to this size is taken apart as well, for the report's `indexParts`. */
const MAX_PARTS = 4 << 20;
const PIECE = 8 << 20;

/**
 * Reads all of a checkpoint, compares every checksum and finds out what happened where one is wrong. Of a damaged index
 * everything that can be found is read.
 * @throws {NotFoundError} when there is no index.
 */
export async function verifyCheckpoint(
  source: CheckpointSource,
  options: OpenOptions = {},
): Promise<Report> {
  const location = await findCheckpoint(source, options);
  if (!(await fileExists(location.files, `${location.name}.index`, options))) {
    return verifyV1(location, options);
  }
  const examined = await examine(location, options);
  examined.close();
  return examined.report;
}

/**
 * Writes the intact tensors of a damaged checkpoint as a new one with the prefix `output`: their bytes, types, shapes
 * and checksums are those of the old one, bit for bit. It appears as a whole, or not at all.
 * @throws {DataLossError} when nothing is intact.
 * @throws {InvalidArgumentError} when `output` is the checkpoint itself, or it is of the V1 format.
 */
export async function salvageCheckpoint(
  source: CheckpointSource,
  output: string,
  options: SalvageOptions = {},
): Promise<SalvageResult> {
  const location = await findCheckpoint(source, options);
  const target = engine().host.storage.locate(output);
  if (target.files.label === location.files.label && target.name === location.name) {
    throw new InvalidArgumentError(`${output} is the checkpoint that is to be salvaged`, {
      hint: 'Give another prefix: the damaged files stay as they are.',
    });
  }
  if (!(await fileExists(location.files, `${location.name}.index`, options))) {
    throw new InvalidArgumentError(`${location.path} has no index to salvage tensors by`, {
      hint: 'A checkpoint of the V1 format is converted tensor by tensor: tensorbundle convert.',
    });
  }
  const examined = await examine(location, options);
  try {
    return await rescue(examined, target, output, options);
  } finally {
    examined.close();
  }
}

interface Examined {
  readonly report: Report;
  readonly reader: BundleReader | undefined;
  readonly scan: () => IndexScan;
  close(): void;
}

async function verifyV1(location: Location, options: OperationOptions): Promise<Report> {
  const reader = await openAnyFormat(location, options);
  try {
    const { ok, status, tensors, verifiedBytes } = await reader.verify(options);
    return {
      ok,
      format: reader.format,
      path: location.path,
      status,
      tensors,
      intactTensors: tensors.filter(({ error }) => error === undefined).length,
      intactBytes: verifiedBytes,
      unverifiedKeys: [],
      indexParts: [],
      files: [],
      causes: [],
    };
  } finally {
    reader.close();
  }
}

async function examine(location: Location, options: OperationOptions): Promise<Examined> {
  const { files, name, path } = location;
  const index = await readFile(files, `${name}.index`, options);
  const opened = await openStrictly(location, options);
  let scan: IndexScan | undefined;
  const theScan = () => {
    scan ??= new IndexScan(index);
    return scan;
  };
  const isWhole = opened.status === 'OK';
  if (!isWhole || index.length <= MAX_PARTS) theScan();
  let { reader } = opened;
  try {
    if (!isWhole) {
      reader?.close();
      reader = await openRebuilt(location, theScan(), options);
    }
    const verified = await reader?.verify(options);
    const tensors = verified?.tensors ?? [];
    const data =
      reader === undefined
        ? { files: [], causes: [] }
        : await diagnoseData(reader, location, tensors, options);
    const report: Report = {
      ok: isWhole && verified?.ok === true,
      format: 'V2',
      path,
      status: opened.status,
      tensors,
      intactTensors: tensors.filter(({ error }) => error === undefined).length,
      intactBytes: verified?.verifiedBytes ?? 0,
      unverifiedKeys: isWhole ? [] : theScan().unverified,
      indexParts: scan?.parts ?? [],
      files: data.files,
      causes: [...indexCauses(`${path}.index`, index.length, scan, isWhole), ...data.causes],
    };
    const close = () => {
      reader?.close();
      scan?.close();
    };
    return { report, reader, scan: theScan, close };
  } catch (error) {
    reader?.close();
    scan?.close();
    throw error;
  }
}

async function openStrictly(
  location: Location,
  options: OperationOptions,
): Promise<{ reader?: BundleReader; status: string }> {
  try {
    const reader = await BundleReader.openAt(location, options);
    return { reader, status: reader.damage?.status ?? 'OK' };
  } catch (error) {
    if (options.signal?.aborted || !isCodedError(error)) throw error;
    return { status: error.status };
  }
}

// Opens the checkpoint with an index of everything that was found; undefined when that was nothing.
async function openRebuilt(
  location: Location,
  scan: IndexScan,
  options: OperationOptions,
): Promise<BundleReader | undefined> {
  if (scan.entries === 0) return undefined;
  const infos = await location.files.list({ signal: options.signal });
  const counts = infos
    .filter(({ name }) => name.startsWith(`${location.name}.data-`))
    .map(({ name }) => Number(/-of-(\d{5,9})$/.exec(name)?.[1] ?? 1));
  const rebuilt = scan.rebuild(Math.max(1, ...counts));
  return BundleReader.openAt(withFile(location, `${location.name}.index`, rebuilt), options);
}

function indexCauses(
  file: string,
  size: number,
  scan: IndexScan | undefined,
  isWhole: boolean,
): Cause[] {
  if (scan === undefined || (isWhole && scan.intact)) return [];
  if (scan.entries === 0 && !scan.hasHeader) return [{ kind: 'not-an-index', file }];
  const causes: Cause[] = [];
  for (const { state, kind, offset, length, flippedBit } of scan.parts) {
    if (state === 'repaired') causes.push({ kind: 'flipped-bit', file, ...flippedBit! });
    if (state === 'damaged') causes.push({ kind: 'damaged', file, offset, length, part: kind });
    if (state === 'cut') causes.push({ kind: 'cut', file, size });
  }
  if (!scan.hasHeader) causes.push({ kind: 'damaged', file, offset: 0, length: 0, part: 'header' });
  return causes;
}

async function rescue(
  { report, reader, scan }: Examined,
  target: Location,
  output: string,
  options: SalvageOptions,
): Promise<SalvageResult> {
  const doubtful = new Set(options.unverified ? [] : report.unverifiedKeys);
  const good = report.tensors
    .filter(({ error, entry }) => error === undefined && !doubtful.has(entry.key))
    .map(({ entry }) => entry);
  // Slices without their tensor are of no use, nor is a tensor without its slices.
  const slices = new Set<string>();
  const whole = new Set<string>();
  const intact = new Set(good.map(({ key }) => key));
  for (const entry of good) {
    if (entry.slices.length === 0) continue;
    const { parts } = await planSlices(reader!, entry.key, undefined, options);
    if (!parts.every((part) => intact.has(part.entry.key))) continue;
    whole.add(entry.key);
    for (const part of parts) slices.add(part.entry.key);
  }
  const kept = good.filter(({ key, slices: own }) =>
    key.startsWith('\0') ? slices.has(key) : own.length === 0 || whole.has(key),
  );
  if (reader === undefined || kept.length === 0) {
    throw new DataLossError(`Nothing in ${report.path} is intact`, {
      hint: 'Restore another checkpoint: an earlier one, or a copy of this one.',
    });
  }
  await engine().host.storage.makeParent(target);
  const transaction = await beginTransaction(target.files);
  try {
    const sink = await transaction.create(`${target.name}.data-00000-of-00001`);
    const total = kept.reduce((sum, { size }) => sum + size, 0);
    let done = 0;
    const inOrder = [...kept].sort((a, b) => a.shardId - b.shardId || a.offset - b.offset);
    for (const { key, shardId, offset, size, slices: own } of inOrder) {
      scan().keep(key, own.length > 0 ? 0 : done);
      if (own.length > 0) continue;
      const file = reader.dataFile(shardId);
      const source = await reader.files.source(file, options);
      for (let at = 0; at < size; at += PIECE) {
        const length = Math.min(PIECE, size - at);
        await write(
          sink,
          await readExactly(source, file, offset + at, length, options),
          output,
          options,
        );
        done += length;
        options.onProgress?.({ done, total, phase: 'salvage' });
      }
    }
    await sink.close();
    const index = await transaction.create(`${target.name}.index`);
    await write(index, scan().finish(), `${output}.index`, options);
    await index.close();
    options.signal?.throwIfAborted();
    await transaction.commit();
  } catch (error) {
    await transaction.abort(error);
    throw error;
  }
  const names = new Set(kept.map(({ key }) => key));
  const lost = report.tensors.map(({ entry }) => entry.key).filter((key) => !names.has(key));
  return { report, kept: [...names], lost };
}

async function write(
  sink: ByteSink,
  bytes: Uint8Array,
  path: string,
  options: OperationOptions,
): Promise<void> {
  try {
    await sink.write(bytes);
  } catch (error) {
    throw fromHost(error, path, options);
  }
}
