/// A program of the lesson: its text, which becomes an editor when touched, Run, and what it printed.

import { effect } from '@preact/signals';
import { render, type VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { formatDuration } from '../shared/format.js';
import { t } from '../shared/i18n.js';
import { Icon } from '../shared/icons.js';
import { CellState, type Output } from './cell-state.js';
import type { Editor } from './editor.js';
import { warmUp } from './engine.js';
import { CourseView } from './progress/chart.js';

const KEYS = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘ ↵' : 'Ctrl ↵';

function Bar({ cell, onReset }: { cell: CellState; onReset: () => void }): VNode {
  const edited = cell.text.value !== cell.original;
  return (
    <>
      <span class="cell-name">{cell.file}</span>
      {edited && (
        <button
          type="button"
          class="quiet-button cell-reset"
          onClick={onReset}
          title={t('cell.reset')}
        >
          <Icon name="undo" />
          <span>{t('cell.reset')}</span>
        </button>
      )}
      <span class="cell-spacer" />
      <span class="cell-keys" aria-hidden="true">
        {KEYS}
      </span>
      {cell.busy ? (
        <button type="button" class="run-button stop" onClick={() => cell.stop()}>
          <Icon name="stop" />
          {t('cell.stop')}
        </button>
      ) : (
        <button
          type="button"
          class="run-button"
          onClick={() => void cell.run()}
          onPointerEnter={warmUp}
        >
          <Icon name="play" />
          {t('cell.run')}
        </button>
      )}
    </>
  );
}

function ProblemView({ problem }: { problem: Extract<Output, { kind: 'problem' }> }): VNode {
  return (
    <div class="problem">
      <p class="problem-head">
        <Icon name="alert" />
        <strong>{problem.name}</strong>
        {problem.line !== undefined && (
          <span class="problem-line">{t('cell.line', { n: problem.line })}</span>
        )}
      </p>
      <pre>{problem.message}</pre>
      {problem.hint && (
        <p class="problem-hint">
          <Icon name="bulb" />
          <span>
            <strong>{t('cell.hint')}</strong> {problem.hint}
          </span>
        </p>
      )}
    </div>
  );
}

function StatusLine({ cell }: { cell: CellState }): VNode | null {
  const status = cell.status.value;
  switch (status.kind) {
    case 'idle':
      return null;
    case 'starting':
    case 'running':
      return (
        <p class="cell-status busy">
          <span class="spinner" />
          {t(`cell.${status.kind}`)}
        </p>
      );
    case 'done':
    case 'failed':
      return (
        <p class={`cell-status ${status.kind}`}>
          <Icon name={status.kind === 'done' ? 'check' : 'alert'} />
          {t(`cell.${status.kind}`, { time: formatDuration(status.ms) })}
        </p>
      );
    case 'stopped':
      return (
        <p class="cell-status">
          <Icon name="stop" />
          {t('cell.stopped')}
        </p>
      );
    case 'unavailable':
      return (
        <p class="cell-status failed">
          <Icon name="alert" />
          {t('cell.workerFailed', { message: status.message })}
        </p>
      );
  }
}

function OutputView({ cell }: { cell: CellState }): VNode {
  const output = cell.output.value;
  const lines = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    // What was printed last is what one waits for.
    if (output.length > 0 && lines.current) lines.current.scrollTop = lines.current.scrollHeight;
  }, [output]);
  const silent = cell.status.value.kind === 'done' && output.length === 0;
  return (
    <>
      {cell.course.value && <CourseView course={cell.course.value} busy={cell.busy} />}
      <div role="log" aria-live="polite">
        {output.length > 0 && (
          <section
            class="cell-lines"
            ref={lines}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
            tabIndex={0}
            aria-label={t('cell.output', { name: cell.file })}
          >
            {output.map((item, i) =>
              item.kind === 'line' ? (
                <pre key={i} class={`line ${item.level}`}>
                  {item.text || ' '}
                </pre>
              ) : (
                <ProblemView key={i} problem={item} />
              ),
            )}
          </section>
        )}
        {silent && <p class="cell-lines cell-silent">{t('cell.empty')}</p>}
        <StatusLine cell={cell} />
      </div>
    </>
  );
}

/** Turns the static text in `place` into an editor at the first touch, once. */
function makeEditable(place: HTMLElement, cell: CellState): (text: string) => void {
  const staticText = place.querySelector('pre')!;
  let editor: Editor | undefined;
  let loading: Promise<void> | undefined;
  let point: { x: number; y: number } | undefined;
  const load = () => {
    loading ??= import('./editor.js').then(({ createEditor }) => {
      const hadFocus = staticText.contains(document.activeElement);
      editor = createEditor({
        parent: place,
        text: cell.text.value,
        label: t('cell.editor', { name: cell.file }),
        onChange: (text) => cell.edit(text),
        onRun: () => void cell.run(),
      });
      if (hadFocus) editor.focus(point);
      effect(() => editor?.relabel(t('cell.editor', { name: cell.file })));
    });
    return loading;
  };
  staticText.addEventListener('pointerdown', (event) => {
    point = { x: event.clientX, y: event.clientY };
  });
  staticText.addEventListener('focus', () => void load());
  effect(() => staticText.setAttribute('aria-label', t('cell.label', { name: cell.file })));
  staticText.setAttribute('role', 'textbox');
  staticText.setAttribute('aria-multiline', 'true');
  if (cell.text.value !== cell.original) {
    staticText.textContent = cell.text.value;
    void load();
  }
  return (text) => {
    if (editor) editor.replace(text);
    else staticText.textContent = text;
  };
}

/** Brings a static cell to life. */
export function startCell(figure: HTMLElement, onEnd: () => void): CellState {
  const code = figure.querySelector<HTMLElement>('.cell-code')!;
  const original = code.textContent!.trim();
  const { cell: name, file } = figure.dataset;
  const cell = new CellState({ name: name!, file: file!, original, onEnd });
  const replace = makeEditable(code, cell);
  const onReset = () => {
    replace(original);
    cell.edit(original);
  };
  const bar = figure.querySelector('.cell-bar')!;
  bar.replaceChildren();
  render(<Bar cell={cell} onReset={onReset} />, bar);
  render(<OutputView cell={cell} />, figure.querySelector('.cell-output')!);
  return cell;
}
