/**
 * Which tree a session belongs to, over reconnects: a producer that lost its connection comes back
 * with the same session id; one whose process is gone never will.
 */
import type { AgentCore, TreeHandle } from './agent-core.ts';

interface Entry {
  readonly handle: TreeHandle;
  readonly peerPid: number | undefined;
  connected: boolean;
  lostAtMs: number;
}

/** How long a living producer may take to connect again. */
const RECONNECT_WAIT_MS = 30_000;
const CHECK_MS = 500;

export class SessionRoster {
  readonly #core: AgentCore;
  readonly #entries = new Map<string, Entry>();
  #timer: NodeJS.Timeout | undefined;

  constructor(core: AgentCore) {
    this.#core = core;
  }

  /** The tree of a session that is known already and whose producer this peer is. */
  rejoin(sessionId: string, peerPid: number | undefined): TreeHandle | undefined {
    const entry = this.#entries.get(sessionId);
    if (entry === undefined || entry.connected || entry.peerPid !== peerPid) return undefined;
    entry.connected = true;
    return entry.handle;
  }

  isTaken(sessionId: string): boolean {
    return this.#entries.has(sessionId);
  }

  join(sessionId: string, peerPid: number | undefined, handle: TreeHandle): void {
    this.#entries.set(sessionId, { handle, peerPid, connected: true, lostAtMs: 0 });
  }

  /** The session has ended by its own word. */
  end(sessionId: string): void {
    this.#entries.delete(sessionId);
  }

  /** The connection is gone and the session is not over. */
  lose(sessionId: string): void {
    const entry = this.#entries.get(sessionId);
    if (entry === undefined) return;
    entry.connected = false;
    entry.lostAtMs = performance.now();
    this.#timer ??= setInterval(() => this.#check(), CHECK_MS);
    this.#check();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #check(): void {
    let waiting = 0;
    for (const [sessionId, entry] of this.#entries) {
      if (entry.connected) continue;
      const expired = performance.now() - entry.lostAtMs > RECONNECT_WAIT_MS;
      if (expired || entry.peerPid === undefined || !isAlive(entry.peerPid)) {
        this.#entries.delete(sessionId);
        this.#core.loseSession(sessionId);
      } else waiting++;
    }
    if (waiting === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
