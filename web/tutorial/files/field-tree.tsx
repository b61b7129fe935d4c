/// What the bytes mean, as an ARIA tree: arrows move, right opens, left closes, as in a file manager.

import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../shared/i18n.js';
import { type FieldNode, pathTo } from './fields.js';

export interface FieldTreeProps {
  readonly fields: readonly FieldNode[];
  readonly picked: number | undefined;
  readonly active: number | undefined;
  onHover(position: number | undefined): void;
  onPick(position: number): void;
}

/** What a field is called, in the reader's language where the page knows it. */
export function fieldName(field: FieldNode): string {
  return field.name ? t(field.name) : field.label;
}

/** Its value, likewise. */
export function fieldValue(field: FieldNode): string {
  return field.word ? t(field.word) : field.value;
}

/** Closed from the start: below an entry there is more than fits. */
function closedAtFirst(fields: readonly FieldNode[]): ReadonlySet<number> {
  const roots = fields.filter((field) => field.depth === 0 && field.hasChildren);
  const closed = fields.filter((field) => field.hasChildren && field.depth >= 1);
  // Of several top blocks the first shows how it goes on.
  return new Set([...roots.slice(1), ...closed].map((field) => field.position));
}

export function FieldTree({ fields, picked, active, onHover, onPick }: FieldTreeProps): VNode {
  const place = useRef<HTMLDivElement>(null);
  const closed = useSignal(closedAtFirst(fields));
  const visible = fields.filter((field) =>
    pathTo(fields, field.parent).every((ancestor) => !closed.value.has(ancestor)),
  );
  const current = visible.find((field) => field.position === picked) ?? visible[0];

  const setClosed = (position: number, close: boolean) => {
    const next = new Set(closed.value);
    if (close) next.add(position);
    else next.delete(position);
    closed.value = next;
  };

  // A byte was picked: open the way to its field and bring it into view.
  useEffect(() => {
    if (picked === undefined) return;
    const ancestors = pathTo(fields, fields[picked]?.parent ?? -1);
    if (ancestors.some((ancestor) => closed.value.has(ancestor))) {
      closed.value = new Set([...closed.value].filter((position) => !ancestors.includes(position)));
    }
    requestAnimationFrame(() => {
      const box = place.current;
      const item = box?.querySelector<HTMLElement>(`[data-field="${picked}"]`);
      if (!box || !item) return;
      // Scrolls the list alone: scrollIntoView would move the page as well.
      const above = box.getBoundingClientRect().top - item.getBoundingClientRect().top;
      const below = item.getBoundingClientRect().bottom - box.getBoundingClientRect().bottom;
      if (above > 0) box.scrollTop -= Math.ceil(above);
      else if (below > 0) box.scrollTop += Math.ceil(below);
    });
  }, [picked, fields, closed]);

  const go = (position: number | undefined) => {
    if (position === undefined) return;
    onPick(position);
    place.current
      ?.querySelector<HTMLElement>(`[data-field="${position}"]`)
      ?.focus({ preventScroll: true });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (!current) return;
    const at = visible.indexOf(current);
    const isClosed = closed.value.has(current.position);
    const actions: Record<string, () => void> = {
      ArrowDown: () => go(visible[at + 1]?.position),
      ArrowUp: () => go(visible[at - 1]?.position),
      Home: () => go(visible[0]?.position),
      End: () => go(visible.at(-1)?.position),
      ArrowRight: () => {
        if (current.hasChildren && isClosed) setClosed(current.position, false);
        else if (current.hasChildren) go(visible[at + 1]?.position);
      },
      ArrowLeft: () => {
        if (current.hasChildren && !isClosed) setClosed(current.position, true);
        else if (current.parent >= 0) go(current.parent);
      },
      Enter: () => onPick(current.position),
      ' ': () => onPick(current.position),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };

  return (
    <div
      class="tree"
      role="tree"
      ref={place}
      aria-label={t('files.tree')}
      onKeyDown={onKeyDown}
      onPointerLeave={() => onHover(undefined)}
    >
      {visible.map((field) => {
        const isClosed = closed.value.has(field.position);
        const end = field.offset + field.length - 1;
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of all its items.
          <div
            key={field.position}
            class={`tree-item hue-${field.hue}${active === field.position ? ' lit' : ''}`}
            role="treeitem"
            data-field={field.position}
            tabIndex={field === current ? 0 : -1}
            aria-level={field.depth + 1}
            aria-selected={picked === field.position}
            {...(field.hasChildren ? { 'aria-expanded': !isClosed } : {})}
            style={{ '--depth': field.depth }}
            onPointerEnter={(event) => event.pointerType === 'mouse' && onHover(field.position)}
            onClick={() => {
              if (field.hasChildren && (isClosed || picked === field.position)) {
                setClosed(field.position, !isClosed);
              }
              onPick(field.position);
            }}
          >
            <span class="tree-twist" aria-hidden="true" />
            <span class="tree-swatch" aria-hidden="true" />
            <span class="tree-name">{fieldName(field)}</span>
            <span class="tree-value">{fieldValue(field)}</span>
            <span class="tree-range" aria-hidden="true">
              {field.length > 1 ? `${field.offset}–${end}` : field.offset}
            </span>
          </div>
        );
      })}
    </div>
  );
}
