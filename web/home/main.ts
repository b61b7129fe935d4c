/// The first page: all of it is static but the switches in the header.

import '../shared/theme.css';
import '../shared/site.css';
import '../shared/bytes.css';
import './home.css';
import { startPage } from '../shared/controls.js';

startPage('home.title');
