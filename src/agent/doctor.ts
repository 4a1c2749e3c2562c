/** What works on this machine and why something does not. */
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type KernelProbeReport, probeKernel } from '../producers/kernel/probe.ts';

export interface DoctorCheck {
  readonly name: string;
  /** `warn`: the product works without it, with less. */
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  readonly hint?: string;
}

export interface DoctorReport {
  /** The mode that `run` and `trace` would have here; `off` when neither would work. */
  readonly mode: 'kernel' | 'audit' | 'off';
  readonly checks: readonly DoctorCheck[];
}

const MIN_NODE_MAJOR = 22;

export interface DoctorPlaces {
  readonly stateFolder: string;
  readonly socketPath: string;
}

export function examine(places: DoctorPlaces): DoctorReport {
  const kernel = probeKernel();
  const essential = [checkPlatform(), checkNode(), checkStateFolder(places.stateFolder)];
  const kernelChecks = checkKernel(kernel);
  const checks = [...essential, ...kernelChecks, checkSocket(places.socketPath)];
  const usable = essential.every((check) => check.status !== 'fail');
  const observes = kernelChecks.every((check) => check.status === 'ok');
  return { mode: !usable ? 'off' : observes ? 'kernel' : 'audit', checks };
}

function checkPlatform(): DoctorCheck {
  if (process.platform === 'linux') {
    return { name: 'platform', status: 'ok', detail: `linux ${process.arch}` };
  }
  return {
    name: 'platform',
    status: 'fail',
    detail: process.platform,
    hint: 'mcp-observer runs on Linux.',
  };
}

function checkNode(): DoctorCheck {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= MIN_NODE_MAJOR) return { name: 'node', status: 'ok', detail: process.version };
  return {
    name: 'node',
    status: 'fail',
    detail: process.version,
    hint: `Needs Node ${MIN_NODE_MAJOR} or later.`,
  };
}

function checkStateFolder(folder: string): DoctorCheck {
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  try {
    accessSync(existing, constants.W_OK);
    return { name: 'state folder', status: 'ok', detail: folder };
  } catch {
    return {
      name: 'state folder',
      status: 'fail',
      detail: `${folder} cannot be written`,
      hint: 'Set MCP_OBSERVER_STATE_DIR to a folder of yours.',
    };
  }
}

function checkSocket(path: string): DoctorCheck {
  const there = existsSync(path);
  return {
    name: 'agent socket',
    status: 'ok',
    detail: there ? `${path} (an agent is there)` : `${path} (no agent runs)`,
  };
}

function checkKernel(report: KernelProbeReport): DoctorCheck[] {
  const { capabilities } = report;
  const mayLoad = capabilities.sysAdmin || (capabilities.bpf && capabilities.perfmon);
  const checks: DoctorCheck[] = [
    report.btf
      ? { name: 'kernel', status: 'ok', detail: `${report.kernelRelease}, BTF` }
      : {
          name: 'kernel',
          status: 'warn',
          detail: `${report.kernelRelease}, no BTF`,
          hint: 'Needs a kernel built with CONFIG_DEBUG_INFO_BTF; without it only calls are recorded.',
        },
    report.addon.ok
      ? { name: 'addon', status: 'ok', detail: 'loads' }
      : {
          name: 'addon',
          status: 'warn',
          detail: report.addon.error ?? 'does not load',
          hint: 'Build it with "npm run setup" (needs g++, clang, libbpf-dev, bpftool).',
        },
    mayLoad
      ? { name: 'privilege', status: 'ok', detail: 'CAP_BPF and CAP_PERFMON' }
      : {
          name: 'privilege',
          status: 'warn',
          detail: 'CAP_BPF and CAP_PERFMON are missing',
          hint: 'Run as root, or with these two capabilities; without them only calls are recorded.',
        },
  ];
  if (!report.initialPidNamespace) {
    checks.push({
      name: 'pid namespace',
      status: 'warn',
      detail: 'not the initial one: the kernel counts processes differently than is seen from here',
      hint: 'Run the agent on the host, or in a container that shares its pid namespace.',
    });
  }
  if (!report.addon.ok || !mayLoad || !report.btf) return checks;
  if (report.programs.length === 0) {
    checks.push({
      name: 'probes',
      status: 'warn',
      detail: 'none could be tried',
      hint: 'Run "npm run setup".',
    });
  }
  for (const program of report.programs) {
    checks.push(
      program.ok
        ? { name: `probe ${program.name}`, status: 'ok', detail: 'loads' }
        : {
            name: `probe ${program.name}`,
            status: 'warn',
            detail: program.error ?? 'is refused by the kernel',
            hint: 'Please report it with the kernel release.',
          },
    );
  }
  return checks;
}
