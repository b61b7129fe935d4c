// Debian's and Ubuntu's package manager: installs packages where it may, and fetches source packages through a
// configuration of its own under build/apt, so that the system's lists, sources and keys stay as they are.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from './needs.mjs';
import { ROOT } from './run.mjs';

/** How commands run as root here: `[]` for root itself, undefined when there is no way without asking. */
export function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  if (program('sudo') === undefined) return undefined;
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0
    ? ['sudo', '-n']
    : undefined;
}

/** True iff the archive, as last listed, has a package of this name; true as well when nothing was ever listed. */
export function isKnown(name) {
  return shows(name) || !shows('clang');
}

function shows(name) {
  const { status, stdout } = spawnSync('apt-cache', ['show', '--no-all-versions', name], {
    encoding: 'utf8',
  });
  return status === 0 && stdout !== '';
}

/** The commands that a person would type. */
export function installCommands(packages) {
  return [
    'sudo apt-get update',
    `sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`,
  ];
}

/** Brings the system's lists up to date. One broken third-party entry does not matter: installing will tell. */
export async function updateLists(prefix, log) {
  await runLogged([...prefix, 'apt-get', 'update'], log);
}

/** Installs packages without a question. */
export async function installPackages(prefix, packages, log) {
  const environment = ['env', 'DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C.UTF-8'];
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  const status = await runLogged([...prefix, ...environment, ...command], log);
  if (status !== 0) throw new Error(`apt-get install failed; see ${log}\n${tail(log, 15)}`);
}

/**
 * Unpacks the source package `name` below `folder`. Which archive, suite and keys: those that `binary` (one of its
 * packages) came from.
 * @returns {Promise<boolean>} false when the archive does not give it
 */
export async function unpackSource(name, binary, folder, log) {
  const own = join(ROOT, 'build/apt');
  mkdirSync(join(own, 'lists/partial'), { recursive: true });
  mkdirSync(join(own, 'cache/archives/partial'), { recursive: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(own, 'sources.sources'), sourceEntries(binary));
  const options = {
    'Dir::Etc::sourcelist': join(own, 'sources.sources'),
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': join(own, 'lists'),
    'Dir::Cache': join(own, 'cache'),
    // Root may write here, the user that downloads otherwise run as may not.
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
  };
  const apt = [
    'apt-get',
    ...Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`]),
  ];
  const found =
    (await runLogged([...apt, 'update'], log)) === 0 &&
    (await runLogged([...apt, 'source', name], log, folder)) === 0;
  for (const file of readdirSync(folder)) {
    if (/\.(dsc|tar\.[a-z0-9]+|asc)$/.test(file)) rmSync(join(folder, file));
  }
  rmSync(own, { recursive: true, force: true });
  return found;
}

/** The deb-src form of every archive that has the package `binary`. */
function sourceEntries(binary) {
  const { stdout } = spawnSync('apt-cache', ['policy', binary], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const machine = machineEntries();
  const entries = new Map();
  for (const [, uri, suite, component] of stdout.matchAll(
    /^ +-?\d+ (\S+:\S+) (\S+?)\/(\S+) \S+ Packages$/gm,
  )) {
    const like = machine.find((entry) => sameUri(entry.uri, uri) && entry.suites.includes(suite));
    const lines = [
      'Types: deb-src',
      `URIs: ${uri}`,
      `Suites: ${suite}`,
      `Components: ${component}`,
    ];
    entries.set(lines.join('\n'), [...lines, ...(like?.options ?? [])].join('\n'));
  }
  return `${[...entries.values()].join('\n\n')}\n`;
}

/** The archives of the machine's configuration, in both of its formats, with the options that concern trust. */
function machineEntries() {
  const parts = '/etc/apt/sources.list.d';
  const files = [
    '/etc/apt/sources.list',
    ...(existsSync(parts) ? readdirSync(parts).map((file) => join(parts, file)) : []),
  ];
  return files
    .filter((file) => existsSync(file))
    .flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      if (file.endsWith('.sources')) return stanzas(text);
      return file.endsWith('.list') ? oneLiners(text) : [];
    });
}

/** `Types: deb`, `URIs: ...` and so on, an empty line between entries, continued lines indented. */
export function stanzas(text) {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = new Map();
    let last;
    for (const line of stanza.split('\n')) {
      if (line.startsWith('#')) continue;
      const match = /^([A-Za-z-]+):\s*(.*)$/.exec(line);
      if (match !== null) {
        last = match[1].toLowerCase();
        fields.set(last, match[2]);
      } else if (last !== undefined && /^\s/.test(line)) {
        fields.set(last, `${fields.get(last)}\n${line}`);
      }
    }
    const words = (name) => (fields.get(name) ?? '').split(/\s+/).filter(Boolean);
    if (!words('types').includes('deb') || fields.get('enabled') === 'no') return [];
    const options = [];
    if (fields.has('signed-by')) options.push(`Signed-By: ${fields.get('signed-by')}`);
    if (fields.has('trusted')) options.push(`Trusted: ${fields.get('trusted')}`);
    return words('uris').map((uri) => ({ uri, suites: words('suites'), options }));
  });
}

/** `deb [signed-by=/path trusted=yes] http://host/debian bookworm main` */
export function oneLiners(text) {
  return [...text.matchAll(/^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)/gm)].map(
    ([, given = '', uri, suite]) => {
      const options = [];
      for (const [, key, value] of given.matchAll(/(\S+?)=(\S+)/g)) {
        if (key.toLowerCase() === 'signed-by')
          options.push(`Signed-By: ${value.replaceAll(',', ' ')}`);
        if (key.toLowerCase() === 'trusted') options.push(`Trusted: ${value}`);
      }
      return { uri, suites: [suite], options };
    },
  );
}

function sameUri(a, b) {
  return a.replace(/\/+$/, '') === b.replace(/\/+$/, '');
}

/** Runs a command, its output into a file, a sign of life every ten seconds. Resolves to its status. */
function runLogged([command, ...args], log, cwd = ROOT) {
  return new Promise((done, fail) => {
    const started = Date.now();
    writeFileSync(log, `$ ${command} ${args.join(' ')}\n`, { flag: 'a' });
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let line = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        writeFileSync(log, text, { flag: 'a' });
        line = text.trimEnd().split('\n').at(-1) ?? line;
      });
    }
    const alive = setInterval(() => {
      console.log(`   ${Math.round((Date.now() - started) / 1000)} s  ${line.slice(0, 100)}`);
    }, 10_000);
    child.on('error', fail).on('close', (status) => {
      clearInterval(alive);
      done(status);
    });
    child.on('error', () => clearInterval(alive));
  });
}

function tail(file, lines) {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}
