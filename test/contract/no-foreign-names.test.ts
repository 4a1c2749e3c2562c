import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryFiles, root } from './repository.ts';

/** Joined here, so that this file does not contain what it looks for. */
const joined = (...parts: string[]) => parts.join('');

/** Hosts that packages are fetched from, and places outside the repository. */
const FOREIGN: readonly [string, RegExp][] = [
  ['a package registry', new RegExp(joined('registry', '\\.', '(npm', 'js|yarn', 'pkg)\\.'), 'i')],
  [
    'a package registry',
    new RegExp(
      joined('(npm', 'mir', 'ror|jf', 'rog|art', 'ifactory|py', 'pi', '\\.org|python', 'hosted)'),
      'i',
    ),
  ],
  ['a package mirror', new RegExp(joined('(deb|security|archive|ports)\\.(deb', 'ian|ubu', 'ntu)\\.'), 'i')],
  ['a module proxy', new RegExp(joined('proxy\\.go', 'lang|crates', '\\.io'), 'i')],
  ['a folder of one machine', new RegExp(joined('(^|[^\\w.])/wo', 'rk/'), 'm')],
  ['a folder beside the repository', new RegExp(joined('\\.\\./sha', 'red'))],
];

const isText = (content: Buffer) => !content.subarray(0, 8192).includes(0);

const foreignNames = (text: string) =>
  FOREIGN.filter(([, pattern]) => pattern.test(text)).map(([what]) => what);

describe('committed files', () => {
  it('name no registry and no place outside the repository', () => {
    const faults = repositoryFiles().flatMap((path) => {
      const content = readFileSync(join(root, path));
      return isText(content) ? foreignNames(content.toString()).map((what) => `${path}: ${what}`) : [];
    });
    expect(faults).toEqual([]);
  });

  it.each([
    ['a registry', joined('"resolved": "https://reg', 'istry.npm', 'js.org/a.tgz"')],
    ['a machine folder', joined("cd '/wo", "rk/main'")],
    ['a neighbour folder', joined('see ../sha', 'red/notes')],
  ])('would notice %s', (_, text) => {
    expect(foreignNames(text)).toHaveLength(1);
  });
});
