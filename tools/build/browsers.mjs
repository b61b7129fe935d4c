// Where the browsers are that the tests drive.
import { accessSync, constants, existsSync, openSync, readSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const KINDS = {
  chromium: {
    variable: 'CHROMIUM',
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'],
  },
  firefox: { variable: 'FIREFOX', names: ['firefox-esr', 'firefox'] },
};

/**
 * The program of a browser, or undefined. The variables CHROMIUM and FIREFOX come first, then the PATH.
 * @param {'chromium' | 'firefox'} kind
 */
export function findBrowser(kind) {
  const { variable, names } = KINDS[kind];
  const named = process.env[variable];
  if (named) return named;
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/snap/bin'];
  for (const name of names) {
    for (const folder of folders) {
      const file = join(folder, name);
      if (isProgram(file) && !isSnapStub(file)) return file;
    }
  }
  return undefined;
}

/** What a person can do about a missing browser. */
export function browserAdvice(kind) {
  const { variable } = KINDS[kind];
  const packages = kind === 'chromium' ? 'chromium' : 'firefox-esr';
  return (
    `No ${kind === 'chromium' ? 'Chromium or Chrome' : 'Firefox'} found. ` +
    `Debian: apt-get install ${packages}. Ubuntu: snap install ${kind}, or the vendor's own .deb. ` +
    `Elsewhere: set ${variable}=/path/to/the/program.`
  );
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Ubuntu's packages hold a script that only asks for a snap. */
function isSnapStub(file) {
  const head = Buffer.alloc(4096);
  const length = readSync(openSync(file, 'r'), head, 0, head.length, 0);
  const text = head.toString('latin1', 0, length);
  const snap = /\/snap\/bin\/[a-z-]+/.exec(text);
  return text.startsWith('#!') && snap !== null && !existsSync(snap[0]);
}
