// Makes the digits that the package ships from digits.csv.gz of scikit-learn 1.2.1 (bindings/js/digits/README.md):
//   node tools/digits/make.mjs digits.csv.gz
// A line of the CSV is an image of 8 x 8 pixels of 0 to 16, row by row, and its class.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ROOT } from '../build/run.mjs';

const CSV_SHA256 = '46abec6b12486ad9e51943373abcf22bbea1b5a51a1619b361570d8893f1464a';
const SIDE = 8;
const MAX_PIXEL = 16;
/** The last images are the test set: other hands than those of the first. */
const NUM_TEST = 300;

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('Which digits.csv.gz?');
const csv = readFileSync(path);
if (createHash('sha256').update(csv).digest('hex') !== CSV_SHA256) {
  throw new Error(`${path} is not the file of scikit-learn 1.2.1`);
}
const rows = gunzipSync(csv)
  .toString('latin1')
  .trim()
  .split('\n')
  .map((line) => line.split(',').map(Number));

write('train', rows.slice(0, -NUM_TEST));
write('t10k', rows.slice(-NUM_TEST));

function write(name, examples) {
  const pixels = examples.flatMap((row) =>
    row.slice(0, -1).map((value) => Math.round((value * 255) / MAX_PIXEL)),
  );
  const labels = examples.map((row) => row.at(-1));
  save(`${name}-images-idx3-ubyte`, idx([examples.length, SIDE, SIDE], pixels));
  save(`${name}-labels-idx1-ubyte`, idx([examples.length], labels));
}

/** Unsigned bytes (type 8) as an IDX file: 00 00 08 rank, the dimensions in big-endian, the elements. */
function idx(shape, elements) {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  for (const [i, dim] of shape.entries()) header.writeUInt32BE(dim, 4 + 4 * i);
  return Buffer.concat([header, Uint8Array.from(elements)]);
}

function save(name, bytes) {
  writeFileSync(join(ROOT, 'bindings/js/digits', `${name}.gz`), gzipSync(bytes, { level: 9 }));
  const digest = createHash('sha256').update(bytes).digest('hex');
  console.log(`${name}  ${bytes.length} bytes  sha256 ${digest}`);
}
