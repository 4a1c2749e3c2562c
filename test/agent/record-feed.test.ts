import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordFeed, type RecordFeedOptions } from '../../src/agent/record-feed.ts';
import type { Logger } from '../../src/base/log.ts';
import { ADDON_PATH } from '../../src/producers/kernel/addon.ts';
import { JsonlFile } from '../../src/sinks/jsonl-file.ts';
import { LineBatches, teeLines } from '../../src/sinks/line-batches.ts';

const uid = process.getuid!();
let folder: string;
let path: string;
let feeds: RecordFeed[];
let sockets: Socket[];
let warnings: string[];
let connected: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcp-observer-test-'));
  path = join(folder, 'run', 'records.sock');
  feeds = [];
  sockets = [];
  warnings = [];
  connected = 0;
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  for (const feed of feeds) await feed.close();
  rmSync(folder, { recursive: true, force: true });
});

const log: Logger = {
  debug() {},
  info: () => void connected++,
  warn: (message) => void warnings.push(message),
  error() {},
};

async function open(options: Partial<RecordFeedOptions> = {}) {
  const losses: number[] = [];
  const feed = new RecordFeed({
    path,
    log,
    allowedUids: [uid],
    onLoss: (records) => void losses.push(records),
    ...options,
  });
  await feed.listen();
  feeds.push(feed);
  return { feed, losses, batches: new LineBatches([feed]) };
}

interface Reader {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  text(): string;
}

async function read(): Promise<Reader> {
  const before = connected;
  const socket = connect(path);
  sockets.push(socket);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await until(() => connected > before);
  return { socket, closed, text: () => Buffer.concat(chunks).toString() };
}

async function until(check: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!check()) {
    if (performance.now() > deadline) throw new Error(`did not happen: ${check}`);
    await sleep(5);
  }
}

/** Lines of about a kilobyte that say their number. */
const line = (number: number) => `{"n":${number},"fill":"${'é'.repeat(500)}"}`;
const numbersIn = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((each) => (JSON.parse(each) as { n: number }).n);

describe('a reader', () => {
  it('gets the very bytes that the file gets, from when it has connected', async () => {
    const { feed, batches } = await open();
    const file = new JsonlFile({ target: join(folder, 'records.jsonl'), onTrouble: () => {} });
    const lines = teeLines(file, batches);
    lines.write('{"before":true}');
    await nextTurn();
    const [a, b] = [await read(), await read()];
    lines.write('{"text":"ä\\u0000"', Buffer.from(',"tail":[1.50]}'));
    for (let i = 0; i < 2_000; i++) lines.write(line(i));
    await lines.close();
    await Promise.all([a.closed, b.closed]);
    const written = readFileSync(join(folder, 'records.jsonl'), 'utf8');
    const expected = written.slice('{"before":true}\n'.length);
    expect(expected).toHaveLength(written.length - 16);
    expect([a.text() === expected, b.text() === expected]).toEqual([true, true]);
    expect([feed.lost, file.lost]).toEqual([0, 0]);
  });

  it('that does not keep up loses whole records, which are counted; another loses none', async () => {
    const maxQueuedBytes = 512 << 10;
    const { feed, losses, batches } = await open({ maxQueuedBytes });
    const slow = await read();
    slow.socket.pause();
    const fast = await read();
    await sleep(50);
    const sent = 6_000;
    for (let i = 0; i < sent; i++) {
      batches.write(line(i));
      if (i % 100 === 99) await until(() => numbersIn(fast.text()).at(-1) === i);
    }
    expect(numbersIn(fast.text())).toEqual(Array.from({ length: sent }, (_, i) => i));
    // Told at once that it begins, and only once while it goes on.
    expect(losses).toHaveLength(1);
    slow.socket.resume();
    await until(() => losses.length === 2);
    const got = numbersIn(slow.text());
    expect(got.length).toBeGreaterThan(100);
    expect(got).toEqual([...new Set(got)].sort((x, y) => x - y));
    expect(feed.lost).toBe(sent - got.length);
    expect(losses[0]! + losses[1]!).toBe(feed.lost);
    expect(warnings).toEqual(['a reader of the feed does not keep up and loses records']);
    batches.write(line(sent));
    await until(() => numbersIn(slow.text()).at(-1) === sent);
  });

  it('that is cut off at the end loses what it was not given, and does not hold up the end', async () => {
    const { feed, batches } = await open({ closeTimeoutMs: 50 });
    const slow = await read();
    slow.socket.pause();
    for (let i = 0; i < 4_000; i++) batches.write(line(i));
    await batches.close();
    slow.socket.resume();
    await slow.closed;
    const whole = slow.text().slice(0, slow.text().lastIndexOf('\n') + 1);
    // The batch that was under way counts as lost: it did not arrive as a whole.
    expect(feed.lost).toBeGreaterThanOrEqual(4_000 - numbersIn(whole).length);
    expect(feed.lost).toBeLessThan(4_000);
  });

  it('that leaves is forgotten, and nothing is lost by it', async () => {
    const { feed, losses, batches } = await open();
    const reader = await read();
    reader.socket.destroy();
    await until(() => !feed.isWanted);
    batches.write(line(1));
    await nextTurn();
    expect([feed.lost, losses]).toEqual([0, []]);
  });
});

describe('the socket', () => {
  it('is for its user only, and goes with the feed', async () => {
    const { feed } = await open();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await feed.close();
    await until(() => !existsSync(path));
  });

  it.skipIf(!existsSync(ADDON_PATH))('refuses another user, whatever its permissions', async () => {
    const { feed } = await open({ allowedUids: [uid + 1] });
    const socket = connect(path);
    sockets.push(socket);
    await new Promise<void>((resolve) => socket.once('close', () => resolve()));
    expect(feed.isWanted).toBe(false);
    expect(warnings).toEqual(['refused a reader of another user']);
  });

  it('is not taken from a feed that answers, nor is another file', async () => {
    await open();
    await expect(open()).rejects.toMatchObject({ code: 'AGENT_ALREADY_RUNNING' });
    path = join(folder, 'file');
    writeFileSync(path, 'mine');
    await expect(open()).rejects.toMatchObject({ code: 'SOCKET_UNAVAILABLE' });
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });
});
