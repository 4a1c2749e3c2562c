/**
 * Compares the alerts of Falco with those of `mcp-observer rules eval` over the same records.
 *
 * Usage: node scripts/falco/compare-alerts.ts FALCO_ALERTS EVAL_ALERTS
 *   both files: one alert a line, as JSON (Falco: json_output and file_output)
 * Exit status: 0 the same alerts in the same order, 1 they differ, 64 wrong usage, 66 a file is unusable
 */
import { readFileSync } from 'node:fs';
import { parseAlerts } from './parse-alerts.ts';

const MAX_SHOWN = 20;

/** What differs, one line each; empty where nothing does. */
export function compareAlerts(falco: string, ours: string): string[] {
  const [theirs, own] = [parseAlerts(falco, 'Falco'), parseAlerts(ours, 'rules eval')];
  const differences: string[] = [];
  for (let i = 0; i < Math.max(theirs.length, own.length); i++) {
    const [a, b] = [theirs[i], own[i]];
    if (a === undefined || b === undefined) {
      const only = a === undefined ? 'rules eval' : 'Falco';
      differences.push(`alert ${i + 1}: only from ${only}: ${(a ?? b)!.rule}`);
      continue;
    }
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      if (a[key] === b[key]) continue;
      differences.push(`alert ${i + 1} (${a.rule}): ${key}: Falco ${a[key]}, rules eval ${b[key]}`);
    }
  }
  return differences;
}

function main(args: readonly string[]): number {
  const [falco, ours, ...rest] = args;
  if (falco === undefined || ours === undefined || rest.length > 0) {
    console.error('Usage: node scripts/falco/compare-alerts.ts FALCO_ALERTS EVAL_ALERTS');
    return 64;
  }
  let differences: string[];
  let count: number;
  try {
    const text = readFileSync(falco, 'utf8');
    count = parseAlerts(text, falco).length;
    differences = compareAlerts(text, readFileSync(ours, 'utf8'));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 66;
  }
  for (const difference of differences.slice(0, MAX_SHOWN)) console.log(difference);
  if (differences.length > MAX_SHOWN) console.log(`and ${differences.length - MAX_SHOWN} more`);
  // No alert on either side would say nothing about the two.
  if (count === 0) console.log('Falco made no alert');
  else if (differences.length === 0) console.log(`the same ${count} alerts`);
  return differences.length === 0 && count > 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
