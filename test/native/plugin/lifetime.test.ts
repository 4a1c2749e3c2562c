import { execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readText } from '../../contract/repository.ts';
import { lines, provideBuild, temporaryFolder } from './harness.ts';

const execute = promisify(execFile);
const CHECKS = ['reinit', 'two-captures', 'foreign', 'broken', 'cycles'] as const;

function files(): string[] {
  const folder = temporaryFolder();
  const paths = [join(folder, 'a.jsonl'), join(folder, 'b.jsonl')];
  writeFileSync(paths[0]!, lines(0, 500));
  writeFileSync(paths[1]!, lines(1000, 500));
  return paths;
}

describe.each([await provideBuild('release'), await provideBuild('sanitized')])(
  'the plugin, $name',
  (build) => {
    it.each(CHECKS)('%s', async (check) => {
      await execute(build.programs.check_plugin, [build.plugin, check, ...files()]);
    });

    it('says what it is', async () => {
      const { stdout } = await execute(build.programs.check_plugin, [build.plugin, 'about']);
      const about = JSON.parse(stdout);
      const { properties } = JSON.parse(readText('docs/schema/mcp_audit_v1.json')) as {
        properties: Record<string, { 'x-falco': { type: string; list?: boolean }; description: string }>;
      };
      expect(about.version).toBe(JSON.parse(readText('package.json')).version);
      expect(about.sources).toEqual(['mcp_audit']);
      expect(about.open.length).toBeGreaterThan(3);
      expect(
        about.fields.map((field: { name: string; type: string; isList?: boolean }) => [
          field.name,
          field.type,
          field.isList ?? false,
        ]),
      ).toEqual(
        Object.entries(properties).map(([name, { 'x-falco': falco }]) => [
          `mcp.${name}`,
          falco.type,
          falco.list ?? false,
        ]),
      );
      for (const field of about.fields) expect(field.desc).not.toBe('');
    });
  },
);

function noValgrind(): string | undefined {
  if (spawnSync('valgrind', ['--version']).status === 0) return undefined;
  if (process.env.CI && process.getuid?.() === 0)
    throw new Error('valgrind is missing, and its tests may not be skipped here');
  console.log('skipped: valgrind is missing');
  return 'valgrind is missing';
}

describe.skipIf(noValgrind() !== undefined)('memory, as valgrind sees it', async () => {
  const build = await provideBuild('release');
  it.each(CHECKS)('%s leaves nothing behind', { timeout: 120_000 }, async (check) => {
    const valgrind = [
      '-q',
      '--error-exitcode=9',
      '--leak-check=full',
      '--show-leak-kinds=definite,indirect,possible',
    ];
    await execute('valgrind', [
      ...valgrind,
      '--errors-for-leak-kinds=definite,indirect,possible',
      build.programs.check_plugin,
      build.plugin,
      check,
      ...files(),
    ]);
  });
});
