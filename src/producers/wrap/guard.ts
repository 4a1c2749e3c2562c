/**
 * A tiny shell in a session of its own that ends the server's process group when this process is
 * gone, however it went: the kernel closes the pipe between them even after a SIGKILL.
 */
import { spawn } from 'node:child_process';

export interface Guard {
  /** Names the process group to end; nothing happens before. */
  watch(processGroupId: number): void;
  /** Sends the guard away without it doing anything. */
  dismiss(): void;
}

/** Reads the group, then waits: a second line sends it away, the end of the pipe makes it act. */
const SCRIPT = `trap '' INT TERM HUP QUIT USR1 USR2 PIPE
read -r group || exit 0
case $group in '' | *[!0-9]*) exit 0 ;; esac
read -r dismissed && exit 0
kill -s TERM -- "-$group" 2>/dev/null || exit 0
sleep 1
kill -s KILL -- "-$group" 2>/dev/null
exit 0`;

const NO_GUARD: Guard = { watch() {}, dismiss() {} };

/** Without a shell to run there is no guard: the server then outlives a killed wrapper, as it would a killed client. */
export function startGuard(): Guard {
  let child: ReturnType<typeof spawn>;
  try {
    child = spawn('/bin/sh', ['-c', SCRIPT, 'mcp-audit-guard'], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
      env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
    });
  } catch {
    return NO_GUARD;
  }
  const { stdin } = child;
  child.on('error', () => {});
  child.unref();
  if (stdin === null) return NO_GUARD;
  stdin.on('error', () => {});
  (stdin as unknown as { unref(): void }).unref();
  return {
    watch: (processGroupId) => void stdin.write(`${processGroupId}\n`),
    dismiss: () => void stdin.end('dismissed\n'),
  };
}
