#!/usr/bin/env node
/** `mcp-audit-wrap`: runs an MCP server behind a relay that records its calls. */
import './require-node.ts';
import { ObserverError } from '../base/errors.ts';
import { keepHeapSmall } from './small-heap.ts';
import { writeStderr } from './stderr-line.ts';
import { HELP, parseWrapArguments } from './wrap-arguments.ts';

try {
  const parsed = parseWrapArguments(process.argv.slice(2), process.env);
  if ('show' in parsed) {
    process.stdout.write(parsed.show === 'help' ? HELP : `${(await import('./version.ts')).VERSION}\n`);
  } else if (!parsed.run.enabled) {
    const { runUnwrapped } = await import('./run-unwrapped.ts');
    await runUnwrapped(parsed.run.command, parsed.run.args);
  } else {
    keepHeapSmall();
    const { wrapSession } = await import('./wrap-session.ts');
    await wrapSession(parsed.run);
  }
} catch (error) {
  const known =
    error instanceof ObserverError
      ? error
      : new ObserverError('INTERNAL', error instanceof Error ? error.message : 'unknown fault');
  writeStderr(`mcp-audit-wrap: ${known.code}: ${known.message}\n  ${known.hint}\n`);
  process.exit(known.exitCode);
}
