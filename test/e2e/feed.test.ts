import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEMO_SERVER, OBSERVER, startClient, temporaryFolder, until, WRAPPER } from './harness.ts';

let folder: ReturnType<typeof temporaryFolder>;
let agent: ChildProcess | undefined;
let reader: Socket | undefined;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(async () => {
  reader?.destroy();
  if (agent !== undefined && agent.exitCode === null && agent.signalCode === null) {
    agent.kill('SIGKILL');
    await once(agent, 'exit');
  }
  folder.remove();
});

it('run --feed sends a reader what is written to the file, byte for byte', async () => {
  const socket = join(folder.path, 'agent.sock');
  const out = join(folder.path, 'records.jsonl');
  agent = spawn(process.execPath, [OBSERVER, 'run', '--socket', socket, '--out', out, '--feed'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  agent.stderr!.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  await until('the agent listens', () => log.includes('"listening"'));
  await until('the agent has started its file', () => readFileSync(out, 'utf8').includes('agent_start'));
  const started = readFileSync(out, 'utf8').length;
  reader = connect(join(folder.path, 'feed.sock'));
  const received: Buffer[] = [];
  reader.on('data', (chunk: Buffer) => received.push(chunk));
  await until('the agent knows the reader', () => log.includes('reader connected'));

  const client = await startClient([
    process.execPath,
    WRAPPER,
    '--sink',
    `unix:${socket}`,
    '--',
    ...DEMO_SERVER,
  ]);
  await client.close();
  const closed = once(reader, 'close');
  const exited = once(agent, 'exit');
  agent.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  await closed;
  const written = readFileSync(out, 'utf8').slice(started);
  const text = Buffer.concat(received).toString();
  expect(text.split('\n')).toEqual(written.split('\n'));
  for (const part of ['"method":"initialize"', '"session_event":"end"', 'agent_stop']) {
    expect(text).toContain(part);
  }
});
