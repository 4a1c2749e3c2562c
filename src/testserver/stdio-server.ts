/** A minimal MCP server on stdin and stdout: newline-delimited JSON-RPC, tools only. */
import { createInterface } from 'node:readline';

export interface ToolResult {
  readonly content: readonly { readonly type: 'text'; readonly text: string }[];
  readonly isError?: boolean;
}

export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: object;
  readonly annotations?: Record<string, boolean>;
  run(args: Record<string, unknown>): Promise<string>;
}

interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
}

const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;

class RpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Serves until stdin ends. */
export function serveStdio(name: string, version: string, tools: readonly Tool[]): void {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));

  const answer = async (message: Message): Promise<unknown> => {
    const params = message.params ?? {};
    switch (message.method) {
      case 'initialize':
        return {
          protocolVersion: params.protocolVersion ?? '2025-11-25',
          capabilities: { tools: {} },
          serverInfo: { name, version },
        };
      case 'ping':
        return {};
      case 'tools/list':
        return { tools: tools.map(({ run: _, ...listed }) => listed) };
      case 'tools/call': {
        const tool = byName.get(String(params.name));
        if (tool === undefined) throw new RpcError(INVALID_PARAMS, 'Unknown tool');
        return callTool(tool, (params.arguments ?? {}) as Record<string, unknown>);
      }
      default:
        throw new RpcError(METHOD_NOT_FOUND, 'Method not found');
    }
  };

  createInterface({ input: process.stdin }).on('line', (line) => {
    let message: Message;
    try {
      message = JSON.parse(line) as Message;
    } catch {
      return;
    }
    if (message.id === undefined || message.method === undefined) return;
    const { id } = message;
    answer(message).then(
      (result) => send({ jsonrpc: '2.0', id, result }),
      (error: unknown) => {
        const code = error instanceof RpcError ? error.code : -32603;
        send({ jsonrpc: '2.0', id, error: { code, message: String((error as Error).message) } });
      },
    );
  });
}

async function callTool(tool: Tool, args: Record<string, unknown>): Promise<ToolResult> {
  try {
    return { content: [{ type: 'text', text: await tool.run(args) }] };
  } catch (error) {
    return { content: [{ type: 'text', text: String((error as Error).message) }], isError: true };
  }
}

function send(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
