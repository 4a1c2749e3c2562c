/** `mcp-observer rules`: everything about rules that works without Falco. */
import type { Command } from 'commander';

/** @param isAsked whether its subcommands may be needed: what they load would burden the agent */
export async function addRulesCommand(program: Command, isAsked: boolean): Promise<void> {
  const rules = program
    .command('rules')
    .summary('check, run, test and generate rules without Falco')
    .description("Works on rule files in Falco's format for the source mcp_audit.");
  if (!isAsked) return;
  const [check, evaluate, test, generate] = await Promise.all([
    import('./rules-check.ts'),
    import('./rules-eval.ts'),
    import('./rules-test.ts'),
    import('./rules-generate.ts'),
  ]);
  check.addRulesCheckCommand(rules);
  evaluate.addRulesEvalCommand(rules);
  test.addRulesTestCommand(rules);
  generate.addRulesGenerateCommand(rules);
  for (const command of rules.commands) command.exitOverride();
}
