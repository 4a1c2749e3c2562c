/** Reads and checks the rule files, and starts the thread that evaluates them. */
import { join } from 'node:path';
import { InlineRules } from '../agent/inline-rules.ts';
import { ObserverError } from '../base/errors.ts';
import { loadRuleSet, type RuleSource } from '../rules/rule-set.ts';
import { parseWebhookUrl } from '../sinks/alert-webhook.ts';
import { type InlineRulesSetting, type RuleCliOptions, STDOUT_ALERTS } from './rule-options.ts';
import { readRuleSources } from './rule-sources.ts';
import { VERSION } from './version.ts';

const MAX_PROBLEMS_SHOWN = 5;

/** @throws ObserverError USAGE, RULES_INVALID */
export function openInlineRules(
  options: RuleCliOptions & { readonly rules: readonly string[] },
  setting: InlineRulesSetting,
): InlineRules {
  const { alerts, alertsUrl } = options;
  const webhook = alertsUrl === undefined ? undefined : parseWebhookUrl(alertsUrl, '--alerts-url');
  const sources = readRuleSources(options.rules);
  check(sources);
  const file = alerts ?? (webhook === undefined ? join(setting.stateFolder, 'alerts.jsonl') : undefined);
  return new InlineRules({
    data: {
      sources,
      alerts: { webhook, ...(file === STDOUT_ALERTS ? { stdout: true } : { file }) },
      userAgent: `mcp-observer/${VERSION}`,
    },
    onLoss: setting.onLoss,
    onTrouble: setting.onTrouble,
  });
}

function check(sources: readonly RuleSource[]): void {
  const { problems } = loadRuleSet(sources);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  const lines = errors
    .slice(0, MAX_PROBLEMS_SHOWN)
    .map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
  if (errors.length > lines.length) lines.push(`and ${errors.length - lines.length} more`);
  throw new ObserverError('RULES_INVALID', lines.join('\n'));
}
