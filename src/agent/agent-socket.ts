/**
 * The agent's unix socket: producers connect, say hello, are registered by their peer credentials,
 * and send one edge a line. What a peer sends is bounded and checked; a peer that breaks the rules
 * is disconnected, and that is logged.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, statSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { ObserverError, systemErrorCode } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { type PeerCredentials, peerCredentials } from '../producers/kernel/addon.ts';
import { AgentConnection } from './agent-connection.ts';
import type { AgentCore } from './agent-core.ts';
import { SessionRoster } from './session-roster.ts';

export interface AgentSocketOptions {
  readonly path: string;
  readonly core: AgentCore;
  readonly log: Logger;
  /** Peers of this user and root are let in, and others only if the file's permissions are changed. */
  readonly allowedUids: readonly number[];
}

const MAX_CONNECTIONS = 512;

export class AgentSocket {
  readonly #options: AgentSocketOptions;
  readonly #connections = new Set<AgentConnection>();
  readonly #roster: SessionRoster;
  #server: Server | undefined;
  #releaseGuard: (() => void) | undefined;

  constructor(options: AgentSocketOptions) {
    this.#options = options;
    this.#roster = new SessionRoster(options.core);
  }

  /** @throws ObserverError AGENT_ALREADY_RUNNING, SOCKET_UNAVAILABLE */
  async listen(): Promise<void> {
    const { path } = this.#options;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw new ObserverError('SOCKET_UNAVAILABLE', `Cannot make the folder of ${path}`, { cause });
    }
    if (await isAnswered(path)) {
      throw new ObserverError('AGENT_ALREADY_RUNNING', `An agent already listens on ${path}`);
    }
    removeStale(path);
    const server = createServer((socket) => this.#accept(socket));
    server.maxConnections = MAX_CONNECTIONS;
    const umask = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(path, resolve);
      });
      chmodSync(path, 0o600);
    } catch (cause) {
      const code = systemErrorCode(cause) ?? 'error';
      throw new ObserverError('SOCKET_UNAVAILABLE', `Cannot listen on ${path}: ${code}`, { cause });
    } finally {
      process.umask(umask);
    }
    this.#server = server;
    this.#releaseGuard = guardSocketFile(path);
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.end();
    this.#roster.close();
    await new Promise<void>((resolve) => {
      if (this.#server === undefined) resolve();
      else this.#server.close(() => resolve());
    });
    this.#releaseGuard?.();
  }

  #accept(socket: Socket): void {
    const { allowedUids, log, core } = this.#options;
    const peer = peerOf(socket);
    if (peer !== undefined && !allowedUids.includes(peer.uid)) {
      log.warn('refused a producer of another user', { uid: peer.uid, producer: peer.pid });
      socket.destroy();
      return;
    }
    const connection = new AgentConnection({ socket, peer, core, log, roster: this.#roster });
    this.#connections.add(connection);
    socket.once('close', () => this.#connections.delete(connection));
  }
}

/** Credentials of the process at the other end; undefined where the addon can't be loaded to ask. */
function peerOf(socket: Socket): PeerCredentials | undefined {
  const fd = (socket as unknown as { readonly _handle?: { readonly fd?: number } })._handle?.fd;
  if (fd === undefined || fd < 0) return undefined;
  try {
    return peerCredentials(fd);
  } catch {
    return undefined;
  }
}

/** Whether somebody accepts connections on the path. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}

/** Removes a socket that nobody answers on; anything else in its place is left alone. */
function removeStale(path: string): void {
  try {
    if (statSync(path).isSocket()) unlinkSync(path);
  } catch {
    // Not there: nothing to remove. Not removable: listening says so.
  }
}

/**
 * A shell that waits for the agent's death, however it comes, and then removes the socket file if
 * it is still the one of this agent. SIGKILL would leave it behind otherwise.
 */
function guardSocketFile(path: string): () => void {
  const script = 'read -r _; [ "$(stat -c %i -- "$1" 2>/dev/null)" = "$2" ] && rm -f -- "$1"';
  const inode = String(statSync(path).ino);
  const guard = spawn('/bin/sh', ['-c', `trap "" INT TERM HUP; ${script}`, 'sh', path, inode], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  guard.unref();
  return () => guard.stdin.end();
}
