/// The index file on the first page: the lesson's two variables as TensorFlow 1.15 writes them when
/// their values are 1 to 6 and 0.5, -1.5, 2.25.

import { bilingual } from '../../build/bilingual.js';
import { en } from '../../shared/messages.en.js';
import { zh } from '../../shared/messages.zh.js';

const BYTES = `
  00 00 06 08 01 1a 02 08 01 00 08 13 56 61 72 69
  61 62 6c 65 08 01 12 08 12 02 08 02 12 02 08 03
  28 18 35 7a eb f5 ab 08 02 11 5f 31 08 01 12 04
  12 02 08 03 20 18 28 0c 35 a0 4c fb 15 00 00 00
  00 01 00 00 00 00 0e da b7 8d 00 00 00 00 01 00
  00 00 00 c0 f2 a1 b0 00 01 02 57 00 45 00 00 00
  00 01 00 00 00 00 7f ab 21 05 4a 08 57 0e 00 00
  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
  00 00 57 fb 80 8b 24 75 47 db`
  .trim()
  .split(/\s+/);

const COLUMNS = 16;

type Hue = 'length' | 'key' | 'type' | 'place' | 'crc' | 'handle' | 'magic' | 'none';

/** How many bytes of which colour, from the first to the last. */
const RUNS: readonly (readonly [Hue, number])[] = [
  ...([
    ['length', 3],
    ['place', 2],
    ['type', 4],
  ] as const),
  ...([
    ['length', 3],
    ['key', 8],
    ['type', 12],
    ['place', 2],
    ['crc', 5],
  ] as const),
  ...([
    ['length', 3],
    ['key', 2],
    ['type', 8],
    ['place', 4],
    ['crc', 5],
  ] as const),
  ...([
    ['length', 9],
    ['crc', 4],
    ['length', 9],
    ['crc', 4],
  ] as const),
  ...([
    ['length', 3],
    ['key', 1],
    ['handle', 2],
    ['length', 9],
    ['crc', 4],
  ] as const),
  ...([
    ['handle', 4],
    ['none', 36],
    ['magic', 8],
  ] as const),
];

const LEGEND = ['key', 'type', 'place', 'crc', 'length', 'handle', 'magic'] as const;

function bytesHtml(): string {
  const hues = RUNS.flatMap(([hue, length], run) => Array.from({ length }, () => ({ hue, run })));
  if (hues.length !== BYTES.length)
    throw new Error(`${hues.length} colours for ${BYTES.length} bytes`);
  return BYTES.map((byte, i) => {
    const { hue, run } = hues[i]!;
    const first = i % COLUMNS === 0 || hues[i - 1]?.run !== run ? ' first' : '';
    const last = i % COLUMNS === COLUMNS - 1 || hues[i + 1]?.run !== run ? ' last' : '';
    const zero = hue === 'none' ? ' zero' : '';
    return `<span class="byte hue-${hue}${first}${last}${zero}">${byte}</span>`;
  }).join('');
}

/** The bytes and what the colours mean. */
export function specimenHtml(): string {
  const legend = LEGEND.map(
    (hue) =>
      `<li class="hue-${hue}"><span class="swatch"></span>${bilingual(en[`hue.${hue}`], zh[`hue.${hue}`])}</li>`,
  );
  return (
    '<figure class="specimen">\n' +
    '<figcaption><code>model.ckpt.index</code><span>{{home.specimen}}</span></figcaption>\n' +
    `<div class="specimen-bytes" aria-hidden="true">${bytesHtml()}</div>\n` +
    `<ul class="legend">${legend.join('')}</ul>\n</figure>\n`
  );
}
