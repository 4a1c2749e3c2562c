/**
 * The agent's unix socket: producers connect, say hello, are registered by their peer credentials,
 * and send one edge a line. What a peer sends is bounded and checked; a peer that breaks the rules
 * is disconnected, and that is logged.
 */
import type { Socket } from 'node:net';
import type { Logger } from '../base/log.ts';
import type { PeerCredentials } from '../producers/kernel/addon.ts';
import { AgentConnection } from './agent-connection.ts';
import type { AgentCore } from './agent-core.ts';
import { SessionRoster } from './session-roster.ts';
import { UnixListener } from './unix-listener.ts';

export interface AgentSocketOptions {
  readonly path: string;
  readonly core: AgentCore;
  readonly log: Logger;
  /** Peers of these users are let in. */
  readonly allowedUids: readonly number[];
}

const MAX_CONNECTIONS = 512;

export class AgentSocket {
  readonly #options: AgentSocketOptions;
  readonly #connections = new Set<AgentConnection>();
  readonly #roster: SessionRoster;
  readonly #listener: UnixListener;

  constructor(options: AgentSocketOptions) {
    this.#options = options;
    this.#roster = new SessionRoster(options.core);
    this.#listener = new UnixListener({
      path: options.path,
      role: 'producer',
      maxConnections: MAX_CONNECTIONS,
      allowedUids: options.allowedUids,
      log: options.log,
      onConnection: (socket, peer) => this.#accept(socket, peer),
    });
  }

  /** @throws ObserverError AGENT_ALREADY_RUNNING, SOCKET_UNAVAILABLE */
  listen(): Promise<void> {
    return this.#listener.listen();
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.end();
    this.#roster.close();
    await this.#listener.close();
  }

  #accept(socket: Socket, peer: PeerCredentials | undefined): void {
    const { core, log } = this.#options;
    const connection = new AgentConnection({ socket, peer, core, log, roster: this.#roster });
    this.#connections.add(connection);
    socket.once('close', () => this.#connections.delete(connection));
  }
}
