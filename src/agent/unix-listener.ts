/**
 * A unix socket of the agent's: only its user may connect, the kernel says who did, a stale socket
 * file is replaced, and the file goes when the agent does, however it ends.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, statSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { ObserverError, systemErrorCode } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { type PeerCredentials, peerCredentials } from '../producers/kernel/addon.ts';

export interface UnixListenerOptions {
  readonly path: string;
  /** What connects, for the log. */
  readonly role: string;
  readonly maxConnections: number;
  /** Peers of these users are let in, and others refused even if the file's permissions are changed. */
  readonly allowedUids: readonly number[];
  readonly log: Logger;
  /** @param peer undefined where the addon can't be loaded to ask; the file's permissions hold */
  readonly onConnection: (socket: Socket, peer: PeerCredentials | undefined) => void;
}

export class UnixListener {
  readonly #options: UnixListenerOptions;
  #server: Server | undefined;
  #releaseGuard: (() => void) | undefined;

  constructor(options: UnixListenerOptions) {
    this.#options = options;
  }

  /** @throws ObserverError AGENT_ALREADY_RUNNING, SOCKET_UNAVAILABLE */
  async listen(): Promise<void> {
    const { path, maxConnections } = this.#options;
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
    server.maxConnections = maxConnections;
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

  /** Resolves when the last connection is closed; ending them is the owner's. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.#server === undefined) resolve();
      else this.#server.close(() => resolve());
    });
    this.#releaseGuard?.();
  }

  #accept(socket: Socket): void {
    const { allowedUids, log, role, onConnection } = this.#options;
    const peer = peerOf(socket);
    if (peer !== undefined && !allowedUids.includes(peer.uid)) {
      log.warn(`refused a ${role} of another user`, { uid: peer.uid, [role]: peer.pid });
      socket.destroy();
      return;
    }
    onConnection(socket, peer);
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
