/// Bytes in rows, coloured by field. A picture for the pointer; the tree beside it says the same to all.

import { useSignal } from '@preact/signals';
import { Component, type VNode } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { formatCount, hexByte } from '../../shared/format.js';
import { t } from '../../shared/i18n.js';
import { type FieldNode, fieldOfByte } from './fields.js';

const FIRST_BYTES = 2048;
const WIDE = 16;
const NARROW = 8;
/** Below this width sixteen columns and their text do not fit. */
const WIDE_FROM_PX = 470;

interface RowProps {
  readonly bytes: Uint8Array;
  readonly owner: Int32Array;
  readonly fields: readonly FieldNode[];
  readonly from: number;
  readonly columns: number;
  /** Bytes from here on are not shown. */
  readonly limit: number;
  /** The highlighted bytes of this row, both 0 if there are none. */
  readonly start: number;
  readonly end: number;
}

function printable(byte: number): string {
  return byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
}

function renderRow({ bytes, owner, fields, from, columns, limit, start, end }: RowProps): VNode {
  const groupOf = (byte: number) => fields[owner[byte] ?? -1]?.group;
  const cells: VNode[] = [];
  const text: VNode[] = [];
  for (let i = from; i < Math.min(from + columns, limit); i += 1) {
    const field = owner[i]!;
    const hue = fields[field]?.hue ?? 'none';
    const lit = i >= start && i < end;
    const group = groupOf(i);
    const first = i === from || groupOf(i - 1) !== group;
    const last = i === from + columns - 1 || groupOf(i + 1) !== group;
    const name = `hue-${hue}${lit ? ' lit' : ''}${first ? ' first' : ''}${last ? ' last' : ''}`;
    const zero = bytes[i] === 0 && hue === 'none' ? ' zero' : '';
    cells.push(
      <span key={i} class={`byte ${name}${zero}`} data-byte={i}>
        {hexByte(bytes[i]!)}
      </span>,
    );
    text.push(
      <span key={i} class={`char hue-${hue}${lit ? ' lit' : ''}`} data-byte={i}>
        {printable(bytes[i]!)}
      </span>,
    );
  }
  return (
    <div class="hex-row">
      <span class="hex-offset">{from.toString(16).padStart(4, '0')}</span>
      <span class="hex-bytes" style={{ gridTemplateColumns: `repeat(${columns}, 1fr)` }}>
        {cells}
      </span>
      <span class="hex-text">{text}</span>
    </div>
  );
}

/** Renders only when its own bytes change: a pointer that moves touches two rows, not all. */
class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    const names = ['bytes', 'owner', 'from', 'columns', 'limit', 'start', 'end'] as const;
    return names.some((name) => next[name] !== this.props[name]);
  }

  override render(): VNode {
    return renderRow(this.props);
  }
}

export interface HexViewProps {
  readonly bytes: Uint8Array;
  readonly fields: readonly FieldNode[];
  readonly active: FieldNode | undefined;
  onHover(position: number | undefined): void;
  onPick(position: number): void;
}

export function HexView({ bytes, fields, active, onHover, onPick }: HexViewProps): VNode {
  const place = useRef<HTMLDivElement>(null);
  const columns = useSignal(WIDE);
  const limit = useSignal(FIRST_BYTES);
  const owner = useMemo(() => fieldOfByte(fields, bytes.length), [fields, bytes]);

  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      columns.value = (entry?.contentRect.width ?? 0) >= WIDE_FROM_PX ? WIDE : NARROW;
    });
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, [columns]);

  const fieldAt = (event: Event): number | undefined => {
    const byte = (event.target as HTMLElement).dataset.byte;
    const position = byte === undefined ? -1 : (owner[Number(byte)] ?? -1);
    return position >= 0 ? position : undefined;
  };

  const shown = Math.min(bytes.length, limit.value);
  const rows: VNode[] = [];
  const activeStart = active?.offset ?? 0;
  const activeEnd = activeStart + (active?.length ?? 0);
  for (let from = 0; from < shown; from += columns.value) {
    const start = Math.max(activeStart, from);
    const end = Math.min(activeEnd, from + columns.value);
    const touched = end > start;
    rows.push(
      <Row
        key={from}
        bytes={bytes}
        owner={owner}
        fields={fields}
        from={from}
        columns={columns.value}
        limit={shown}
        start={touched ? start : 0}
        end={touched ? end : 0}
      />,
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a picture for the pointer; the tree serves the keyboard.
    // biome-ignore lint/a11y/useKeyWithClickEvents: likewise.
    <div
      class="hex"
      ref={place}
      onPointerOver={(event) => event.pointerType === 'mouse' && onHover(fieldAt(event))}
      onPointerLeave={() => onHover(undefined)}
      onClick={(event) => {
        const position = fieldAt(event);
        if (position !== undefined) onPick(position);
      }}
    >
      <div class="hex-rows" aria-hidden="true">
        {rows}
      </div>
      {shown < bytes.length && (
        <p class="hex-more">
          {t('files.more', { n: formatCount(bytes.length - shown) })}
          <button type="button" class="quiet-button" onClick={() => (limit.value *= 4)}>
            {t('files.showMore')}
          </button>
        </p>
      )}
    </div>
  );
}
