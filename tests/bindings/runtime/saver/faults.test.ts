// Storage that fails at each call in turn: in memory, in Node's file system (call by call of node:fs) and in IndexedDB
// (request by request, in an imitation of it; tests/web/faults.test.ts has the real ones).

import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import fs, { mkdtemp, open, rm } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as tf from 'tensorbundle';
import { IndexedDbStorage } from '#dist/storage/indexeddb.js';
import { everyFault, FAULT_CASES, faultyMemory, type Injector } from './fault-cases.js';
import { failingRequests } from './fault-indexeddb.js';

let folder = '';
before(async () => {
  await tf.ready();
  tf.setLogHandler(null);
  folder = await mkdtemp(join(tmpdir(), 'tensorbundle-faults-'));
  tf.registerStorage(new IndexedDbStorage());
});
after(() => rm(folder, { recursive: true, force: true }));

for (const name of FAULT_CASES) {
  for (const lies of [false, true]) {
    const how = lies ? 'that did what it says it could not' : 'that does nothing';
    test(`${name}: a storage in memory ${how}`, async () => {
      const injector = faultyMemory(tf, `faulty-${name.toLowerCase()}-${lies ? 1 : 0}`, lies);
      assert.ok((await everyFault(tf, injector, name)) >= 3);
    });
  }
  test(`${name}: any call of the file system`, async () => {
    assert.ok((await everyFault(tf, await failingCalls(false), name)) >= 5);
  });
  if (name === 'savedOver') continue; // 0005: on a file system a death between two renames can mix the two
  test(`${name}: a process that dies at any call of the file system`, async () => {
    assert.ok((await everyFault(tf, await failingCalls(true), name)) >= 5);
  });
}
for (const name of FAULT_CASES) {
  test(`${name}: any request of IndexedDB`, async () => {
    assert.ok((await everyFault(tf, failingRequests('indexeddb://'), name)) >= 5);
  });
}

/** Counts the calls of node:fs that change something, and fails one; with `dies` also all that follow. */
async function failingCalls(dies: boolean): Promise<Injector> {
  const handle = await open(join(folder, 'prototype'), 'w');
  const handles = Object.getPrototypeOf(handle) as Record<string, unknown>;
  await handle.close();
  const originals: [target: Record<string, unknown>, name: string, original: unknown][] = [
    ...['link', 'mkdir', 'open', 'rename', 'rm', 'rmdir'].map(
      (name) => [fs as never, name, fs[name as 'link']] as [never, string, unknown],
    ),
    ...['write', 'sync'].map((name) => [handles, name, handles[name]] as [never, string, unknown]),
  ];
  let left = 0;
  let dead = false;
  return {
    root: `${folder}/`,
    dies,
    arm: (n) => {
      left = n;
      for (const [target, name, original] of originals) {
        target[name] = async function (this: unknown, ...args: unknown[]): Promise<unknown> {
          if ((left > 0 && --left === 0) || dead) {
            dead = dies;
            throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
          }
          return (original as (...all: unknown[]) => unknown).apply(this, args);
        };
      }
      syncBuiltinESMExports();
    },
    disarm: () => {
      for (const [target, name, original] of originals) target[name] = original;
      syncBuiltinESMExports();
      const struck = left === 0;
      left = 0;
      dead = false;
      return struck;
    },
  };
}
