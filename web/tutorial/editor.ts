/// CodeMirror, loaded when a reader first touches a cell. Colours are the classes of the static text.

import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly label: string;
  onChange(text: string): void;
  onRun(): void;
}

export interface Editor {
  replace(text: string): void;
  relabel(label: string): void;
  /** Puts the cursor where the pointer was, or at the start. */
  focus(point?: { readonly x: number; readonly y: number }): void;
}

/** Replaces what is in `parent` by an editor. Tab is left to the page: it moves on. */
export function createEditor({ parent, text, label, onChange, onRun }: EditorOptions): Editor {
  const run = () => {
    onRun();
    return true;
  };
  const view = new EditorView({
    doc: text,
    extensions: [
      history(),
      drawSelection(),
      bracketMatching(),
      indentUnit.of('  '),
      EditorState.tabSize.of(2),
      javascript(),
      syntaxHighlighting(classHighlighter),
      keymap.of([
        { key: 'Mod-Enter', preventDefault: true, run },
        { key: 'Ctrl-Enter', preventDefault: true, run },
        ...defaultKeymap,
        ...historyKeymap,
      ]),
      EditorView.contentAttributes.of({ spellcheck: 'false', autocapitalize: 'off' }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onChange(update.state.doc.toString());
      }),
    ],
  });
  view.contentDOM.setAttribute('aria-label', label);
  parent.replaceChildren(view.dom);
  return {
    replace(next) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
    },
    relabel(next) {
      view.contentDOM.setAttribute('aria-label', next);
    },
    focus(point) {
      const anchor = (point && view.posAtCoords(point)) ?? 0;
      view.dispatch({ selection: { anchor } });
      view.focus();
    },
  };
}
