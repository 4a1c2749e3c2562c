/** `mcp-observer doctor`: what works on this machine. */
import type { Command } from 'commander';
import { type DoctorCheck, type DoctorReport, examine } from '../agent/doctor.ts';
import { statePaths } from './paths.ts';
import { terminalStyle } from './terminal-style.ts';

const EXIT_CODES = { kernel: 0, audit: 3, off: 1 } as const;

const MODES = {
  kernel: 'kernel: calls and their effects on the host',
  audit: 'audit: calls only, effects are not observed',
  off: 'off: nothing works here',
} as const;

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .summary('say what works on this machine and what does not')
    .description('Examines what observing needs: kernel, BTF, privilege, addon, each probe, folders.')
    .option('--json', 'print the report as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  sudo mcp-observer doctor
  mcp-observer doctor --json | jq .mode

Exit codes:
  0 kernel mode works · 3 only audit mode works · 1 neither works`,
    )
    .action((options: { json?: boolean }) => {
      const report = examine(statePaths());
      if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
      else process.stdout.write(`${render(report).join('\n')}\n`);
      process.exitCode = EXIT_CODES[report.mode];
    });
}

function render(report: DoctorReport): string[] {
  const style = terminalStyle(process.stdout);
  const marks = { ok: style.good('ok  '), warn: style.warn('no  '), fail: style.bad('FAIL') };
  const checks = joinProbes(report.checks);
  const width = Math.max(...checks.map((check) => check.name.length));
  const lines: string[] = [];
  for (const check of checks) {
    lines.push(`${marks[check.status]} ${check.name.padEnd(width)}  ${style.sanitize(check.detail)}`);
    if (check.hint !== undefined) lines.push(`${' '.repeat(width + 7)}${style.dim(check.hint)}`);
  }
  return [...lines, '', `mode here: ${style.bold(MODES[report.mode])}`];
}

/** Probes that load make one line; each that does not has its own. */
function joinProbes(checks: readonly DoctorCheck[]): DoctorCheck[] {
  const isGoodProbe = (check: DoctorCheck): boolean =>
    check.name.startsWith('probe ') && check.status === 'ok';
  const good = checks.filter(isGoodProbe).length;
  if (good === 0) return [...checks];
  const at = checks.findIndex(isGoodProbe);
  const joined: DoctorCheck = { name: 'probes', status: 'ok', detail: `${good} load` };
  return checks.flatMap((check, i) => (i === at ? [joined] : isGoodProbe(check) ? [] : [check]));
}
