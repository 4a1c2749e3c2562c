import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findDebianMirror } from './debian-root.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcp-observer-test-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cases: [string, Record<string, string>, string | undefined][] = [
  ['nothing', {}, undefined],
  ['a line', { 'sources.list': 'deb http://a.example/debian sid main\n' }, 'http://a.example/debian'],
  [
    'a line with options, after a comment',
    {
      'sources.list':
        '# deb http://no.example/debian sid main\ndeb [arch=amd64] http://a.example/debian/ sid main\n',
    },
    'http://a.example/debian/',
  ],
  [
    'a stanza',
    { 'sources.list.d/debian.sources': 'Types: deb\nURIs: https://a.example/x/debian\nSuites: sid\n' },
    'https://a.example/x/debian',
  ],
  [
    'security updates, another vendor, then the archive',
    {
      'sources.list.d/a.sources': 'Types: deb\nURIs: http://a.example/debian-security\nSuites: sid\n',
      'sources.list.d/b.list': 'deb http://b.example/vendor stable main\n',
      'sources.list.d/c.list': 'deb http://c.example/debian sid main\n',
    },
    'http://c.example/debian',
  ],
  ['another distribution', { 'sources.list': 'deb http://a.example/ubuntu noble main\n' }, undefined],
];

it.each(cases)('finds the Debian archive: %s', (_, files, expected) => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  expect(findDebianMirror(folder)).toBe(expected);
});
