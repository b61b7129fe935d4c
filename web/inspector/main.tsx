/// The inspector's page: drop a checkpoint, see what is in it.

import '../shared/theme.css';
import '../shared/site.css';
import './inspector.css';
import './table.css';
import { render } from 'preact';
import { startPage } from '../shared/controls.js';
import { Inspector } from './inspector.js';
import { findStored, openSource } from './state.js';

startPage('inspector.title');
render(<Inspector />, document.querySelector('[data-inspector]')!);

const path = new URLSearchParams(location.search).get('open');
if (path === null) void findStored();
else void openSource({ kind: 'path', path });
