/// Where foreign errors become ours: once for the engine's codes, once for the host's exceptions.

import {
  type Code,
  CodedError,
  codeOfNumber,
  type ErrorInit,
  isCodedError,
  makeError,
} from './errors.js';

/** What `lastError()` of the engine module returns. `code` is engine/util/status.h's. */
export interface EngineError {
  readonly code: number;
  readonly message: string;
  readonly node: string;
  readonly file: string;
  readonly tensor: string;
  readonly offset: number;
  readonly length: number;
}

const PY_TYPE_ERROR = 65;

/** The error a failed engine call stands for: a class of `tf.errors`, or JavaScript's TypeError for Python's. */
export function fromEngine(raw: EngineError, hint?: string): Error {
  const error = {
    ...raw,
    message: unescapeBytes(raw.message),
    file: unescapeBytes(raw.file),
    tensor: unescapeBytes(raw.tensor),
  };
  if (error.code === PY_TYPE_ERROR) return new TypeError(error.message);
  const code = codeOfNumber(error.code);
  if (code === undefined) {
    return makeError(
      'INTERNAL',
      `Engine returned the unknown code ${error.code}: ${error.message}`,
    );
  }
  const located = error.file !== '' || error.tensor !== '';
  return makeError(code, error.message, {
    node: error.node === '' ? undefined : error.node,
    hint,
    details: located
      ? {
          ...(error.file === '' ? {} : { file: error.file }),
          ...(error.tensor === '' ? {} : { tensor: error.tensor }),
          ...(error.length === 0 ? {} : { offset: error.offset, length: error.length }),
        }
      : {},
  });
}

// bindings/embind/convert.cc: bytes that are no UTF-8, which are lone surrogates in names here (names.ts).
function unescapeBytes(text: string): string {
  return text.replace(/\ufdd0([\s\S])/g, (_, next: string) =>
    next === '\ufdd0' ? next : String.fromCharCode(0xdc00 + next.charCodeAt(0)),
  );
}

/** Options of {@link fromHost}. */
export interface HostErrorOptions {
  /** When it is aborted, its own reason is what the user gets. */
  readonly signal?: AbortSignal | undefined;
  /** The failing call was a network request: a bare TypeError then means that nothing was reached. */
  readonly network?: boolean | undefined;
}

type Row = readonly [code: Code, text: string, hint?: string];

const FULL = 'Free some space and try again; the earlier checkpoint is untouched.';
const RIGHTS = 'Check the permissions of the file and of its folder.';
const PREFIX = 'Give the prefix of a checkpoint, such as dir/model.ckpt, not a folder.';

// tensorflow/core/lib/core/error.cc: ErrnoToCode; the texts are glibc's strerror.
const ERRNO: Readonly<Record<string, Row>> = {
  ENOENT: ['NOT_FOUND', 'No such file or directory'],
  ENODEV: ['NOT_FOUND', 'No such device'],
  ENXIO: ['NOT_FOUND', 'No such device or address'],
  ESRCH: ['NOT_FOUND', 'No such process'],
  EACCES: ['PERMISSION_DENIED', 'Permission denied', RIGHTS],
  EPERM: ['PERMISSION_DENIED', 'Operation not permitted', RIGHTS],
  EROFS: ['PERMISSION_DENIED', 'Read-only file system'],
  EEXIST: ['ALREADY_EXISTS', 'File exists'],
  ENOTDIR: ['FAILED_PRECONDITION', 'Not a directory'],
  EISDIR: ['FAILED_PRECONDITION', 'Is a directory', PREFIX],
  ENOTEMPTY: ['FAILED_PRECONDITION', 'Directory not empty'],
  EBADF: ['FAILED_PRECONDITION', 'Bad file descriptor'],
  EBUSY: ['FAILED_PRECONDITION', 'Device or resource busy'],
  EPIPE: ['FAILED_PRECONDITION', 'Broken pipe'],
  EINVAL: ['INVALID_ARGUMENT', 'Invalid argument'],
  ENAMETOOLONG: ['INVALID_ARGUMENT', 'File name too long'],
  ENOSPC: ['RESOURCE_EXHAUSTED', 'No space left on device', FULL],
  EDQUOT: ['RESOURCE_EXHAUSTED', 'Disk quota exceeded', FULL],
  EMFILE: ['RESOURCE_EXHAUSTED', 'Too many open files'],
  ENFILE: ['RESOURCE_EXHAUSTED', 'Too many open files in system'],
  ENOMEM: ['RESOURCE_EXHAUSTED', 'Cannot allocate memory'],
  EFBIG: ['OUT_OF_RANGE', 'File too large'],
  ENOSYS: ['UNIMPLEMENTED', 'Function not implemented'],
  EIO: ['UNKNOWN', 'Input/output error'],
};

const DOM_EXCEPTION: Readonly<Record<string, Row>> = {
  NotFoundError: ['NOT_FOUND', 'No such file or directory'],
  NotAllowedError: [
    'PERMISSION_DENIED',
    'Permission denied',
    'Allow the page to use the file when the browser asks.',
  ],
  SecurityError: [
    'PERMISSION_DENIED',
    'Permission denied',
    'The browser keeps this page from its storage; private windows and blocked cookies do that.',
  ],
  QuotaExceededError: ['RESOURCE_EXHAUSTED', 'Disk quota exceeded', FULL],
  TypeMismatchError: ['FAILED_PRECONDITION', 'Is a directory', PREFIX],
  NoModificationAllowedError: [
    'FAILED_PRECONDITION',
    'Device or resource busy',
    'Another tab or worker has the file open; close it there.',
  ],
  InvalidModificationError: ['FAILED_PRECONDITION', 'Directory not empty'],
  NotReadableError: [
    'FAILED_PRECONDITION',
    'The file changed or became unreadable after it was chosen',
    'Choose the file again.',
  ],
  InvalidStateError: [
    'FAILED_PRECONDITION',
    'The storage was closed',
    'Open the checkpoint again.',
  ],
  ReadOnlyError: ['PERMISSION_DENIED', 'Read-only file system'],
  TimeoutError: ['DEADLINE_EXCEEDED', 'The operation timed out'],
};

/**
 * The error to throw for `error`, which a host API raised while working on `path`: TensorFlow's class for it and
 * the text `<path>; <strerror>`, with the original as `cause`. An aborted signal's reason and errors that are ours
 * already come back as they are.
 */
export function fromHost(error: unknown, path: string, options: HostErrorOptions = {}): unknown {
  if (options.signal?.aborted) return options.signal.reason;
  if (isCodedError(error) && error instanceof CodedError) return error;
  const { name, code, message } = namesOf(error);
  if (name === 'AbortError') return error;
  const row = (code === undefined ? undefined : ERRNO[code]) ?? DOM_EXCEPTION[name];
  const init: ErrorInit = { details: { file: path }, cause: error };
  if (row !== undefined) return makeError(row[0], `${path}; ${row[1]}`, { ...init, hint: row[2] });
  if (options.network) {
    const hint =
      'Check the address and the connection; a page may only read from servers that allow it (CORS).';
    return makeError('UNAVAILABLE', `${path}; ${message}`, { ...init, hint });
  }
  return makeError('UNKNOWN', `${path}; ${message}`, init);
}

function namesOf(error: unknown): { name: string; code: string | undefined; message: string } {
  if (!(error instanceof Error)) return { name: '', code: undefined, message: String(error) };
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    code: typeof code === 'string' ? code : undefined,
    message: error.message,
  };
}
