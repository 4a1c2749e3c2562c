import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEdge } from '../../src/record/audit-edge.ts';
import { decodeEdge, decodeHello, encodeWelcome, type Hello } from '../../src/record/edge-codec.ts';
import type { CallRecord, SessionRecord } from '../../src/record/record.gen.ts';
import { AgentLink, type AgentLinkOptions } from '../../src/sinks/agent-link.ts';

const BASE = {
  schema_version: '1' as const,
  timestamp: 1n,
  ktime_ns: 1n,
  session_id: 's',
  client_process: 'c',
  server_host: 'stdio',
  server_port: 0,
  tls: false,
  boot_id: 'b',
  source: 'wrap' as const,
};

function start(): AuditEdge {
  const record: SessionRecord = { ...BASE, record: 'session', method: '', session_event: 'start' };
  return { type: 'session_start', atNs: 1n, record };
}
function stop(): AuditEdge {
  const record: SessionRecord = { ...BASE, record: 'session', method: '', session_event: 'end' };
  return { type: 'session_end', atNs: 9n, record };
}
function begin(callId: string): AuditEdge {
  return { type: 'call_begin', atNs: 2n, sessionId: 's', callId, direction: 'client_to_server', method: 'm' };
}
function end(callId: string): AuditEdge {
  const record: CallRecord = {
    ...BASE,
    record: 'call',
    method: 'm',
    call_id: callId,
    message_type: 'request',
    direction: 'client_to_server',
    outcome: 'ok',
    duration_ms: 1,
    observer_mode: 'audit',
  };
  return { type: 'call_end', atNs: 3n, record };
}

/** An agent that keeps what it is told. */
class FakeAgent {
  readonly hellos: Hello[] = [];
  readonly edges: AuditEdge[] = [];
  readonly sockets: Socket[] = [];
  answer = `${encodeWelcome({ mode: 'kernel' })}\n`;
  reading = true;
  #server: Server | undefined;

  async listen(path: string): Promise<void> {
    const server = createServer((socket) => {
      this.sockets.push(socket);
      socket.on('error', () => {});
      let rest = '';
      let greeted = false;
      socket.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop()!;
        for (const line of lines) {
          if (!greeted) {
            greeted = true;
            const hello = decodeHello(line);
            if (!hello.ok) throw new Error(hello.reason);
            this.hellos.push(hello.value);
            socket.write(this.answer);
            if (!this.reading) socket.pause();
            continue;
          }
          const edge = decodeEdge(line);
          if (!edge.ok) throw new Error(edge.reason);
          this.edges.push(edge.value);
        }
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(path, resolve));
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.sockets.length = 0;
    await new Promise<void>((resolve) => {
      if (this.#server === undefined) resolve();
      else this.#server.close(() => resolve());
    });
    this.#server = undefined;
  }

  get seen(): string[] {
    return this.edges.map((edge) => {
      if (edge.type === 'call_begin') return `begin ${edge.callId}`;
      if (edge.type === 'call_end') return `end ${edge.record.call_id}`;
      return edge.type === 'producer_loss' ? `lost ${edge.lostRecords}` : edge.type;
    });
  }
}

let folder: string;
let path: string;
let agent: FakeAgent;
let troubles: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'link-'));
  path = join(folder, 'agent.sock');
  agent = new FakeAgent();
  troubles = [];
});
afterEach(async () => {
  await agent.stop();
  rmSync(folder, { recursive: true, force: true });
});

function link(options: Partial<AgentLinkOptions> = {}): AgentLink {
  return new AgentLink({
    path,
    hello: { pid: process.pid, sessionId: 's', clientProcess: 'c', serverName: 'n' },
    onTrouble: (message) => troubles.push(message),
    firstRetryMs: 10,
    welcomeTimeoutMs: 300,
    ...options,
  });
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; !condition(); i++) {
    if (i > 500) throw new Error(`did not come true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('AgentLink', () => {
  it('says hello, waits for the welcome, and delivers everything in order', async () => {
    await agent.listen(path);
    const to = link();
    expect(await to.connect()).toBe(true);
    expect(to.state).toEqual({ mode: 'kernel', reason: undefined });
    for (const edge of [start(), begin('1'), end('1'), stop()]) to.push(edge);
    await to.close();
    await until(() => agent.edges.length === 4);
    expect(agent.hellos).toEqual([
      { t: 'hello', v: 1, pid: process.pid, sessionId: 's', clientProcess: 'c', serverName: 'n' },
    ]);
    expect(agent.seen).toEqual(['session_start', 'begin 1', 'end 1', 'session_end']);
    expect(to.lost).toBe(0);
    expect(troubles).toEqual([]);
  });

  it('takes over the mode and the reason that the agent gives', async () => {
    agent.answer = `${encodeWelcome({ mode: 'audit', reason: 'no BTF' })}\n`;
    await agent.listen(path);
    const to = link();
    await to.connect();
    expect(to.state).toEqual({ mode: 'audit', reason: 'no BTF' });
    await to.close();
  });

  it.each([
    ['nobody listens', async () => {}],
    [
      'the agent says nothing',
      async () => {
        agent.answer = '';
        await agent.listen(path);
      },
    ],
    [
      'something else answers',
      async () => {
        agent.answer = 'HTTP/1.1 400 Bad Request\n';
        await agent.listen(path);
      },
    ],
  ])('goes on when %s, and counts what it could not deliver', async (_, arrange) => {
    await arrange();
    const to = link();
    expect(await to.connect()).toBe(false);
    expect(to.state.mode).toBe('audit');
    for (const edge of [start(), begin('1'), end('1'), stop()]) to.push(edge);
    await to.close();
    expect(to.lost).toBe(3);
    expect(troubles).toHaveLength(1);
    expect(troubles[0]).toContain(path);
  });

  it('comes back to an agent that returns: what goes on is told again, what ended meanwhile as well', async () => {
    await agent.listen(path);
    const to = link();
    await to.connect();
    to.setServerPid(4242);
    for (const edge of [start(), begin('1'), begin('2'), end('1')]) to.push(edge);
    await until(() => agent.edges.length === 4);

    await agent.stop();
    await until(() => to.state.mode === 'audit');
    to.push(begin('3'));
    to.push(begin('4'));
    to.push(end('3'));
    expect(troubles).toHaveLength(1);

    agent.edges.length = 0;
    await agent.listen(path);
    await until(() => agent.edges.length >= 4);
    expect(agent.hellos[1]).toMatchObject({ sessionId: 's', serverPid: 4242 });
    to.push(end('2'));
    to.push(stop());
    await to.close();
    await until(() => agent.edges.length === 6);
    expect(agent.seen).toEqual(['session_start', 'begin 2', 'begin 4', 'end 3', 'end 2', 'session_end']);
    expect(to.lost).toBe(0);
    expect(troubles).toHaveLength(1);
  });

  it('tells a returning agent what was lost', async () => {
    await agent.listen(path);
    const to = link({ maxEdges: 2 });
    await to.connect();
    to.push(start());
    await until(() => agent.edges.length === 1);
    await agent.stop();
    await until(() => to.state.mode === 'audit');
    for (const id of ['1', '2', '3', '4', '5']) to.push(end(id));
    expect(to.lost).toBe(3);
    agent.edges.length = 0;
    await agent.listen(path);
    await until(() => agent.edges.length === 4);
    expect(agent.seen).toEqual(['session_start', 'lost 3', 'end 1', 'end 2']);
    await to.close();
  });

  it('holds what the agent does not read within its bound', async () => {
    agent.reading = false;
    await agent.listen(path);
    const to = link({ maxBytes: 100_000, closeTimeoutMs: 100 });
    await to.connect();
    to.push(start());
    // Far more than the socket's buffers and the bound together.
    for (let i = 0; i < 20_000; i++) {
      to.push(end(String(i)));
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(to.lost).toBeGreaterThan(10_000);
    await to.close();
    expect(to.lost).toBeLessThan(20_000);
  });
});
