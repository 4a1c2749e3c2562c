/** Rule files as the user names them. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ObserverError, systemErrorCode } from '../base/errors.ts';
import type { RuleSource } from '../rules/rule-set.ts';

/**
 * Reads files in their order; a folder stands for its .yaml and .yml files by name, as in Falco.
 * @throws ObserverError RULES_INVALID
 */
export function readRuleSources(paths: readonly string[]): RuleSource[] {
  const sources = paths
    .flatMap(expand)
    .map((path) => ({ path, text: attempt(path, () => readFileSync(path, 'utf8')) }));
  if (sources.length > 0) return sources;
  throw new ObserverError('RULES_INVALID', `there is no rule file in ${paths.join(', ')}`);
}

function expand(path: string): string[] {
  if (!attempt(path, () => statSync(path)).isDirectory()) return [path];
  return attempt(path, () => readdirSync(path))
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

function attempt<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new ObserverError('RULES_INVALID', `cannot read ${path}: ${systemErrorCode(cause) ?? 'error'}`, {
      cause,
    });
  }
}
