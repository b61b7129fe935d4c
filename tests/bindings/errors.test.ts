/// "tf.errors.NotFoundError extends tf.errors.OpError extends Error"; host errors are mapped once, by errno and name.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromEngine, fromHost } from '#dist/core/error-mapping.js';
import * as errors from '#dist/errors.js';

const CLASSES: [string, string, number][] = [
  ['CancelledError', 'CANCELLED', 1],
  ['UnknownError', 'UNKNOWN', 2],
  ['InvalidArgumentError', 'INVALID_ARGUMENT', 3],
  ['DeadlineExceededError', 'DEADLINE_EXCEEDED', 4],
  ['NotFoundError', 'NOT_FOUND', 5],
  ['AlreadyExistsError', 'ALREADY_EXISTS', 6],
  ['PermissionDeniedError', 'PERMISSION_DENIED', 7],
  ['ResourceExhaustedError', 'RESOURCE_EXHAUSTED', 8],
  ['FailedPreconditionError', 'FAILED_PRECONDITION', 9],
  ['AbortedError', 'ABORTED', 10],
  ['OutOfRangeError', 'OUT_OF_RANGE', 11],
  ['UnimplementedError', 'UNIMPLEMENTED', 12],
  ['InternalError', 'INTERNAL', 13],
  ['UnavailableError', 'UNAVAILABLE', 14],
  ['DataLossError', 'DATA_LOSS', 15],
  ['UnauthenticatedError', 'UNAUTHENTICATED', 16],
];

const BY_NAME: Readonly<Record<string, unknown>> = { ...errors };

type ErrorClass = new (message: string, init?: errors.ErrorInit) => errors.CodedError;

test('every code of TensorFlow has its class', () => {
  for (const [name, code, number] of CLASSES) {
    const error = new (BY_NAME[name] as ErrorClass)('text', { node: 'save/RestoreV2' });
    assert.ok(error instanceof errors.OpError && error instanceof Error);
    assert.equal(error.name, name);
    assert.equal(error.code, code);
    assert.equal(error.codeNumber, number);
    assert.equal(error.node, 'save/RestoreV2');
    assert.equal(BY_NAME[code], number);
  }
});

test('errors of the engine get class, place and node', () => {
  const raw = { code: 15, message: 'm', node: 'n', file: 'f', tensor: 't', offset: 8, length: 4 };
  const error = fromEngine(raw, 'hint') as errors.DataLossError;
  assert.ok(error instanceof errors.DataLossError);
  assert.deepEqual(error.details, { file: 'f', tensor: 't', offset: 8, length: 4 });
  assert.equal(error.hint, 'hint');
  assert.equal(error.message, 'm');
  const bare = { ...raw, node: '', file: '', tensor: '', offset: 0, length: 0 };
  assert.ok(fromEngine({ ...bare, code: 64 }) instanceof errors.ValueError);
  assert.ok(fromEngine({ ...bare, code: 65 }) instanceof TypeError);
  assert.ok(fromEngine({ ...bare, code: 66 }) instanceof errors.RuntimeError);
  assert.ok(fromEngine({ ...bare, code: 67 }) instanceof errors.LookupError);
  assert.ok(fromEngine({ ...bare, code: 99 }) instanceof errors.InternalError);
});

test('errno becomes TensorFlow’s code and the text of strerror', () => {
  const facts: [string, string, string][] = [
    ['ENOENT', 'NOT_FOUND', 'No such file or directory'],
    ['EACCES', 'PERMISSION_DENIED', 'Permission denied'],
    ['EROFS', 'PERMISSION_DENIED', 'Read-only file system'],
    ['EEXIST', 'ALREADY_EXISTS', 'File exists'],
    ['EISDIR', 'FAILED_PRECONDITION', 'Is a directory'],
    ['ENOTDIR', 'FAILED_PRECONDITION', 'Not a directory'],
    ['ENAMETOOLONG', 'INVALID_ARGUMENT', 'File name too long'],
    ['ENOSPC', 'RESOURCE_EXHAUSTED', 'No space left on device'],
    ['EMFILE', 'RESOURCE_EXHAUSTED', 'Too many open files'],
  ];
  for (const [errno, code, text] of facts) {
    const original = Object.assign(new Error(`${errno}: whatever Node says`), { code: errno });
    const error = fromHost(original, '/d/model.ckpt.index') as errors.OpError;
    assert.equal(error.code, code);
    assert.equal(error.message, `/d/model.ckpt.index; ${text}`);
    assert.equal(error.cause, original);
    assert.equal(error.details.file, '/d/model.ckpt.index');
  }
});

test('DOM exceptions become TensorFlow’s codes', () => {
  const facts: [string, string][] = [
    ['NotFoundError', 'NOT_FOUND'],
    ['NotAllowedError', 'PERMISSION_DENIED'],
    ['SecurityError', 'PERMISSION_DENIED'],
    ['QuotaExceededError', 'RESOURCE_EXHAUSTED'],
    ['TypeMismatchError', 'FAILED_PRECONDITION'],
    ['NotReadableError', 'FAILED_PRECONDITION'],
  ];
  for (const [name, code] of facts) {
    const error = fromHost(new DOMException('text', name), 'f') as errors.OpError;
    assert.equal(error.code, code);
    assert.ok(error.message.startsWith('f; '));
  }
  assert.match(
    (fromHost(new DOMException('', 'QuotaExceededError'), 'f') as errors.OpError).hint!,
    /untouched/,
  );
});

test('a request that reached nothing is UNAVAILABLE', () => {
  const error = fromHost(new TypeError('fetch failed'), 'https://x/y', { network: true });
  assert.equal((error as errors.OpError).code, 'UNAVAILABLE');
});

test('a signal’s own reason and our own errors pass unchanged', () => {
  const reason = { why: 'closed the tab' };
  const signal = AbortSignal.abort(reason);
  assert.equal(fromHost(new Error('x'), 'f', { signal }), reason);
  const ours = new errors.DataLossError('x');
  assert.equal(fromHost(ours, 'f'), ours);
});

test('errors survive postMessage with class, text and place', () => {
  const error = new errors.DataLossError('text', {
    node: 'n',
    hint: 'h',
    details: { file: 'f', offset: 3, length: 1 },
  });
  const copy = errors.errorFromJSON(structuredClone(error.toJSON()));
  assert.ok(copy instanceof errors.DataLossError);
  assert.deepEqual(copy.toJSON(), error.toJSON());
  assert.equal(copy.hint, 'h');
  const unknown = { name: 'X', code: 'FUTURE', message: 'm' } as unknown as errors.ErrorJSON;
  assert.ok(errors.errorFromJSON(unknown) instanceof errors.UnknownError);
});

test('a status is quoted in TensorFlow’s words', () => {
  assert.equal(new errors.DataLossError('x').status, 'Data loss: x');
  assert.equal(new errors.InvalidArgumentError('x').status, 'Invalid argument: x');
});
