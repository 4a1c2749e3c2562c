import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { provide } from '../../e2e/private-tools.ts';
import { debianUnavailableReason, unpackDebianRoot } from './debian-root.ts';
import { PLUGIN_PATH } from './sysdig.ts';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const ENTRY = 'usr/include/falcosecurity/plugin/plugin_api.h';

/** The public header of the plugin API, or why it can't be had here. */
async function provideHeader(): Promise<{ path: string; reason?: string | undefined }> {
  const reason = debianUnavailableReason();
  if (reason !== undefined) {
    console.log(`skipped: ${reason}`);
    return { path: '', reason };
  }
  return provide('falco-headers', 'libfalcosecurity0-dev of Debian trixie', ENTRY, (folder) =>
    unpackDebianRoot({
      folder,
      suite: 'trixie',
      packageName: 'libfalcosecurity0-dev',
      dependencies: false,
    }),
  );
}

const header = await provideHeader();

describe.skipIf(header.reason !== undefined)('the plugin API as the plugin declares it', () => {
  const compile = (...flags: string[]) =>
    execute('g++', [
      '-std=c++17',
      '-fsyntax-only',
      '-Wno-invalid-offsetof',
      `-I${dirname(dirname(header.path))}`,
      `-I${join(root, 'native/plugin')}`,
      ...flags,
      join(import.meta.dirname, 'abi-check.cc'),
    ]);

  it('has the sizes, offsets and values of the public header', async () => {
    await compile();
  });

  it('would be noticed to differ', async () => {
    await expect(compile('-DEXPECT_FAILURE')).rejects.toThrow('is elsewhere');
  });

  it('is all that the built plugin exports, and the required part is complete', async () => {
    const text = readFileSync(header.path, 'utf8').replace(/\/\/.*$/gm, '');
    const known = [...text.matchAll(/\(\s*\*\s*(\w+)\s*\)\s*\(/g)].map((match) => `plugin_${match[1]}`);
    const { stdout } = await execute('nm', ['-D', '--defined-only', '--format=posix', PLUGIN_PATH]);
    const exported = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/[@ ]/)[0]!)
      .filter((name) => /^[a-z_]/.test(name));
    expect(known).toContain('plugin_next_batch');
    expect(exported.filter((name) => !known.includes(name))).toEqual([]);
    const required = [
      'get_required_api_version',
      'get_version',
      'get_name',
      'get_description',
      'get_contact',
    ];
    const source = ['init', 'destroy', 'get_last_error', 'open', 'close', 'next_batch', 'get_id'];
    const extract = ['get_event_source', 'get_fields', 'extract_fields'];
    expect(exported).toEqual(
      expect.arrayContaining([...required, ...source, ...extract].map((name) => `plugin_${name}`)),
    );
  });
});
