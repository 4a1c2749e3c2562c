import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { InlineRules, type InlineRulesOptions } from '../../src/agent/inline-rules.ts';
import { encodeAlert } from '../../src/rules/alert.ts';
import { createRuleEngine } from '../../src/rules/rule-engine.ts';
import { loadRuleSet } from '../../src/rules/rule-set.ts';
import { parseWebhookUrl } from '../../src/sinks/alert-webhook.ts';
import { LineBatches } from '../../src/sinks/line-batches.ts';

/** A thread that does with a batch what `onBatch` says, and counts lines in place of alerts. */
const thread = (onBatch: string, onClose = 'closed()') =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort } from 'node:worker_threads';
      let lines = 0;
      const done = (message) => {
        lines += new TextDecoder().decode(message.bytes).split('\\n').length - 1;
        parentPort.postMessage({ type: 'done', bytes: message.bytes.length, lines: message.lines });
      };
      const closed = () => {
        parentPort.postMessage({ type: 'closed', alerts: lines, lostAlerts: 3 });
        parentPort.close();
      };
      parentPort.on('message', (message) => {
        if (message.type === 'close') { ${onClose} } else { ${onBatch} }
      });`)}`,
  );

const KEEPS_UP = thread('done(message)');
const HANGS = thread('while (true);');
/** Evaluates nothing until it is told to close. */
const WAITS = thread('(globalThis.waiting ??= []).push(message)', 'waiting.forEach(done); closed()');

let rules: InlineRules | undefined;

afterEach(() => rules?.close());

function start(worker: URL, options: Partial<InlineRulesOptions> = {}) {
  const losses: number[] = [];
  const troubles: string[] = [];
  rules = new InlineRules({
    data: { sources: [], alerts: {}, userAgent: 'test' },
    onLoss: (records) => void losses.push(records),
    onTrouble: (message) => void troubles.push(message),
    worker,
    ...options,
  });
  return { rules, losses, troubles, batches: new LineBatches([rules]) };
}

const line = `{"fill":"${'x'.repeat(1_000)}"}`;

describe('records', () => {
  it('reach the thread, all of them, before it closes', async () => {
    const { rules, losses, troubles, batches } = start(KEEPS_UP);
    for (let i = 0; i < 5_000; i++) {
      batches.write(line);
      if (i % 500 === 0) await nextTurn();
    }
    await batches.close();
    expect([rules.alerts, rules.lostAlerts, rules.lost]).toEqual([5_000, 3, 0]);
    expect([losses, troubles]).toEqual([[], []]);
  });

  it('that the thread has no room for are counted and said once; what waited is evaluated', async () => {
    const { rules, losses, troubles, batches } = start(WAITS, { maxQueuedBytes: 1 << 20 });
    for (let i = 0; i < 5_000; i++) batches.write(line);
    await nextTurn();
    expect(rules.lost).toBeGreaterThan(0);
    expect(losses).toEqual([rules.lost]);
    await batches.close();
    expect(rules.alerts).toBeGreaterThan(900);
    expect(rules.lost + rules.alerts).toBe(5_000);
    expect(losses.reduce((sum, each) => sum + each)).toBe(rules.lost);
    expect(troubles).toEqual(['rules do not keep up with the records; some records are not evaluated']);
  });
});

describe('a thread', () => {
  it('that hangs does not hold up the end, and what it had counts as lost', async () => {
    const { rules, batches } = start(HANGS, { closeTimeoutMs: 100 });
    for (let i = 0; i < 10; i++) batches.write(line);
    await batches.close();
    expect([rules.alerts, rules.lost]).toEqual([0, 10]);
  });

  it.each([
    ['throws', "throw new Error('no more')", 'no more'],
    ['ends', 'process.exit()', 'its thread ended'],
  ])('that %s is said, and what it does not evaluate is counted', async (_, onBatch, why) => {
    const { rules, losses, troubles, batches } = start(thread(onBatch));
    for (let i = 0; i < 10; i++) batches.write(line);
    await vi.waitUntil(() => troubles.length > 0, { timeout: 20_000 });
    batches.write(line);
    await batches.close();
    expect(troubles).toEqual([`rules are not evaluated any more: ${why}`]);
    expect([rules.lost, losses.reduce((sum, each) => sum + each)]).toEqual([11, 11]);
  });

  it('tells its troubles', async () => {
    const { troubles, batches } = start(
      thread("parentPort.postMessage({ type: 'trouble', message: 'disk full' }); done(message)"),
    );
    batches.write(line);
    await batches.close();
    expect(troubles).toEqual(['disk full']);
  });
});

describe('the real thread', () => {
  const rule = (name: string, condition: string) =>
    `- rule: ${name}\n  desc: d\n  condition: ${condition}\n  output: call %mcp.call_id\n  priority: NOTICE\n  source: mcp_audit\n`;
  const sources = [
    { path: 'a.yaml', text: rule('Odd', 'mcp.call_id endswith 1') },
    { path: 'b.yaml', text: rule('Written', 'mcp.written_paths in (/etc/passwd)') },
  ];
  const record = (number: number) =>
    `{"schema_version":"1","timestamp":1700000000000000000,"session_id":"s","client_process":"c","server_host":"stdio","server_port":0,"tls":false,"method":"tools/call","call_id":"c${number}","written_paths":["${number % 3 === 0 ? '/etc/passwd' : '/tmp/é'}"]}`;
  let folder: string | undefined;

  afterEach(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
    folder = undefined;
  });

  it('delivers to file and web server what the engine says of the same lines', async () => {
    folder = mkdtempSync(join(tmpdir(), 'mcp-observer-test-'));
    const file = join(folder, 'alerts.jsonl');
    const posted: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      request.on('end', () => {
        posted.push(body);
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const webhook = parseWebhookUrl(`http://127.0.0.1:${port}/`, '--alerts-url');
      rules = new InlineRules({
        data: { sources, alerts: { file, webhook }, userAgent: 'test' },
        onLoss: () => {},
        onTrouble: (message) => expect.unreachable(message),
      });
      const batches = new LineBatches([rules]);
      const lines = Array.from({ length: 300 }, (_, i) => record(i));
      for (const each of lines) batches.write(each);
      await batches.close();
      const engine = createRuleEngine(loadRuleSet(sources).ruleSet!);
      const expected = lines.flatMap((each) => engine.evaluateLine(each).map(encodeAlert));
      expect(expected.length).toBeGreaterThan(100);
      expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toEqual(expected);
      expect(posted).toEqual(expected);
      expect([rules.alerts, rules.lostAlerts, rules.lost]).toEqual([expected.length, 0, 0]);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    } finally {
      server.close();
    }
  });

  it('says that a file cannot be written, and how many alerts that cost', async () => {
    folder = mkdtempSync(join(tmpdir(), 'mcp-observer-test-'));
    const troubles: string[] = [];
    rules = new InlineRules({
      data: { sources, alerts: { file: folder }, userAgent: 'test' },
      onLoss: () => {},
      onTrouble: (message) => void troubles.push(message),
    });
    const batches = new LineBatches([rules]);
    batches.write(record(1));
    await batches.close();
    expect([rules.alerts, rules.lostAlerts]).toEqual([1, 1]);
    expect(troubles).toEqual([`cannot write alerts to ${folder} (EISDIR)`]);
  });
});
