import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readText, repositoryFiles, withoutComments } from './repository.ts';

/** Folders of src by floor; a file imports only from lower floors and from its own folder. */
const FLOORS: Readonly<Record<string, number>> = {
  base: 0,
  record: 1,
  jsonrpc: 2,
  producers: 3,
  correlate: 3,
  sinks: 3,
  rules: 3,
  report: 3,
  agent: 4,
  gateway: 4,
  testserver: 4,
  cli: 5,
};

const { dependencies, optionalDependencies, devDependencies } = JSON.parse(readText('package.json')) as {
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

/** The unit that may not know its neighbours: a folder of src, for producers one level deeper. */
function unitOf(path: string): string {
  const [, folder, sub] = path.split('/');
  return folder === 'producers' ? `producers/${sub}` : (folder ?? '');
}

const floorOf = (unit: string) => FLOORS[unit.split('/')[0] ?? ''];

const STATIC_IMPORTS = [
  /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^\s*import\s*['"]([^'"]+)['"]/gm,
];
const DYNAMIC_IMPORT = /\b(?:import|require)\s*\(\s*['"]([^'"]+)['"]/g;

function packageFault(name: string, dynamic: boolean): string | undefined {
  if (name in dependencies || (dynamic && name in optionalDependencies)) return undefined;
  if (name in optionalDependencies) return `imports the optional package ${name} statically`;
  return name in devDependencies
    ? `imports the dev dependency ${name}`
    : `imports the unknown package ${name}`;
}

function importFault(path: string, specifier: string, dynamic: boolean): string | undefined {
  if (specifier.startsWith('node:')) return undefined;
  if (!specifier.startsWith('.')) {
    const parts = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1);
    return packageFault(parts.join('/'), dynamic);
  }
  const from = unitOf(path);
  const target = posix.join(posix.dirname(path), specifier);
  if (!target.startsWith('src/')) return `imports ${target}, outside src`;
  const to = unitOf(target);
  if (from === to) return undefined;
  const [fromFloor, toFloor] = [floorOf(from), floorOf(to)];
  if (toFloor === undefined) return `imports the unknown folder ${to}`;
  return fromFloor !== undefined && fromFloor > toFloor ? undefined : `${from} imports ${to}`;
}

/** Each loads one of its own. */
const ADDON_UNITS = ['producers/kernel', 'producers/wrap'];
const LOADS_ADDON = /\bprocess\.dlopen\b|\.node['"`]|build\/Release/;

/** What a source does that its place does not allow. */
function faultsOf(path: string, source: string): string[] {
  const code = withoutComments(source);
  const unit = unitOf(path);
  const matches = (pattern: RegExp) => [...code.matchAll(pattern)].map((match) => match[1]!);
  const faults = [
    ...STATIC_IMPORTS.flatMap(matches).map((specifier) => importFault(path, specifier, false)),
    ...matches(DYNAMIC_IMPORT).map((specifier) => importFault(path, specifier, true)),
  ];
  if (floorOf(unit) === undefined) faults.push(`the folder ${unit} has no floor`);
  if (!ADDON_UNITS.includes(unit) && LOADS_ADDON.test(code)) {
    faults.push('loads an addon');
  }
  const own = /\bprocess\.(argv|env|exit|exitCode)\b/.exec(code)?.[1];
  if (unit !== 'cli' && (own || /from ['"](node:)?process['"]/.test(code))) {
    faults.push(`uses process.${own ?? '*'}`);
  }
  return faults.flatMap((fault) => (fault === undefined ? [] : [`${path}: ${fault}`]));
}

describe('floors of src', () => {
  const sources = repositoryFiles().filter((path) => /^src\/.*\.[cm]?[jt]s$/.test(path));

  it('are kept by every source', () => {
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.flatMap((path) => faultsOf(path, readText(path)))).toEqual([]);
  });

  it.each([
    ['a higher floor', 'src/base/a.ts', "import { a } from '../record/a.ts';"],
    ['a higher floor, over several lines', 'src/record/a.ts', "import type {\n  A,\n} from '../agent/a.ts';"],
    ['a neighbour', 'src/correlate/a.ts', "export * from '../sinks/a.ts';"],
    ['another producer', 'src/producers/wrap/a.ts', "import '../kernel/a.ts';"],
    ['a dynamic import of a higher floor', 'src/agent/a.ts', "await import('../cli/a.ts');"],
    ['an unknown folder', 'src/misc/a.ts', 'export const a = 1;'],
    ['a path outside src', 'src/cli/a.ts', "import a from '../../test/a.ts';"],
    ['a dev dependency', 'src/cli/a.ts', "import { test } from 'vitest';"],
    [
      'a static import of an optional package',
      'src/agent/a.ts',
      "import a from '@modelcontextprotocol/sdk/a.js';",
    ],
    ['an addon', 'src/agent/a.ts', "const load = createRequire(import.meta.url)('./x.node');"],
    ['the environment', 'src/agent/a.ts', 'const home = process.env.HOME;'],
    ['the exit code', 'src/sinks/a.ts', 'process.exitCode = 1;'],
    ['process as a module', 'src/sinks/a.ts', "import { env } from 'node:process';"],
  ])('would notice %s', (_, path, source) => {
    expect(faultsOf(path, source)).toHaveLength(1);
  });

  it.each([
    ['a lower floor', 'src/agent/a.ts', "import { a } from '../record/a.ts';"],
    ['the same folder', 'src/correlate/a.ts', "import { a } from './b.ts';"],
    [
      'the addon, where it belongs',
      'src/producers/kernel/a.ts',
      "createRequire(import.meta.url)('./x.node');",
    ],
    ['an optional package, dynamically', 'src/agent/a.ts', "await import('@modelcontextprotocol/sdk/a.js');"],
    ['resolving', 'src/agent/a.ts', "createRequire(import.meta.url).resolve('a/package.json');"],
    ['a comment', 'src/base/a.ts', '/** Reads no process.env. */'],
    ['a dependency', 'src/base/a.ts', "import { pino } from 'pino';"],
  ])('allow %s', (_, path, source) => {
    expect(faultsOf(path, source)).toEqual([]);
  });
});
