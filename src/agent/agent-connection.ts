/** One producer at the agent's socket: hello, welcome, then one edge a line. */
import type { Socket } from 'node:net';
import type { Logger } from '../base/log.ts';
import type { PeerCredentials } from '../producers/kernel/addon.ts';
import type { AuditEdge } from '../record/audit-edge.ts';
import { decodeEdge, decodeHello, encodeWelcome, type Hello } from '../record/edge-codec.ts';
import { MAX_LINE_BYTES } from '../record/encode.ts';
import type { AgentCore, TreeHandle } from './agent-core.ts';
import { descendsFrom } from './process-info.ts';
import type { SessionRoster } from './session-roster.ts';

interface ConnectionOptions {
  readonly socket: Socket;
  readonly peer: PeerCredentials | undefined;
  readonly core: AgentCore;
  readonly log: Logger;
  readonly roster: SessionRoster;
}

const HELLO_TIMEOUT_MS = 5_000;
const NEWLINE = 10;

export class AgentConnection {
  readonly #options: ConnectionOptions;
  #partial: Buffer[] = [];
  #partialBytes = 0;
  #sessionId: string | undefined;
  #tree: TreeHandle | undefined;
  #ended = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { socket } = options;
    socket.setTimeout(HELLO_TIMEOUT_MS, () => this.#refuse('said no hello in time'));
    socket.on('data', (chunk) => this.#onData(chunk));
    socket.on('error', () => {});
    socket.on('close', () => this.#onClose());
  }

  /** Lets the producer go on without the agent. */
  end(): void {
    this.#options.socket.destroy();
  }

  #onData(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const piece = chunk.subarray(start, end);
      start = end + 1;
      this.#onLine(this.#partialBytes === 0 ? piece : Buffer.concat([...this.#partial, piece]));
      this.#partial = [];
      this.#partialBytes = 0;
      if (this.#options.socket.destroyed) return;
    }
    if (start === chunk.length) return;
    this.#partial.push(chunk.subarray(start));
    this.#partialBytes += chunk.length - start;
    if (this.#partialBytes > MAX_LINE_BYTES) this.#refuse('sent a line longer than 64 KiB');
  }

  #onLine(line: Buffer): void {
    if (this.#tree === undefined) {
      this.#onHello(line);
      return;
    }
    const decoded = decodeEdge(line.toString('utf8'));
    if (!decoded.ok) {
      this.#refuse(`sent what is no edge: ${decoded.reason}`);
      return;
    }
    const edge = decoded.value;
    if (sessionOf(edge) !== this.#sessionId) {
      this.#refuse('sent an edge of another session');
      return;
    }
    if (edge.type === 'session_end') {
      this.#ended = true;
      this.#options.roster.end(this.#sessionId!);
    }
    this.#tree.edges.push(edge);
  }

  #onHello(line: Buffer): void {
    const decoded = decodeHello(line.toString('utf8'));
    if (!decoded.ok) {
      this.#refuse(`said hello in a way that is not understood: ${decoded.reason}`);
      return;
    }
    const hello = decoded.value;
    const { socket, roster, core, peer, log } = this.#options;
    let tree = roster.rejoin(hello.sessionId, peer?.pid);
    if (tree === undefined) {
      if (roster.isTaken(hello.sessionId)) {
        this.#refuse('named a session that another producer has');
        return;
      }
      tree = core.openTree(peer?.pid);
      roster.join(hello.sessionId, peer?.pid, tree);
    }
    try {
      this.#observe(tree, hello);
    } catch (error) {
      log.warn('cannot observe a server', { reason: (error as Error).message });
    }
    this.#tree = tree;
    this.#sessionId = hello.sessionId;
    socket.setTimeout(0);
    const { mode, reason } = core;
    socket.write(`${encodeWelcome(reason === undefined ? { mode } : { mode, reason })}\n`);
    log.info('producer connected', { session: hello.sessionId, producer: peer?.pid });
  }

  /** The tree begins at the producer, whose next child is the server, or at the server where it runs already. */
  #observe(tree: TreeHandle, hello: Hello): void {
    const { core, peer } = this.#options;
    if (core.kernel === undefined || peer === undefined) return;
    const { serverPid } = hello;
    if (serverPid === undefined) core.kernel.trackPid(tree.treeId, peer.pid, { descendants: false });
    else if (descendsFrom(serverPid, peer.pid)) core.observeRunning(tree.treeId, serverPid);
  }

  #refuse(why: string): void {
    const { log, peer, socket } = this.#options;
    log.warn(`disconnected a producer that ${why}`, { producer: peer?.pid, session: this.#sessionId });
    socket.destroy();
  }

  #onClose(): void {
    if (this.#sessionId !== undefined && !this.#ended) this.#options.roster.lose(this.#sessionId);
  }
}

function sessionOf(edge: AuditEdge): string {
  return 'record' in edge ? edge.record.session_id : edge.sessionId;
}
