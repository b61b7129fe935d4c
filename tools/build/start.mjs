// npm start: sets up what is missing, builds what changed, serves the pages on this machine. PORT chooses the port.
import { buildAll } from './build.mjs';
import { serveSomewhere } from './serve.mjs';
import { setUp } from './setup.mjs';

try {
  await setUp(['build']);
  await buildAll();
  const { url } = await serveSomewhere({ mounts: { '/': 'build/site' } });
  console.log(`\ntensorbundle is at ${url}\n             and ${url}tutorial/\nCtrl-C ends it.`);
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
