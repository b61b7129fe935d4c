// Set-up reads the machine's package sources in both of their formats (sources.list(5)).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneLiners, stanzas } from '#tools/apt.mjs';

test('one-line entries, with and without options', () => {
  const text = `# deb http://commented.example/ out main
deb http://deb.example/debian bookworm main contrib
deb-src http://deb.example/debian bookworm main
  deb [ arch=amd64,arm64 signed-by=/a.gpg,/b.asc trusted=yes ] https://other.example/x stable main
`;
  assert.deepEqual(oneLiners(text), [
    { uri: 'http://deb.example/debian', suites: ['bookworm'], options: [] },
    {
      uri: 'https://other.example/x',
      suites: ['stable'],
      options: ['Signed-By: /a.gpg /b.asc', 'Trusted: yes'],
    },
  ]);
});

test('deb822 stanzas: several addresses, a key written out, disabled and source entries', () => {
  const text = `Types: deb deb-src
# a comment
URIs: http://deb.example/debian/
 http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF

Types: deb
Enabled: no
URIs: http://off.example/
Suites: x

Types: deb-src
URIs: http://source.example/
Suites: y
`;
  const suites = ['bookworm', 'bookworm-updates'];
  const options = ['Signed-By: \n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBF'];
  assert.deepEqual(stanzas(text), [
    { uri: 'http://deb.example/debian/', suites, options },
    { uri: 'http://mirror.example/debian', suites, options },
  ]);
});
