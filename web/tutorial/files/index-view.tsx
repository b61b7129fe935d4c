/// An index file: its bytes, their meaning, and between them the sentence about the chosen field.

import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { type MessageKey, t } from '../../shared/i18n.js';
import { FieldTree, fieldName, fieldValue } from './field-tree.js';
import { type FieldNode, pathTo } from './fields.js';
import { HexView } from './hex-view.js';

function byteRange(field: FieldNode): string {
  const to = field.offset + field.length - 1;
  return field.length > 1
    ? t('files.bytes', { from: field.offset, to })
    : t('files.byte', { from: field.offset });
}

function Explanation({
  fields,
  active,
}: {
  fields: readonly FieldNode[];
  active: FieldNode | undefined;
}): VNode {
  if (!active) return <p class="explanation idle">{t('files.pick')}</p>;
  const path = pathTo(fields, active.parent).map((position) => fieldName(fields[position]!));
  const help = active.name ? t(`${active.name}.help` as MessageKey) : '';
  return (
    <div class={`explanation hue-${active.hue}`}>
      <p class="explanation-path">{[...path, byteRange(active)].join(' › ')}</p>
      <p class="explanation-head">
        <span class="tree-swatch" aria-hidden="true" />
        <strong>{fieldName(active)}</strong>
        {active.value && <code>{fieldValue(active)}</code>}
      </p>
      {help && <p class="explanation-help">{help}</p>}
    </div>
  );
}

const LEGEND = ['key', 'type', 'place', 'crc', 'length', 'handle', 'magic'] as const;

/** What the colours stand for, of those that occur. */
function Legend({ fields }: { fields: readonly FieldNode[] }): VNode {
  const present = new Set(fields.map((field) => field.hue));
  return (
    <ul class="legend" aria-hidden="true">
      {LEGEND.filter((hue) => present.has(hue)).map((hue) => (
        <li key={hue} class={`hue-${hue}`}>
          <span class="swatch" />
          {t(`hue.${hue}`)}
        </li>
      ))}
    </ul>
  );
}

export interface IndexViewProps {
  readonly bytes: Uint8Array;
  readonly fields: readonly FieldNode[];
}

export function IndexView({ bytes, fields }: IndexViewProps): VNode {
  const hovered = useSignal<number | undefined>(undefined);
  const picked = useSignal<number | undefined>(undefined);
  const active = hovered.value ?? picked.value;
  const onHover = (position: number | undefined) => {
    hovered.value = position;
  };
  const onPick = (position: number) => {
    picked.value = position;
  };
  const activeField = active === undefined ? undefined : fields[active];
  return (
    <div class="index-view">
      <div class="hex-pane">
        <HexView
          bytes={bytes}
          fields={fields}
          active={activeField}
          onHover={onHover}
          onPick={onPick}
        />
        <Legend fields={fields} />
      </div>
      <div class="meaning">
        <div aria-live="polite">
          <Explanation fields={fields} active={activeField} />
        </div>
        <FieldTree
          fields={fields}
          picked={picked.value}
          active={active}
          onHover={onHover}
          onPick={onPick}
        />
      </div>
    </div>
  );
}
