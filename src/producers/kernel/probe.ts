/** What of the kernel observer works on this machine, for people. Nothing is attached. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { release } from 'node:os';
import { BPF_OBJECT_PATH, loadAddon, type NativeAddon, type ProgramProbe } from './addon.ts';

/** The process's effective capabilities that matter here. */
export interface ProcessCapabilities {
  readonly bpf: boolean;
  readonly perfmon: boolean;
  /** Stands for the two above on kernels before 5.8. */
  readonly sysAdmin: boolean;
  /** For reading other users' processes in /proc. */
  readonly sysPtrace: boolean;
  readonly dacReadSearch: boolean;
}

export interface KernelProbeReport {
  readonly kernelRelease: string;
  readonly btf: boolean;
  /** False inside a container with its own pids: the kernel's pids are then not those seen here. */
  readonly initialPidNamespace: boolean;
  readonly capabilities: ProcessCapabilities;
  readonly addon: { readonly ok: boolean; readonly error?: string };
  /** Every program, tried on its own; empty where none could be tried. */
  readonly programs: readonly ProgramProbe[];
}

const CAPABILITY_BIT = { dacReadSearch: 2n, sysPtrace: 19n, sysAdmin: 21n, perfmon: 38n, bpf: 39n } as const;
/** Inode number of the initial pid namespace, fixed in the kernel (PROC_PID_INIT_INO). */
const INITIAL_PID_NAMESPACE = 0xeffffffc;

/** `status`: the text of /proc/self/status. */
export function parseCapabilities(status: string): ProcessCapabilities {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  const has = (name: keyof typeof CAPABILITY_BIT) => ((effective >> CAPABILITY_BIT[name]) & 1n) === 1n;
  return {
    bpf: has('bpf'),
    perfmon: has('perfmon'),
    sysAdmin: has('sysAdmin'),
    sysPtrace: has('sysPtrace'),
    dacReadSearch: has('dacReadSearch'),
  };
}

function isInitialPidNamespace(): boolean {
  try {
    return statSync('/proc/self/ns/pid').ino === INITIAL_PID_NAMESPACE;
  } catch {
    return false;
  }
}

function tryPrograms(addon: NativeAddon): readonly ProgramProbe[] {
  try {
    return addon.probe(BPF_OBJECT_PATH);
  } catch {
    return [];
  }
}

export function probeKernel(): KernelProbeReport {
  let addon: NativeAddon | undefined;
  let error: string | undefined;
  try {
    addon = loadAddon();
    if (!existsSync(BPF_OBJECT_PATH)) error = `${BPF_OBJECT_PATH} is not built`;
  } catch (cause) {
    error = cause instanceof Error ? cause.message : String(cause);
  }
  const usable = addon !== undefined && error === undefined;
  return {
    kernelRelease: release(),
    btf: existsSync('/sys/kernel/btf/vmlinux'),
    initialPidNamespace: isInitialPidNamespace(),
    capabilities: parseCapabilities(readFileSync('/proc/self/status', 'utf8')),
    addon: error === undefined ? { ok: true } : { ok: false, error },
    programs: usable ? tryPrograms(addon!) : [],
  };
}
