/** The rules' lists, macros and thresholds as the repository's own values have them. */
import { join } from 'node:path';
import { GENERATED_FILE, generateRules } from '../../src/rules/generate.ts';
import { readValues } from '../../src/rules/values.ts';

export function rulesOfValues(root: string): { path: string; text: string } {
  return {
    path: `rules/generated/${GENERATED_FILE}`,
    text: generateRules(readValues([join(root, 'config/values.yaml')]), ['values.yaml']),
  };
}
