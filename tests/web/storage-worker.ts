// The storage contract in a worker: posts the errors of all cases.

import { indexedDbCases, runCase } from './storage-page.js';

const errors: string[] = [];
for (const { name } of indexedDbCases()) {
  const error = await runCase(name);
  if (error !== '') errors.push(`${name}: ${error}`);
}
postMessage(errors);
