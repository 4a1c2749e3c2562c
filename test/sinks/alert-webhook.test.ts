import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AlertWebhook, type AlertWebhookOptions, parseWebhookUrl } from '../../src/sinks/alert-webhook.ts';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let server: Server;
let received: Received[];
let troubles: string[];
/** Answers the request with this number; undefined leaves it without an answer. */
let answer: (number: number, response: ServerResponse) => void;

const alert = (number: number) => JSON.stringify({ rule: 'MCP Insecure TLS', output: `é ${number}` });
const bodies = () => received.map(({ body }) => body);

async function listen(port = 0): Promise<number> {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      received.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      answer(received.length, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function unlisten(): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function open(url: string, options: Partial<AlertWebhookOptions> = {}): AlertWebhook {
  return new AlertWebhook({
    url: parseWebhookUrl(url, '--alerts-url'),
    userAgent: 'mcp-observer/0',
    onTrouble: (message) => void troubles.push(message),
    firstRetryMs: 5,
    closeTimeoutMs: 10_000,
    ...options,
  });
}

beforeEach(() => {
  server = createServer();
  received = [];
  troubles = [];
  answer = (_, response) => response.writeHead(200).end('ok');
});

afterEach(async () => {
  if (server.listening) await unlisten();
});

describe('an alert', () => {
  it('is posted as it is, as JSON, to the path with its query, in order', async () => {
    const port = await listen();
    const webhook = open(`http://127.0.0.1:${port}/hook/x?y=1#z`);
    for (let i = 0; i < 50; i++) webhook.write(alert(i));
    await webhook.close();
    expect(bodies()).toEqual(Array.from({ length: 50 }, (_, i) => alert(i)));
    expect(received[0]).toMatchObject({
      method: 'POST',
      url: '/hook/x?y=1',
      headers: { 'content-type': 'application/json', 'user-agent': 'mcp-observer/0' },
    });
    expect([webhook.lost, troubles]).toEqual([0, []]);
  });

  it('carries the credentials of the address as a header, and they are in no message', async () => {
    const port = await listen();
    answer = (_, response) => response.writeHead(401).end();
    const webhook = open(`http://user:p%40ss@127.0.0.1:${port}/hook`);
    webhook.write(alert(1));
    await webhook.close();
    expect(received[0]!.headers.authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
    expect(troubles).toEqual([
      `cannot deliver alerts to http://127.0.0.1:${port}: it answers with status 401`,
    ]);
  });
});

describe('an answer', () => {
  it.each([500, 503, 408, 429])('of %i is tried again until it is taken', async (status) => {
    const port = await listen();
    answer = (number, response) => response.writeHead(number <= 3 ? status : 204).end();
    const webhook = open(`http://127.0.0.1:${port}/`);
    webhook.write(alert(1));
    webhook.write(alert(2));
    await webhook.close();
    expect(bodies()).toEqual([alert(1), alert(1), alert(1), alert(1), alert(2)]);
    expect(webhook.lost).toBe(0);
    expect(troubles).toHaveLength(1);
  });

  it('of 500 each time loses the alert, not the next ones', async () => {
    const port = await listen();
    answer = (number, response) => response.writeHead(number <= 3 ? 500 : 200).end();
    const webhook = open(`http://127.0.0.1:${port}/`, { maxTries: 3 });
    webhook.write(alert(1));
    webhook.write(alert(2));
    await webhook.close();
    expect(bodies()).toEqual([alert(1), alert(1), alert(1), alert(2)]);
    expect(webhook.lost).toBe(1);
  });

  it.each([
    [404, 'it answers with status 404'],
    [301, 'it answers with status 301, and redirects are not followed'],
    [307, 'it answers with status 307, and redirects are not followed'],
  ])('of %i loses the alert at once', async (status, why) => {
    const port = await listen();
    answer = (_, response) => response.writeHead(status, { location: '/elsewhere' }).end();
    const webhook = open(`http://127.0.0.1:${port}/`);
    webhook.write(alert(1));
    webhook.write(alert(2));
    await webhook.close();
    expect(received.map(({ url, body }) => [url, body])).toEqual([
      ['/', alert(1)],
      ['/', alert(2)],
    ]);
    expect(webhook.lost).toBe(2);
    expect(troubles).toEqual([`cannot deliver alerts to http://127.0.0.1:${port}: ${why}`]);
  });

  it('that does not come in time is not waited for', async () => {
    const port = await listen();
    answer = (number, response) => {
      if (number > 1) response.writeHead(200).end();
    };
    const webhook = open(`http://127.0.0.1:${port}/`, { timeoutMs: 100 });
    webhook.write(alert(1));
    await webhook.close();
    expect(bodies()).toEqual([alert(1), alert(1)]);
    expect(troubles).toEqual([`cannot deliver alerts to http://127.0.0.1:${port}: no answer in 100 ms`]);
    expect(webhook.lost).toBe(0);
  });
});

describe('a server that is away', () => {
  it('gets everything in order when it comes back', async () => {
    const port = await listen();
    await unlisten();
    const webhook = open(`http://127.0.0.1:${port}/`, { maxRetryMs: 20 });
    for (let i = 0; i < 20; i++) webhook.write(alert(i));
    await vi.waitUntil(() => troubles.length > 0);
    await listen(port);
    await webhook.close();
    expect(bodies()).toEqual(Array.from({ length: 20 }, (_, i) => alert(i)));
    expect(troubles).toEqual([`cannot deliver alerts to http://127.0.0.1:${port}: ECONNREFUSED`]);
    expect(webhook.lost).toBe(0);
  });

  it.each([
    ['alerts', { maxQueuedAlerts: 3 }],
    ['bytes', { maxQueuedBytes: 3 * Buffer.byteLength(alert(1)) + 1 }],
  ])('costs what is beyond the bound of %s, and the rest when it stays away', async (_, options) => {
    const port = await listen();
    await unlisten();
    const webhook = open(`http://127.0.0.1:${port}/`, { closeTimeoutMs: 30, ...options });
    for (let i = 0; i < 5; i++) webhook.write(alert(i));
    expect(webhook.lost).toBe(2);
    await webhook.close();
    expect(webhook.lost).toBe(5);
    webhook.write(alert(6));
    expect(webhook.lost).toBe(6);
  });

  it('does not hold up the end, also when it takes the connection and says nothing', async () => {
    const silent = createTcpServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = silent.address() as AddressInfo;
      const webhook = open(`http://127.0.0.1:${port}/`, { closeTimeoutMs: 30 });
      webhook.write(alert(1));
      await webhook.close();
      expect(webhook.lost).toBe(1);
    } finally {
      silent.close();
    }
  });
});

it.each(['', 'localhost:1', 'ftp://127.0.0.1/', '/path', 'http://'])('refuses the address "%s"', (text) => {
  expect(() => parseWebhookUrl(text, '--alerts-url')).toThrow(
    '--alerts-url needs an http:// or https:// address',
  );
});
