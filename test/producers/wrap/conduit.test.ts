import { spawn } from 'node:child_process';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { relayKinds } from '../../relay-kinds.ts';

const SLOW_AUDIT = fileURLToPath(new URL('./slow-audit.ts', import.meta.url));

async function relay(kind: string, holdUpMs: number, script: string, input: Buffer, idleMs = 10_000) {
  const slow = [SLOW_AUDIT, kind, String(holdUpMs), String(idleMs)];
  const child = spawn(process.execPath, [...slow, 'sh', '-c', script]);
  try {
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const [output, told] = await Promise.all([buffer(child.stdout), text(child.stderr)]);
    return { output: output.toString(), bytes: output.length, told: JSON.parse(told) as unknown };
  } finally {
    child.kill('SIGKILL');
  }
}

describe.each(relayKinds())('a %s relay whose audit is slow', (kind) => {
  it('does not take its own silence for the server’s', async () => {
    const script = 'dd if=/dev/zero bs=100000 count=4 2> /dev/null';
    expect(await relay(kind, 400, script, Buffer.alloc(0), 300)).toMatchObject({
      bytes: 400_000,
      told: { client_to_server: 0, server_to_client: 400_000, wentBack: false },
    });
  });

  it('gives a server up that left its output to a silent child', async () => {
    const { output } = await relay(kind, 1, 'sleep 30 2> /dev/null & echo $!', Buffer.alloc(0), 300);
    // Throws where the child is gone, which would have ended the output.
    process.kill(Number(output), 'SIGKILL');
  });

  it('shows both ways, whole and in order', async () => {
    const input = Buffer.alloc(1_500_000, 'x');
    expect(await relay(kind, 5, 'head -c 1500000', input)).toMatchObject({
      bytes: input.length,
      told: { client_to_server: input.length, server_to_client: input.length, wentBack: false },
    });
  });

  it('shows what the server left unread', async () => {
    const input = Buffer.alloc(4_000_000, 'x');
    const { bytes, told } = await relay(kind, 1, 'head -c 1000', input);
    const { client_to_server: shown } = told as { client_to_server: number };
    expect(bytes).toBe(1000);
    expect(shown).toBeGreaterThanOrEqual(1000);
    expect(shown).toBeLessThan(input.length);
  });
});
