/**
 * Every error that the product reports by itself: one class, one table. A code says what went
 * wrong, the table gives its exit status and what the reader can do. Codes are never reused.
 */
interface ErrorKind {
  /** Exit status of a command that ends with this error (sysexits.h where one fits). */
  readonly exitCode: number;
  readonly hint: string;
}

export const ERROR_KINDS = {
  USAGE: { exitCode: 64, hint: 'See --help.' },
  CONFIG_INVALID: { exitCode: 78, hint: 'Correct the named key, or remove it to get the default.' },
  SERVER_NOT_FOUND: {
    exitCode: 127,
    hint: 'Check the command after "--"; it is looked up in PATH like a shell would.',
  },
  SERVER_NOT_EXECUTABLE: { exitCode: 126, hint: 'Check the permissions of the command after "--".' },
  SINK_UNAVAILABLE: {
    exitCode: 73,
    hint: 'Check that the folder exists and is writable, or name another sink with --sink or --out.',
  },
  AGENT_UNREACHABLE: {
    exitCode: 69,
    hint: 'Start it with "mcp-observer run", or name its socket with --sink unix:PATH.',
  },
  AGENT_ALREADY_RUNNING: {
    exitCode: 75,
    hint: 'Another agent listens on this socket. Stop it, or name another one with --socket or --feed.',
  },
  SOCKET_UNAVAILABLE: {
    exitCode: 73,
    hint: 'Check the permissions of the folder that holds the socket, or name another one with --socket or --feed.',
  },
  KERNEL_NO_ADDON: {
    exitCode: 69,
    hint: 'Build it with "npm run setup" (needs g++, clang, libbpf-dev), or go on in audit mode.',
  },
  KERNEL_NO_BTF: {
    exitCode: 69,
    hint: 'Needs a kernel built with CONFIG_DEBUG_INFO_BTF (/sys/kernel/btf/vmlinux).',
  },
  KERNEL_NO_PRIVILEGE: {
    exitCode: 77,
    hint: 'Run as root, or give the process CAP_BPF and CAP_PERFMON.',
  },
  KERNEL_LOAD_FAILED: {
    exitCode: 69,
    hint: 'Run "mcp-observer doctor" to see which probe this kernel refuses.',
  },
  KERNEL_LAYOUT_MISMATCH: {
    exitCode: 70,
    hint: 'The addon and the BPF object are from different builds. Run "npm run setup".',
  },
  RECORD_INVALID: { exitCode: 65, hint: 'The record does not match docs/schema/mcp_audit_v1.json.' },
  RULES_INVALID: {
    exitCode: 78,
    hint: 'Correct the rule file at the place that is named; "mcp-observer rules check" says more about it.',
  },
  INPUT_UNREADABLE: { exitCode: 66, hint: 'Check the path and its permissions.' },
  SAMPLES_INVALID: {
    exitCode: 65,
    hint: 'A file of samples has "rule:", "fires:" and "silent:", and records as mappings or as lines of JSON.',
  },
  SAMPLES_FAILED: {
    exitCode: 1,
    hint: 'Correct the rules, or the samples that do not show what they should do.',
  },
  RULES_OUTDATED: {
    exitCode: 1,
    hint: 'Run "mcp-observer rules generate" with the same options, without --check.',
  },
  DEMO_FAILED: { exitCode: 1, hint: 'Run "mcp-observer doctor" for what works on this machine.' },
  INTERNAL: { exitCode: 70, hint: 'This is a fault of mcp-observer; please report it.' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERROR_KINDS;

export class ObserverError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ObserverError';
    this.code = code;
  }

  get exitCode(): number {
    return ERROR_KINDS[this.code].exitCode;
  }

  get hint(): string {
    return ERROR_KINDS[this.code].hint;
  }
}

/** The system's error name (`ENOENT`, …) of anything thrown, or undefined. */
export function systemErrorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}
