/// The errors users meet: `tf.errors`. Classes, codes, and their form for `postMessage`.

import { adviceOn } from './advice.js';

/** TensorFlow's canonical codes, as `tf.errors.NOT_FOUND` and so on. */
export const OK = 0;
export const CANCELLED = 1;
export const UNKNOWN = 2;
export const INVALID_ARGUMENT = 3;
export const DEADLINE_EXCEEDED = 4;
export const NOT_FOUND = 5;
export const ALREADY_EXISTS = 6;
export const PERMISSION_DENIED = 7;
export const RESOURCE_EXHAUSTED = 8;
export const FAILED_PRECONDITION = 9;
export const ABORTED = 10;
export const OUT_OF_RANGE = 11;
export const UNIMPLEMENTED = 12;
export const INTERNAL = 13;
export const UNAVAILABLE = 14;
export const DATA_LOSS = 15;
export const UNAUTHENTICATED = 16;

/** The name of a code: `'NOT_FOUND'`, `'DATA_LOSS'`, `'VALUE_ERROR'`, ... */
export type Code =
  | 'CANCELLED'
  | 'UNKNOWN'
  | 'INVALID_ARGUMENT'
  | 'DEADLINE_EXCEEDED'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'PERMISSION_DENIED'
  | 'RESOURCE_EXHAUSTED'
  | 'FAILED_PRECONDITION'
  | 'ABORTED'
  | 'OUT_OF_RANGE'
  | 'UNIMPLEMENTED'
  | 'INTERNAL'
  | 'UNAVAILABLE'
  | 'DATA_LOSS'
  | 'UNAUTHENTICATED'
  | 'VALUE_ERROR'
  | 'RUNTIME_ERROR'
  | 'LOOKUP_ERROR'
  | 'ASSERTION_ERROR';

// Python's own errors have no number in TensorFlow; these are engine/util/status.h's.
const CODES: Readonly<Record<Code, readonly [number: number, name: string, words: string]>> = {
  CANCELLED: [CANCELLED, 'CancelledError', 'Cancelled'],
  UNKNOWN: [UNKNOWN, 'UnknownError', 'Unknown'],
  INVALID_ARGUMENT: [INVALID_ARGUMENT, 'InvalidArgumentError', 'Invalid argument'],
  DEADLINE_EXCEEDED: [DEADLINE_EXCEEDED, 'DeadlineExceededError', 'Deadline exceeded'],
  NOT_FOUND: [NOT_FOUND, 'NotFoundError', 'Not found'],
  ALREADY_EXISTS: [ALREADY_EXISTS, 'AlreadyExistsError', 'Already exists'],
  PERMISSION_DENIED: [PERMISSION_DENIED, 'PermissionDeniedError', 'Permission denied'],
  RESOURCE_EXHAUSTED: [RESOURCE_EXHAUSTED, 'ResourceExhaustedError', 'Resource exhausted'],
  FAILED_PRECONDITION: [FAILED_PRECONDITION, 'FailedPreconditionError', 'Failed precondition'],
  ABORTED: [ABORTED, 'AbortedError', 'Aborted'],
  OUT_OF_RANGE: [OUT_OF_RANGE, 'OutOfRangeError', 'Out of range'],
  UNIMPLEMENTED: [UNIMPLEMENTED, 'UnimplementedError', 'Unimplemented'],
  INTERNAL: [INTERNAL, 'InternalError', 'Internal'],
  UNAVAILABLE: [UNAVAILABLE, 'UnavailableError', 'Unavailable'],
  DATA_LOSS: [DATA_LOSS, 'DataLossError', 'Data loss'],
  UNAUTHENTICATED: [UNAUTHENTICATED, 'UnauthenticatedError', 'Unauthenticated'],
  VALUE_ERROR: [64, 'ValueError', 'ValueError'],
  RUNTIME_ERROR: [66, 'RuntimeError', 'RuntimeError'],
  LOOKUP_ERROR: [67, 'LookupError', 'LookupError'],
  ASSERTION_ERROR: [68, 'AssertionError', 'AssertionError'],
};

/** Where in a file, and in which tensor, a failure lies. Absent fields are unknown. */
export interface ErrorDetails {
  readonly file?: string | undefined;
  readonly offset?: number | undefined;
  readonly length?: number | undefined;
  readonly tensor?: string | undefined;
}

/** What an error carries besides its message. */
export interface ErrorInit {
  /** The graph node that failed. */
  readonly node?: string | undefined;
  /** One more sentence for people: what to do about it. Never part of the message. */
  readonly hint?: string | undefined;
  readonly details?: ErrorDetails | undefined;
  readonly cause?: unknown;
}

/** The plain-object form of an error; survives `structuredClone` and JSON. */
export interface ErrorJSON {
  readonly name: string;
  readonly code: Code;
  readonly message: string;
  readonly node?: string;
  readonly hint?: string;
  readonly details?: ErrorDetails;
}

/** What every error of this package has in common. Tell them apart by `code`. */
export class CodedError extends Error {
  readonly code: Code;
  /** The number of `code` in TensorFlow; 64 and up for Python's own errors. */
  readonly codeNumber: number;
  readonly node: string | undefined;
  readonly details: ErrorDetails;
  #hint: string | undefined;

  constructor(code: Code, message: string, init: ErrorInit = {}) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = CODES[code][1];
    this.code = code;
    this.codeNumber = CODES[code][0];
    this.node = init.node;
    this.#hint = init.hint;
    this.details = init.details ?? {};
  }

  /** One more sentence for people: what to do about it. */
  get hint(): string | undefined {
    return this.#hint ?? adviceOn(this.message);
  }

  set hint(hint: string | undefined) {
    this.#hint = hint;
  }

  /** The form in which TensorFlow quotes a status: `Data loss: block checksum mismatch`. */
  get status(): string {
    return `${CODES[this.code][2]}: ${this.message}`;
  }

  /** For `postMessage` and JSON; {@link errorFromJSON} is the way back. */
  toJSON(): ErrorJSON {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      ...(this.node === undefined ? {} : { node: this.node }),
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(Object.keys(this.details).length === 0 ? {} : { details: this.details }),
    };
  }
}

/** An operation failed: TensorFlow's `tf.errors.OpError`. `message` is TensorFlow's text. */
export class OpError extends CodedError {}

export class CancelledError extends OpError {
  constructor(message: string, init?: ErrorInit) {
    super('CANCELLED', message, init);
  }
}

export class UnknownError extends OpError {
  constructor(message: string, init?: ErrorInit) {
    super('UNKNOWN', message, init);
  }
}

export class InvalidArgumentError extends OpError {
  constructor(message: string, init?: ErrorInit) {
    super('INVALID_ARGUMENT', message, init);
  }
}

export class DeadlineExceededError extends OpError {
  constructor(message: string, init?: ErrorInit) {
    super('DEADLINE_EXCEEDED', message, init);
  }
}

export class NotFoundError extends OpError {
  constructor(message: string, init?: ErrorInit) {
    super('NOT_FOUND', message, init);
  }
}

export class AlreadyExistsError extends OpError {
  constructor(message: string, init?: ErrorInit) {
    super('ALREADY_EXISTS', message, init);
  }
}

export class PermissionDeniedError extends OpError {
  constructor(message: string, init?: ErrorInit) {
    super('PERMISSION_DENIED', message, init);
  }
}

export class ResourceExhaustedError extends OpError {
  constructor(message: string, init?: ErrorInit) {
    super('RESOURCE_EXHAUSTED', message, init);
  }
}

export class FailedPreconditionError extends OpError {
  constructor(message: string, init?: ErrorInit) {
    super('FAILED_PRECONDITION', message, init);
  }
}

export class AbortedError extends OpError {
  constructor(message: string, init?: ErrorInit) {
    super('ABORTED', message, init);
  }
}

export class OutOfRangeError extends OpError {
  constructor(message: string, init?: ErrorInit) {
    super('OUT_OF_RANGE', message, init);
  }
}

export class UnimplementedError extends OpError {
  constructor(message: string, init?: ErrorInit) {
    super('UNIMPLEMENTED', message, init);
  }
}

export class InternalError extends OpError {
  constructor(message: string, init?: ErrorInit) {
    super('INTERNAL', message, init);
  }
}

export class UnavailableError extends OpError {
  constructor(message: string, init?: ErrorInit) {
    super('UNAVAILABLE', message, init);
  }
}

export class DataLossError extends OpError {
  constructor(message: string, init?: ErrorInit) {
    super('DATA_LOSS', message, init);
  }
}

export class UnauthenticatedError extends OpError {
  constructor(message: string, init?: ErrorInit) {
    super('UNAUTHENTICATED', message, init);
  }
}

/** Python's ValueError, with Python's text. */
export class ValueError extends CodedError {
  constructor(message: string, init?: ErrorInit) {
    super('VALUE_ERROR', message, init);
  }
}

/** Python's RuntimeError, with Python's text. */
export class RuntimeError extends CodedError {
  constructor(message: string, init?: ErrorInit) {
    super('RUNTIME_ERROR', message, init);
  }
}

/** Python's LookupError, with Python's text. */
export class LookupError extends CodedError {
  constructor(message: string, init?: ErrorInit) {
    super('LOOKUP_ERROR', message, init);
  }
}

/** Python's AssertionError, with Python's text. */
export class AssertionError extends CodedError {
  constructor(message: string, init?: ErrorInit) {
    super('ASSERTION_ERROR', message, init);
  }
}

type CodedErrorClass = new (message: string, init?: ErrorInit) => CodedError;

const CLASSES: Record<Code, CodedErrorClass> = {
  CANCELLED: CancelledError,
  UNKNOWN: UnknownError,
  INVALID_ARGUMENT: InvalidArgumentError,
  DEADLINE_EXCEEDED: DeadlineExceededError,
  NOT_FOUND: NotFoundError,
  ALREADY_EXISTS: AlreadyExistsError,
  PERMISSION_DENIED: PermissionDeniedError,
  RESOURCE_EXHAUSTED: ResourceExhaustedError,
  FAILED_PRECONDITION: FailedPreconditionError,
  ABORTED: AbortedError,
  OUT_OF_RANGE: OutOfRangeError,
  UNIMPLEMENTED: UnimplementedError,
  INTERNAL: InternalError,
  UNAVAILABLE: UnavailableError,
  DATA_LOSS: DataLossError,
  UNAUTHENTICATED: UnauthenticatedError,
  VALUE_ERROR: ValueError,
  RUNTIME_ERROR: RuntimeError,
  LOOKUP_ERROR: LookupError,
  ASSERTION_ERROR: AssertionError,
};

/** An error of the class that belongs to `code`. */
export function makeError(code: Code, message: string, init?: ErrorInit): CodedError {
  return new CLASSES[code](message, init);
}

/** An error again from what {@link CodedError.toJSON} gave, of the same class. */
export function errorFromJSON(json: ErrorJSON): CodedError {
  const code = Object.hasOwn(CLASSES, json.code) ? json.code : 'UNKNOWN';
  return makeError(code, json.message, json);
}

/**
 * `'NOT_FOUND'` for 5.
 * @returns undefined for a number that is no code.
 */
export function codeOfNumber(number: number): Code | undefined {
  for (const [code, row] of Object.entries(CODES)) {
    if (row[0] === number) return code as Code;
  }
  return undefined;
}

/** What to do about `error`, also for the TypeErrors that this package throws, which are JavaScript's own. */
export function hintOf(error: unknown): string | undefined {
  if (isCodedError(error)) return error.hint;
  return error instanceof TypeError ? adviceOn(error.message) : undefined;
}

/** True for the errors of this package, of whichever copy of it. */
export function isCodedError(error: unknown): error is CodedError {
  return error instanceof Error && 'codeNumber' in error && 'code' in error;
}
