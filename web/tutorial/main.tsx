/// The lesson's page: static text, and on it cells that run and the panel of files.

import '../shared/theme.css';
import '../shared/site.css';
import '../shared/bytes.css';
import './tutorial.css';
import './cell.css';
import './files/files.css';
import './files/hex.css';
import './progress/chart.css';
import { render } from 'preact';
import { startPage } from '../shared/controls.js';
import { startCell } from './cell.js';
import { startContents } from './contents.js';
import { warmUp } from './engine.js';
import { FilesPanel, StorageNote } from './files/panel.js';
import { refresh } from './files/state.js';

startPage('lesson.title');
startContents();

const cells = [...document.querySelectorAll<HTMLElement>('[data-cell]')].map((figure) =>
  startCell(figure, () => void refresh()),
);
for (const place of document.querySelectorAll('[data-files]')) {
  render(<FilesPanel first={cells[0]} />, place);
}
for (const place of document.querySelectorAll('[data-storage-note]')) {
  render(<StorageNote />, place);
}

// The text is there and the buttons work; the engine may come when the page has nothing to do.
const whenIdle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 200));
whenIdle(() => {
  void refresh();
  warmUp();
});
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void refresh();
});
