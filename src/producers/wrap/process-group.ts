/** Ends what is left of a process group. */
import { systemErrorCode } from '../../base/errors.ts';

const POLL_MS = 10;
/** After a SIGKILL only zombies can be left, whose parent does not reap; they are not waited for long. */
const AFTER_KILL_MS = 200;

/** Whether a process of the group is there; zombies count. */
export function groupExists(processGroupId: number): boolean {
  return signalGroup(processGroupId, 0);
}

/** TERM, and KILL for what is there after `graceMs`. Resolves when the group is empty or was killed. */
export async function endGroup(processGroupId: number, graceMs: number): Promise<void> {
  if (!signalGroup(processGroupId, 'SIGTERM')) return;
  // A stopped process would see the TERM only when it goes on.
  signalGroup(processGroupId, 'SIGCONT');
  if (await gone(processGroupId, graceMs)) return;
  if (signalGroup(processGroupId, 'SIGKILL')) await gone(processGroupId, AFTER_KILL_MS);
}

async function gone(processGroupId: number, withinMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += POLL_MS) {
    if (!groupExists(processGroupId)) return true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return !groupExists(processGroupId);
}

function signalGroup(processGroupId: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-processGroupId, signal);
    return true;
  } catch (error) {
    // EPERM: somebody is there, but no longer ours.
    return systemErrorCode(error) === 'EPERM';
  }
}
