/** The repository as the contract tests read it. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export const readText = (path: string) => readFileSync(join(root, path), 'utf8');

/** Paths of the files that are committed or would be, sorted, relative to the root. */
export function repositoryFiles(): string[] {
  const output = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  const paths = new Set(output.split('\0').filter((path) => path !== '' && existsSync(join(root, path))));
  return [...paths].sort();
}

/** The text without its comments, roughly: enough to look for code. */
export function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
