/** Reads and checks the rule files, and starts the thread that evaluates them. */
import { join } from 'node:path';
import { InlineRules } from '../agent/inline-rules.ts';
import { ObserverError } from '../base/errors.ts';
import { parseWebhookUrl } from '../sinks/alert-webhook.ts';
import { describeProblem, loadRuleSources, readYamlFiles, shippedRulePaths } from './rule-files.ts';
import { type InlineRulesSetting, type RuleCliOptions, STDOUT_ALERTS } from './rule-options.ts';
import { VERSION } from './version.ts';

/** @throws ObserverError USAGE, RULES_INVALID, INPUT_UNREADABLE */
export function openInlineRules(
  options: RuleCliOptions & { readonly rules: readonly string[] | true },
  setting: InlineRulesSetting,
): InlineRules {
  const { alerts, alertsUrl } = options;
  const webhook = alertsUrl === undefined ? undefined : parseWebhookUrl(alertsUrl, '--alerts-url');
  const paths = options.rules === true ? shippedRulePaths() : options.rules;
  const sources = readYamlFiles(paths);
  const { rules } = loadRuleSources(sources, true, (problem) => setting.onTrouble(describeProblem(problem)));
  if (rules.length === 0)
    throw new ObserverError('RULES_INVALID', `no rule for our records in ${paths.join(', ')}`);
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
