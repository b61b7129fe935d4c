// npm run build: everything that dist/ and build/site hold. Each step is a module that also runs alone.
import { buildPackage } from './package.mjs';
import { reportSize } from './size.mjs';
import { buildWasm } from './wasm.mjs';

const STEPS = [
  ['engine', () => buildWasm()],
  ['package', () => buildPackage()],
  ['size', () => reportSize()],
];

for (const [name, step] of STEPS) {
  console.log(`-- ${name}`);
  await step();
}
