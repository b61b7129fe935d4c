/// The tensors as a table that draws only what is in sight: a hundred rows of a million.

import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { formatBytes } from '../shared/format.js';
import { t } from '../shared/i18n.js';
import { Icon } from '../shared/icons.js';
import { damaged, filter, look, lookAt, rows, sortKey } from './state.js';
import type { Row } from './worker/protocol.js';

/** In CSS pixels; table.css has the same. */
const ROW_HEIGHT = 36;
const OVERSCAN = 12;
/** Browsers draw nothing below some 17 million pixels; what lies beyond is found by the filter. */
const MAX_ROWS = 400_000;

/** `[2, 3]`, or what else there is to say. */
export function shapeText({ shape, slices }: Row): string {
  const text = shape.length === 0 ? '[]' : `[${shape.join(', ')}]`;
  return slices > 0 ? `${text} · ${t('inspector.slices', { n: slices })}` : text;
}

function RowView({ row }: { row: Row }): VNode {
  const wrong = row.problem ?? damaged.value.get(row.name);
  return (
    <tr aria-selected={look.value?.row === row} data-bad={wrong !== undefined}>
      <td class="row-name">
        <button type="button" title={wrong ?? row.name} onClick={() => void lookAt(row)}>
          {wrong !== undefined && <Icon name="alert" />}
          {row.name}
        </button>
      </td>
      <td class="row-dtype">{row.dtype}</td>
      <td class="row-shape">{shapeText(row)}</td>
      <td class="row-bytes">{formatBytes(row.bytes)}</td>
    </tr>
  );
}

/** Stands for the rows above or below those in sight. */
function Space({ count }: { count: number }): VNode | null {
  if (count <= 0) return null;
  return (
    <tr class="table-gap">
      <td colSpan={4} class="table-space" style={{ height: `${count * ROW_HEIGHT}px` }} />
    </tr>
  );
}

/** The table of `rows`. */
export function TensorTable(): VNode {
  const box = useRef<HTMLElement>(null);
  const range = useSignal({ top: 0, height: 600 });
  const all = rows.value;
  const shown = Math.min(all.length, MAX_ROWS);
  const measure = () => {
    const { scrollTop = 0, clientHeight = 600 } = box.current ?? {};
    range.value = { top: scrollTop, height: clientHeight };
  };
  // A new filter or order begins at the top.
  const order = `${filter.value} ${sortKey.value}`;
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = 0;
    measure();
  }, [order]);
  const { top, height } = range.value;
  const first = Math.min(shown, Math.max(0, Math.floor(top / ROW_HEIGHT) - OVERSCAN));
  const last = Math.min(shown, Math.ceil((top + height) / ROW_HEIGHT) + OVERSCAN);
  return (
    <section
      class="table-box"
      ref={box}
      onScroll={measure}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      aria-label={t('inspector.tensors')}
    >
      <table aria-rowcount={all.length + 1}>
        <thead>
          <tr>
            <th scope="col">{t('inspector.name')}</th>
            <th scope="col">{t('inspector.dtype')}</th>
            <th scope="col">{t('inspector.shape')}</th>
            <th scope="col" class="row-bytes">
              {t('inspector.bytes')}
            </th>
          </tr>
        </thead>
        <tbody>
          <Space count={first} />
          {all.slice(first, last).map((row) => (
            <RowView key={row.name} row={row} />
          ))}
          <Space count={shown - last} />
        </tbody>
      </table>
      {all.length === 0 && <p class="table-empty">{t('inspector.nothing')}</p>}
    </section>
  );
}
