/**
 * Edges to the agent over its unix socket. The session goes on without the agent: edges wait within
 * a bound, what is beyond it is counted, and a new connection is tried until the session is over.
 */
import { connect, type Socket } from 'node:net';
import { systemErrorCode } from '../base/errors.ts';
import type { AuditEdge, CallBegin, EdgeSink, SessionStart } from '../record/audit-edge.ts';
import { decodeWelcome, encodeEdge, encodeHello, type Hello } from '../record/edge-codec.ts';
import { carriesRecord, EdgeQueue, type EdgeQueueLimits } from './edge-queue.ts';

export interface AgentLinkOptions extends Partial<EdgeQueueLimits> {
  readonly path: string;
  readonly hello: Omit<Hello, 't' | 'v'>;
  /** Told once, in words for a person, when the agent can't be reached. */
  readonly onTrouble: (message: string) => void;
  readonly firstRetryMs?: number;
  readonly welcomeTimeoutMs?: number;
  readonly closeTimeoutMs?: number;
}

/** What the agent observes of the session. */
export interface AgentState {
  readonly mode: 'kernel' | 'audit';
  readonly reason?: string | undefined;
}

const DEFAULT_LIMITS: EdgeQueueLimits = { maxBytes: 4 << 20, maxEdges: 20_000 };
const DEFAULT_FIRST_RETRY_MS = 200;
const MAX_RETRY_MS = 5000;
const DEFAULT_WELCOME_TIMEOUT_MS = 1000;
const DEFAULT_CLOSE_TIMEOUT_MS = 1000;
const MAX_WELCOME_BYTES = 4096;
const NO_ANSWER: AgentState = { mode: 'audit', reason: 'the agent does not answer' };

export class AgentLink implements EdgeSink {
  readonly #options: AgentLinkOptions;
  readonly #queue: EdgeQueue;
  #hello: Omit<Hello, 't' | 'v'>;
  #socket: Socket | undefined;
  /** The agent has welcomed us on this socket. */
  #isUp = false;
  #isBlocked = false;
  #isScheduled = false;
  #isClosed = false;
  #state = NO_ANSWER;
  #retryMs: number;
  #retryTimer: NodeJS.Timeout | undefined;
  #isTroubleTold = false;
  #sessionStart: SessionStart | undefined;
  #sessionStartIsTold = false;
  /** Calls in flight: a new connection has to hear of them again. */
  readonly #open = new Map<string, CallBegin>();
  /** Records that the socket has taken and not yet handed to the kernel. */
  #recordsInSocket = 0;
  #lost = 0;
  #lostTold = 0;
  #lostReason = 'agent_unreachable';
  #onChange: (() => void) | undefined;

  constructor(options: AgentLinkOptions) {
    this.#options = options;
    this.#hello = options.hello;
    this.#queue = new EdgeQueue({
      maxBytes: options.maxBytes ?? DEFAULT_LIMITS.maxBytes,
      maxEdges: options.maxEdges ?? DEFAULT_LIMITS.maxEdges,
    });
    this.#retryMs = options.firstRetryMs ?? DEFAULT_FIRST_RETRY_MS;
  }

  /** Records that could not be delivered so far. */
  get lost(): number {
    return this.#lost;
  }

  /** What the agent observes right now. */
  get state(): AgentState {
    return this.#state;
  }

  /** True when the agent has welcomed us within the time set for it; it is tried further if not. */
  async connect(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onChange = resolve;
    const timer = setTimeout(resolve, this.#options.welcomeTimeoutMs ?? DEFAULT_WELCOME_TIMEOUT_MS);
    this.#connect();
    await promise;
    clearTimeout(timer);
    this.#onChange = undefined;
    if (!this.#isUp) this.#trouble('no answer');
    return this.#isUp;
  }

  /** The server runs now: an agent that comes later has to be told which process it is. */
  setServerPid(serverPid: number): void {
    this.#hello = { ...this.#hello, serverPid };
  }

  push(edge: AuditEdge): void {
    if (this.#isClosed) return;
    if (edge.type === 'session_start') this.#sessionStart = edge;
    else if (edge.type === 'call_begin') this.#open.set(edge.callId, edge);
    else if (edge.type === 'call_end') this.#open.delete(edge.record.call_id);
    const isBeginning = edge.type === 'session_start' || edge.type === 'call_begin';
    if (!this.#isUp && isBeginning) return;
    if (edge.type === 'session_start') this.#sessionStartIsTold = true;
    if (this.#queue.add(edge)) this.#schedule();
    else if (carriesRecord(edge.type)) this.#lose(1, 'queue_full');
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#retryTimer);
    const socket = this.#socket;
    if (socket !== undefined && this.#isUp) {
      const { promise, resolve } = Promise.withResolvers<void>();
      socket.once('close', resolve);
      const timer = setTimeout(resolve, this.#options.closeTimeoutMs ?? DEFAULT_CLOSE_TIMEOUT_MS);
      this.#flush();
      await promise;
      clearTimeout(timer);
    }
    socket?.destroy();
    this.#lose(this.#queue.records + this.#recordsInSocket, this.#lostReason);
    if (this.#sessionStart !== undefined && !this.#sessionStartIsTold) this.#lose(1, this.#lostReason);
    this.#recordsInSocket = 0;
    this.#queue.clear();
  }

  #connect(): void {
    const socket = connect({ path: this.#options.path });
    this.#socket = socket;
    let received = '';
    socket.on('connect', () => socket.write(`${encodeHello(this.#hello)}\n`));
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      // Only the welcome is of interest; whatever the agent says later is for later versions.
      if (this.#isUp || socket !== this.#socket) return;
      received += text;
      const end = received.indexOf('\n');
      if (end >= 0) this.#onWelcome(socket, received.slice(0, end));
      else if (received.length > MAX_WELCOME_BYTES) socket.destroy();
    });
    socket.on('drain', () => {
      this.#isBlocked = false;
      this.#flush();
    });
    let reason = 'connection lost';
    socket.on('error', (error) => {
      reason = systemErrorCode(error) ?? 'connection failed';
    });
    socket.on('close', () => {
      if (socket === this.#socket) this.#onDown(reason);
    });
  }

  #onWelcome(socket: Socket, line: string): void {
    const welcome = decodeWelcome(line);
    if (!welcome.ok) {
      socket.destroy();
      return;
    }
    this.#isUp = true;
    this.#isBlocked = false;
    this.#state = { mode: welcome.value.mode, reason: welcome.value.reason };
    this.#retryMs = this.#options.firstRetryMs ?? DEFAULT_FIRST_RETRY_MS;
    this.#greet(socket);
    this.#flush();
    this.#onChange?.();
  }

  /** Tells a new connection what goes on, before what has waited for it. */
  #greet(socket: Socket): void {
    if (this.#sessionStart === undefined) return;
    this.#sessionStartIsTold = true;
    let text = `${encodeEdge(this.#sessionStart)}\n`;
    for (const begin of this.#open.values()) text += `${encodeEdge(begin)}\n`;
    if (this.#lost > this.#lostTold) {
      const edge: AuditEdge = {
        type: 'producer_loss',
        atNs: process.hrtime.bigint(),
        sessionId: this.#hello.sessionId,
        lostRecords: this.#lost - this.#lostTold,
        reason: this.#lostReason,
      };
      text += `${encodeEdge(edge)}\n`;
      this.#lostTold = this.#lost;
    }
    if (!socket.write(text)) this.#isBlocked = true;
  }

  #onDown(reason: string): void {
    this.#isUp = false;
    this.#isBlocked = false;
    this.#socket = undefined;
    this.#state = NO_ANSWER;
    this.#lose(this.#recordsInSocket, 'agent_unreachable');
    this.#recordsInSocket = 0;
    this.#queue.dropBeginnings();
    this.#onChange?.();
    if (this.#isClosed) return;
    this.#trouble(reason);
    this.#retryTimer = setTimeout(() => this.#connect(), this.#retryMs);
    this.#retryTimer.unref();
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
  }

  #schedule(): void {
    if (this.#isScheduled || !this.#isUp || this.#isBlocked) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    const socket = this.#socket;
    if (socket === undefined || !this.#isUp) return;
    while (!this.#isBlocked) {
      const batch = this.#queue.take();
      if (batch === undefined) break;
      this.#recordsInSocket += batch.records;
      const accepted = socket.write(batch.text, (error) => {
        if (!error && socket === this.#socket) this.#recordsInSocket -= batch.records;
      });
      if (!accepted) this.#isBlocked = true;
    }
    if (this.#isClosed && this.#queue.size === 0) socket.end();
  }

  #lose(records: number, reason: string): void {
    if (records === 0) return;
    this.#lost += records;
    this.#lostReason = reason;
  }

  #trouble(reason: string): void {
    if (this.#isTroubleTold) return;
    this.#isTroubleTold = true;
    this.#options.onTrouble(`cannot reach the agent at ${this.#options.path} (${reason})`);
  }
}
