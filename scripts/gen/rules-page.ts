/** The reference page of the shipped rules, from the rule files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface RuleItem {
  readonly rule?: string;
  readonly desc: string;
  readonly priority: string;
  readonly enabled?: boolean;
  readonly tags: readonly string[];
  readonly exceptions?: readonly { readonly name: string }[];
}

const FILES = ['rules/mcp_host.yaml', 'rules/mcp_baseline.yaml'];

export function rulesPage(root: string): string {
  const lines = [
    '# Rules',
    '',
    'Generated from the files in `rules/` by `npm run gen`; do not edit.',
    '',
    'Tags name the tactic and technique of MITRE ATT&CK, and the risk of the OWASP MCP Top 10 (2025). *Exceptions* can be appended to,',
    '[as the page of your own rules shows](../../rules/user/README.md). Lists and thresholds come from [values](../guides/values.md).',
  ];
  for (const file of FILES) {
    const items = parse(readFileSync(join(root, file), 'utf8')) as RuleItem[];
    lines.push(
      '',
      `## ${file}`,
      '',
      '| Rule | Priority | When | Tags | Exceptions |',
      '| --- | --- | --- | --- | --- |',
    );
    for (const { rule, desc, priority, enabled, tags, exceptions } of items) {
      if (rule === undefined) continue;
      const own = tags.filter((tag) => !tag.startsWith('mcp')).map((tag) => `\`${tag}\``);
      const names = (exceptions ?? []).map((exception) => `\`${exception.name}\``);
      const name = enabled === false ? `${rule} (off)` : rule;
      lines.push(
        `| ${[name, priority, desc.trim(), own.join(' '), names.join(' ')].map(cell).join(' | ')} |`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
