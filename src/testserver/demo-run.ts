/** The demo: real MCP servers and a bundled one under `trace`, driven by the official SDK's client. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ObserverError } from '../base/errors.ts';

export interface DemoOptions {
  /** Records are appended here. */
  readonly recordsPath: string;
  /** Command line of `mcp-observer trace`, without its options. */
  readonly traceCommand: readonly string[];
  /** Told what is being done. */
  progress(step: string): void;
}

interface Server {
  readonly name: string;
  readonly command: readonly string[];
  readonly calls: readonly Call[];
  /** Waits after the last call, so that late effects are seen. */
  readonly lingerMs: number;
}

interface Call {
  readonly tool: string;
  readonly args: Record<string, unknown>;
  /** Pause before the call. */
  readonly afterMs?: number;
}

/** @throws ObserverError DEMO_FAILED when a server or the client is not installed or does not answer */
export async function runDemo(options: DemoOptions): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mcp-observer-demo-')));
  const listener = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const openPort = (listener.address() as { port: number }).port;
  const closedPort = await findClosedPort();
  try {
    for (const server of servers(folder, openPort, closedPort)) {
      options.progress(`${server.name}: ${server.calls.length} tool calls`);
      await drive(server, options);
    }
  } finally {
    listener.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function servers(folder: string, openPort: number, closedPort: number): Server[] {
  const at = (name: string): string => join(folder, name);
  return [
    {
      name: 'server-filesystem',
      command: [process.execPath, packageBin('@modelcontextprotocol/server-filesystem'), folder],
      lingerMs: 0,
      calls: [
        { tool: 'list_allowed_directories', args: {} },
        { tool: 'create_directory', args: { path: at('notes') } },
        { tool: 'write_file', args: { path: at('notes/a.txt'), content: 'one\ntwo\n' } },
        { tool: 'read_text_file', args: { path: at('notes/a.txt') } },
        {
          tool: 'edit_file',
          args: { path: at('notes/a.txt'), edits: [{ oldText: 'two', newText: 'three' }] },
        },
        { tool: 'move_file', args: { source: at('notes/a.txt'), destination: at('notes/b.txt') } },
        { tool: 'list_directory', args: { path: at('notes') } },
        { tool: 'get_file_info', args: { path: at('notes/b.txt') } },
        { tool: 'read_text_file', args: { path: '/etc/hostname' } },
      ],
    },
    {
      name: 'server-everything',
      command: [process.execPath, packageBin('@modelcontextprotocol/server-everything'), 'stdio'],
      lingerMs: 0,
      calls: [
        { tool: 'echo', args: { message: 'hello' } },
        { tool: 'get-sum', args: { a: 2, b: 3 } },
        { tool: 'get-tiny-image', args: {} },
      ],
    },
    {
      name: 'demo-server',
      command: [process.execPath, fileURLToPath(new URL(`./demo-server${OWN_EXTENSION}`, import.meta.url))],
      lingerMs: 700,
      calls: [
        { tool: 'run_shell', args: { path: at('shell.txt') } },
        { tool: 'fetch_local', args: { port: openPort } },
        { tool: 'fetch_local', args: { port: closedPort } },
        { tool: 'summarize', args: { path: at('summary.txt') } },
        { tool: 'answer_first', args: { path: at('late.txt'), delay_ms: 60 } },
        { tool: 'sleep', args: { delay_ms: 150 } },
        { tool: 'daemonise', args: { path: at('daemon.txt'), delay_ms: 500 } },
        { tool: 'wake_up_later', args: { path: at('unsolicited.txt'), delay_ms: 800 }, afterMs: 1200 },
        { tool: 'sleep', args: { delay_ms: 10 }, afterMs: 1300 },
      ],
    },
  ];
}

/** `.ts` when run from the sources, `.js` when built. */
const OWN_EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

async function drive(server: Server, options: DemoOptions): Promise<void> {
  const { Client, StdioClientTransport } = await loadSdk();
  const [command, ...prefix] = options.traceCommand;
  const transport = new StdioClientTransport({
    command: command!,
    args: [
      ...prefix,
      '--out',
      options.recordsPath,
      '--server-name',
      server.name,
      '--quiet',
      '--',
      ...server.command,
    ],
    stderr: 'ignore',
  });
  const client = new Client({ name: 'mcp-observer-demo', version: '1.0.0' });
  try {
    await client.connect(transport);
    await client.listTools();
    for (const call of server.calls) {
      if (call.afterMs !== undefined) await sleep(call.afterMs);
      await client.callTool({ name: call.tool, arguments: call.args });
    }
    await sleep(server.lingerMs);
  } catch (cause) {
    const why = (cause as Error).message;
    throw new ObserverError('DEMO_FAILED', `${server.name} did not do its part: ${why}`, { cause });
  } finally {
    await client.close();
  }
}

async function loadSdk() {
  try {
    const [{ Client }, { StdioClientTransport }] = await Promise.all([
      import('@modelcontextprotocol/sdk/client/index.js'),
      import('@modelcontextprotocol/sdk/client/stdio.js'),
    ]);
    return { Client, StdioClientTransport };
  } catch (cause) {
    throw new ObserverError('DEMO_FAILED', 'The package @modelcontextprotocol/sdk is not installed', {
      cause,
    });
  }
}

/** File that a package names as its one command. */
function packageBin(name: string): string {
  const require = createRequire(import.meta.url);
  try {
    const manifestPath = require.resolve(`${name}/package.json`);
    const { bin } = require(manifestPath) as { bin: string | Record<string, string> };
    const file = typeof bin === 'string' ? bin : Object.values(bin)[0];
    return join(dirname(manifestPath), file!);
  } catch (cause) {
    throw new ObserverError('DEMO_FAILED', `The package ${name} is not installed`, { cause });
  }
}

/** A port that was free a moment ago, so that connecting to it is refused. */
async function findClosedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
