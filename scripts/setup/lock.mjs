/** One set-up at a time: a lock file that names its holder, taken over when the holder is gone. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;
const TAKEOVER_MAX_MS = 10_000;

/** Pid and start time: a pid alone may have been given to another process since. */
function identity(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; the start time is the 20th field after it.
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return undefined;
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function create(path, text) {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function ageMs(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

function isStale(path) {
  const holder = read(path);
  // An empty lock was created by someone who has yet to write his name, or was killed before.
  if (holder === undefined) return false;
  if (holder === '') return ageMs(path) > TAKEOVER_MAX_MS;
  return identity(Number.parseInt(holder, 10)) !== holder;
}

/** Only one of several waiters may remove a stale lock, or he would remove the next one's. */
function removeIfStale(path) {
  const guard = `${path}.takeover`;
  if (!create(guard, '')) {
    if (ageMs(guard) > TAKEOVER_MAX_MS) rmSync(guard, { force: true });
    return;
  }
  try {
    if (isStale(path)) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

/**
 * Runs `work` while holding the lock.
 * @param {(pid: number) => void} onWait called once when another process holds it
 */
export async function withLock(path, onWait, work) {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  while (!create(path, identity(process.pid))) {
    if (isStale(path)) removeIfStale(path);
    else {
      if (!told) onWait(Number.parseInt(read(path) ?? '', 10));
      told = true;
      await sleep(POLL_MS);
    }
  }
  const release = () => rmSync(path, { force: true });
  const onSignal = (signal) => {
    release();
    process.kill(process.pid, signal);
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    return await work();
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    release();
  }
}
