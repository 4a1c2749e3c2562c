/** `mcp-observer rules`: everything about rules that works without Falco. */
import type { Command } from 'commander';
import { addRulesCheckCommand } from './rules-check.ts';
import { addRulesEvalCommand } from './rules-eval.ts';
import { addRulesGenerateCommand } from './rules-generate.ts';
import { addRulesTestCommand } from './rules-test.ts';

export function addRulesCommand(program: Command): void {
  const rules = program
    .command('rules')
    .summary('check, run, test and generate rules without Falco')
    .description("Works on rule files in Falco's format for the source mcp_audit.");
  addRulesCheckCommand(rules);
  addRulesEvalCommand(rules);
  addRulesTestCommand(rules);
  addRulesGenerateCommand(rules);
  for (const command of rules.commands) command.exitOverride();
}
