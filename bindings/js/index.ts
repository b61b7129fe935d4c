/// The types of the package where no host is known; package.json maps the code to index.node or index.web.

export * from './index.web.js';
