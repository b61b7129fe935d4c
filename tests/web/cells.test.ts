// The programs of the lesson are ordinary modules: Node runs the very files that the page shows.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './support/browser.js';

const CELLS = join(ROOT, 'web/tutorial/cells');

/** Runs a cell in `folder` and returns what it printed, without TensorFlow's log lines. */
function runCell(file: string, folder: string): string {
  const output = execFileSync(process.execPath, [join(CELLS, file)], {
    cwd: folder,
    encoding: 'utf8',
  });
  return output.replace(/^INFO:tensorflow:.*\n/gm, '');
}

test('in Node the second program prints what the first one saved', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cells-'));
  try {
    const saved = runCell('01-save.js', folder);
    assert.match(saved, /^Weights:\n\[\[.*\]\nBias:\n\[.*\]\n$/s);
    assert.deepEqual(readdirSync(folder).sort(), [
      'checkpoint',
      'model.ckpt.data-00000-of-00001',
      'model.ckpt.index',
      'model.ckpt.meta',
    ]);
    assert.equal(runCell('02-restore.js', folder), saved);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
