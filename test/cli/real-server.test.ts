/** A published server and the SDK's client: through the wrapper it has to be as without. */
import { createRequire } from 'node:module';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeRecord } from '../../src/record/encode.ts';
import { validateRecord } from '../../src/record/validate.ts';
import { Sandbox, WRAP } from './wrap-harness.ts';

const SERVER = createRequire(import.meta.url).resolve(
  '@modelcontextprotocol/server-everything/dist/index.js',
);

let box: Sandbox;
beforeEach(() => {
  box = new Sandbox();
});
afterEach(() => box.clean());

async function answers(args: string[]): Promise<unknown> {
  const client = new Client({ name: 'test-client', version: '1.2.3' });
  const transport = new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' });
  await client.connect(transport);
  const { tools } = await client.listTools();
  const echoed = await client.callTool({ name: 'echo', arguments: { message: 'héllo\u0000' } });
  const refused = await client
    .callTool({ name: 'no-such-tool', arguments: {} })
    .catch((error: Error) => error.message);
  const { resources } = await client.listResources();
  const info = [client.getServerVersion(), client.getServerCapabilities(), client.getInstructions()];
  await client.close();
  return { tools, echoed, refused, resources: resources.length, info };
}

describe('server-everything', () => {
  it('answers through the wrapper as it does directly, and each call is recorded', async () => {
    const direct = await answers([SERVER, 'stdio']);
    const wrapped = await answers([WRAP, '--sink', box.sink, '--', process.execPath, SERVER, 'stdio']);
    expect(wrapped).toEqual(direct);

    const records = box.records();
    for (const record of records) {
      expect(validateRecord(JSON.parse(encodeRecord(record)))).toEqual({ ok: true });
    }
    const calls = box.calls().filter(({ direction }) => direction === 'client_to_server');
    expect(calls.map(({ method }) => method)).toEqual(
      expect.arrayContaining(['initialize', 'notifications/initialized', 'tools/list', 'resources/list']),
    );
    const echo = calls.find(({ tool_name }) => tool_name === 'echo');
    expect(echo).toMatchObject({ outcome: 'ok', client_name: 'test-client', client_version: '1.2.3' });
    expect(echo!.server_info_name).not.toBe('');
    expect(calls.find(({ tool_name }) => tool_name === 'no-such-tool')!.outcome).not.toBe('ok');
    expect(box.end()).toMatchObject({ skipped_messages: 0 });
  });
});
