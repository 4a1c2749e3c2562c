#!/usr/bin/env node
/** The `mcp-observer` command: each subcommand is a file of its own, loaded when it is asked for. */
import './require-node.ts';
import { Command, CommanderError } from 'commander';
import { addDemoCommand } from './demo.ts';
import { addDoctorCommand } from './doctor.ts';
import { endWithError } from './end-with-error.ts';
import { addRulesCommand } from './rules.ts';
import { addRunCommand } from './run.ts';
import { addTraceCommand } from './trace.ts';
import { VERSION } from './version.ts';

const USAGE_EXIT = 64;

const program = new Command('mcp-observer')
  .description('Shows, call by call, what an MCP server did to the host while it answered an AI client.')
  .version(VERSION)
  .enablePositionalOptions()
  .showHelpAfterError('(see --help)')
  .addHelpText(
    'after',
    `
Examples:
  mcp-observer demo
  mcp-observer trace --out calls.jsonl -- npx -y @modelcontextprotocol/server-everything

Exit codes:
  0 done · 64 wrong usage · 65 wrong data · 66 a file cannot be read · 69 something needed is not there · 70 a fault of mcp-observer ·
  73 a file or socket cannot be made · 75 another agent runs · 77 a privilege is missing ·
  78 wrong configuration; "trace" ends as its server ends, "doctor" says its own in its help`,
  );

addTraceCommand(program);
addRunCommand(program);
addDoctorCommand(program);
addDemoCommand(program);
await addRulesCommand(program, process.argv.includes('rules'));
for (const command of [program, ...program.commands]) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE_EXIT;
  else endWithError('mcp-observer', error);
}
