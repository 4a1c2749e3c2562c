/** The built plugin in Falco's own libraries. sysdig itself crashes on a source without any event. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordFeed } from '../../../src/agent/record-feed.ts';
import { LineBatches } from '../../../src/sinks/line-batches.ts';
import { until } from '../../e2e/harness.ts';
import { PLUGIN_PATH, provideSysdig, type Sysdig } from './sysdig.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const host = await provideSysdig();

interface FieldSchema {
  readonly description: string;
  readonly 'x-falco': { readonly type: string; readonly list?: boolean };
}

const { properties } = JSON.parse(readFileSync(join(root, 'docs/schema/mcp_audit_v1.json'), 'utf8')) as {
  properties: Record<string, FieldSchema>;
};

/** As sysdig names the types. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'CHARBUF',
  uint64: 'UINT64',
  abstime: 'ABSTIME',
  bool: 'BOOL',
  ipaddr: 'IPADDR',
};

const required = {
  schema_version: '1',
  timestamp: 1_700_000_000_000_000_000,
  session_id: 's',
  client_process: 'c',
  server_host: 'stdio',
  server_port: 0,
  tls: false,
  method: 'tools/call',
};
const record = (number: number, more: object = {}): string =>
  JSON.stringify({
    ...required,
    timestamp: required.timestamp + number * 1_000,
    call_id: `c${number}`,
    ...more,
  });

describe.skipIf('reason' in host)('the plugin in Falco’s libraries', () => {
  const sysdig = host as Sysdig;
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mcp-observer-test-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string, ...lines: string[]): string => {
    const path = join(folder, name);
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
    return path;
  };
  /** The ids of the calls that come by, in order, and what the host complains of. */
  async function read(
    openParams: string,
    options: { filter?: string; input?: string; config?: string } = {},
  ) {
    const plugin = options.config === undefined ? PLUGIN_PATH : `${PLUGIN_PATH}:${options.config}`;
    const args = ['-H', plugin, '-I', `mcp_audit:${openParams}`, '-p', '*%mcp.call_id'];
    const result = await sysdig.run(
      options.filter === undefined ? args : [...args, options.filter],
      options.input === undefined ? {} : { input: options.input },
    );
    return { ...result, ids: result.stdout.split('\n').filter((line) => line !== '') };
  }

  it('says what it is', async () => {
    const { stdout } = await sysdig.run(['--plugin-info', PLUGIN_PATH]);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(stdout).toContain('Name: mcp_audit\n');
    expect(stdout).toContain(`Version: ${version}\n`);
    expect(stdout).toContain("Event Sourcing (ID=999, source='mcp_audit')");
    expect(stdout).toContain('Field Extraction');
    expect(stdout).toContain('Init config schema type: JSON');
  });

  it('has every field of the schema with its type, and no other; the reference page says the same', async () => {
    const { stdout } = await sysdig.run(['-H', PLUGIN_PATH, '--list-markdown']);
    const listed = [...stdout.matchAll(/^`(mcp\.\w+)` \| (\S+) \| (.+)$/gm)].map((match) => match.slice(1));
    expect(listed.map(([name, type]) => [name, type])).toEqual(
      Object.entries(properties).map(([name, { 'x-falco': falco }]) => {
        const type = TYPES[falco.type]!;
        return [`mcp.${name}`, falco.list ? `LIST(${type})` : type];
      }),
    );
    const page = readFileSync(join(root, 'docs/reference/fields.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `\w+` \| `(mcp\.\w+)` \| ([\w ]+) \|.*\| (.+) \|$/gm)];
    const typeOf = (text: string) =>
      text.startsWith('list of ') ? `LIST(${TYPES[text.slice(8)]})` : TYPES[text];
    expect(rows.map(([, name, type, text]) => [name, typeOf(type!), text!.replaceAll('`', '')])).toEqual(
      listed.map(([name, type, text]) => [name, type, text!.trimEnd()]),
    );
  });

  it('gives values of every type, and none where there is none', async () => {
    const path = file(
      'records.jsonl',
      record(1, {
        tool_name: 'a\u001b[31m"é',
        request_bytes: 12,
        tls: true,
        ip: '2001:db8::1',
        read_paths: ['/a', '/b c'],
        connect_ips: ['192.0.2.7', '::1'],
        duration_ms: 1.75,
      }).replace('"request_bytes":12', '"request_bytes":18446744073709551615'),
    );
    const fields = [
      'tool_name',
      'tls',
      'ip',
      'read_paths',
      'connect_ips',
      'duration_ms',
      'timestamp',
      'path',
    ];
    const format = ['request_bytes', ...fields].map((name) => `%mcp.${name}`).join(' ');
    const { stdout } = await sysdig.run([
      ...['-H', PLUGIN_PATH, '-I', `mcp_audit:${path}`, '-j'],
      ...['-p', `*%evt.rawtime %evt.source ${format}`],
    ]);
    expect(JSON.parse(stdout)).toEqual({
      'evt.rawtime': required.timestamp + 1_000,
      'evt.source': 'mcp_audit',
      'mcp.request_bytes': 2 ** 64,
      'mcp.tool_name': 'a\\x1b[31m"é',
      'mcp.tls': true,
      'mcp.ip': '2001:db8::1',
      'mcp.read_paths': ['/a', '/b c'],
      'mcp.connect_ips': ['192.0.2.7', '::1'],
      'mcp.duration_ms': 1,
      'mcp.timestamp': required.timestamp + 1_000,
      'mcp.path': null,
    });
    expect(stdout).toContain('"mcp.request_bytes":18446744073709551615');
  });

  it.each([
    ['{"poll_ms":5,"sanitize":false,"max_record_bytes":1024,"batch_records":1}', 0, ''],
    ['{"poll_ms":101}', 1, 'poll_ms'],
    ['{"max_record_bytes":1}', 1, 'max_record_bytes'],
    ['{"sanitize":"no"}', 1, 'sanitize'],
    ['{"unknown_key":1}', 1, 'unknown_key'],
    ['[', 1, 'json'],
  ])('takes or refuses the init config %s', async (config, status, complaint) => {
    const result = await read(file('records.jsonl', record(1), record(2)), { config });
    expect(result.status).toBe(status);
    expect(result.stderr).toContain(complaint);
    expect(result.ids).toEqual(status === 0 ? ['c1', 'c2'] : []);
  });

  it('replays what was captured as it was, with the same fields and times', async () => {
    const path = file(
      'records.jsonl',
      record(1, { tool_name: 'a' }),
      'broken',
      record(2, { path: '/é\u0007' }),
    );
    const scap = join(folder, 'capture.scap');
    const format = [
      '-j',
      '-p',
      '*%evt.num %evt.rawtime %mcp.call_id %mcp.tool_name %mcp.path %evt.plugininfo',
    ];
    const live = await sysdig.run(['-H', PLUGIN_PATH, '-I', `mcp_audit:${path}`, ...format]);
    await sysdig.run(['-H', PLUGIN_PATH, '-I', `mcp_audit:${path}`, '-w', scap]);
    const replayed = await sysdig.run(['-H', PLUGIN_PATH, '-r', scap, ...format]);
    expect(replayed.stdout.split('\n')).toEqual(live.stdout.split('\n'));
    const paths = live.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)['mcp.path'] as unknown);
    expect(paths).toEqual([null, '/é\\x07']);
    const filtered = await sysdig.run([
      '-H',
      PLUGIN_PATH,
      '-r',
      scap,
      '-p',
      '*%mcp.call_id',
      'mcp.tool_name=a',
    ]);
    expect(filtered.stdout).toBe('c1\n');
  });

  describe('reads', () => {
    it('a file, from which a filter selects', async () => {
      const path = file(
        'records.jsonl',
        record(1),
        record(2, { tls: true }),
        record(3, { read_paths: ['/x'] }),
        record(4, { ip: '10.1.2.3' }),
        record(5, { request_bytes: 7 }),
      );
      expect((await read(path)).ids).toEqual(['c1', 'c2', 'c3', 'c4', 'c5']);
      for (const [filter, id] of [
        ['mcp.tls=true', 'c2'],
        ['mcp.read_paths in (/x)', 'c3'],
        ['mcp.ip=10.1.2.3', 'c4'],
        ['mcp.request_bytes>6', 'c5'],
        ['mcp.call_id endswith 1', 'c1'],
      ] as const) {
        expect((await read(path, { filter })).ids).toEqual([id]);
      }
    });

    it('standard input', async () => {
      const { ids, stderr } = await read('-', { input: `${record(1)}\n${record(2)}` });
      expect([ids, stderr]).toEqual([['c1', 'c2'], '']);
    });

    it('all files of a folder, and nothing else in it', async () => {
      file('a.jsonl', record(1));
      file('b.jsonl', record(2));
      file('notes.txt', record(3));
      expect((await read(folder)).ids.sort()).toEqual(['c1', 'c2']);
    });

    it('what the agent feeds, and stops when it is told to', async () => {
      const path = join(folder, 'feed.sock');
      const log = { debug() {}, info() {}, warn() {}, error() {} };
      const feed = new RecordFeed({ path, log, allowedUids: [process.getuid!()], onLoss: () => {} });
      await feed.listen();
      const batches = new LineBatches([feed]);
      const args = ['-H', PLUGIN_PATH, '-I', `mcp_audit:unix://${path}?follow=true`, '--unbuffered'];
      const [program, ...prefix] = sysdig.command;
      const child = spawn(program, [...prefix, ...args, '-p', '*%mcp.call_id'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      try {
        await until('the plugin is connected', () => feed.isWanted);
        for (let i = 0; i < 1_000; i++) batches.write(record(i));
        await until('the records came through', () => output.endsWith('c999\n'));
        expect(output.split('\n')).toHaveLength(1_001);
        const ended = once(child, 'exit');
        child.kill('SIGINT');
        expect(await ended).toEqual([0, null]);
      } finally {
        child.kill('SIGKILL');
        await batches.close();
      }
    });

    it('what is broken, over what is broken: the rest is there', async () => {
      const lines = [
        'not json',
        '{"half":',
        '[]',
        '{}',
        '{"schema_version":"1"}',
        record(2).replace('"tools/call"', '"\\ud800"'),
        record(3, { tool_name: 'x'.repeat(70_000) }),
        `${record(4)}}`,
        '\u0000',
        '',
      ];
      const path = file('records.jsonl', ...lines, record(1), ...lines, record(5));
      const { ids, status, stderr } = await read(path);
      expect([ids, status, stderr]).toEqual([['c1', 'c5'], 0, '']);
    });

    it('nothing that is not there, and says so', async () => {
      const { status, stderr } = await read(join(folder, 'none.jsonl'));
      expect(status).toBe(1);
      expect(stderr).toContain(`${join(folder, 'none.jsonl')}: No such file or directory`);
    });

    it('no option that it does not know', async () => {
      const { status, stderr } = await read(`${file('records.jsonl', record(1))}?folow=true`);
      expect(status).toBe(1);
      expect(stderr).toContain('unknown option "folow"');
    });
  });
});
