/** Options of `run` and `trace` that evaluate rules over the records while they are written. */
import type { Command } from 'commander';
import type { InlineRules } from '../agent/inline-rules.ts';
import { ObserverError } from '../base/errors.ts';

export interface RuleCliOptions {
  /** True: the shipped ones. */
  readonly rules?: readonly string[] | true;
  readonly alerts?: string;
  readonly alertsUrl?: string;
}

export interface InlineRulesSetting {
  readonly stateFolder: string;
  /** Standard output belongs to somebody else. */
  readonly stdoutIsTaken: boolean;
  readonly onLoss: (records: number) => void;
  readonly onTrouble: (message: string) => void;
}

export const STDOUT_ALERTS = 'stdout';

export function addRuleOptions(command: Command, stdoutIsTaken: boolean): Command {
  const where = stdoutIsTaken ? 'this file' : `this file, or "${STDOUT_ALERTS}"`;
  return command
    .option(
      '--rules [files...]',
      'evaluate these rule files, or folders of them, over the records (without a file: the shipped rules)',
    )
    .option(
      '--alerts <where>',
      `append alerts as JSON lines to ${where} (default: alerts.jsonl in the state folder, if no --alerts-url is given)`,
    )
    .option('--alerts-url <url>', 'post each alert as JSON to this http or https address');
}

/**
 * Undefined where no rules are asked for; what rules need is loaded only where they are.
 * @throws ObserverError USAGE, RULES_INVALID, INPUT_UNREADABLE
 */
export async function openRules(
  options: RuleCliOptions,
  setting: InlineRulesSetting,
): Promise<InlineRules | undefined> {
  const { rules, alerts, alertsUrl } = options;
  if (rules === undefined) {
    if (alerts === undefined && alertsUrl === undefined) return undefined;
    throw new ObserverError('USAGE', '--alerts and --alerts-url need --rules');
  }
  if (alerts === STDOUT_ALERTS && setting.stdoutIsTaken) {
    throw new ObserverError('USAGE', `--alerts ${STDOUT_ALERTS} is not possible: stdout is the server's`);
  }
  const { openInlineRules } = await import('./open-inline-rules.ts');
  return openInlineRules({ ...options, rules }, setting);
}

/** One line for the end. */
export function describeAlerts({ alerts, lostAlerts, lost }: InlineRules): string {
  const parts = [`alerts: ${alerts}`];
  if (lostAlerts > 0) parts.push(`not delivered: ${lostAlerts}`);
  if (lost > 0) parts.push(`records that were not evaluated: ${lost}`);
  return parts.join(', ');
}
