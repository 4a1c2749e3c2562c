import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generateEvents, parseHeader } from '../../../scripts/gen-events.ts';
import {
  BPF_OBJECT_PATH,
  checkLayout,
  loadAddon,
  peerCredentials,
} from '../../../src/producers/kernel/addon.ts';
import { LAYOUT_WORDS } from '../../../src/producers/kernel/layout.gen.ts';
import { parseCapabilities, probeKernel } from '../../../src/producers/kernel/probe.ts';
import { kernelUnavailableReason } from '../../kernel-available.ts';

const header = readFileSync(join(import.meta.dirname, '../../../bpf/events.h'), 'utf8');

describe('the layout of events', () => {
  it('is what the generator makes of events.h', () => {
    for (const { path, text } of generateEvents()) {
      expect(readFileSync(join(import.meta.dirname, '../../..', path), 'utf8')).toBe(text);
    }
  });

  it.each([
    ['padding before a member', '\t__u32 type; ', '\t__u16 type; '],
    ['padding at the end', '\t__u16 text_length[4];', '\t__u16 text_length[3];'],
    ['an unknown type', '\t__u32 pid;', '\tint pid;'],
    ['two members in a line', '\t__u32 pid;', '\t__u32 pid, pid2;'],
    ['an enum value without a number', 'MO_FORK = 2,', 'MO_FORK,'],
  ])('is refused with %s', (_, before, after) => {
    expect(header).toContain(before);
    expect(() => parseHeader(header.replace(before, after))).toThrow('events.h');
  });

  it('is refused when the addon has another one', () => {
    expect(() => checkLayout([...LAYOUT_WORDS])).not.toThrow();
    const other = LAYOUT_WORDS.map((word, i) => (i === 1 ? word + 8 : word));
    for (const words of [other, LAYOUT_WORDS.slice(1), [...LAYOUT_WORDS, 0]]) {
      expect(() => checkLayout(words)).toThrow(expect.objectContaining({ code: 'KERNEL_LAYOUT_MISMATCH' }));
    }
  });
});

describe('probeKernel', () => {
  it('reads the effective capabilities', () => {
    const none = { bpf: false, perfmon: false, sysAdmin: false, sysPtrace: false, dacReadSearch: false };
    expect(parseCapabilities('CapPrm:\t000001ffffffffff\nCapEff:\t0000000000000000\n')).toEqual(none);
    expect(parseCapabilities('CapEff:\t000000c000000000\n')).toEqual({ ...none, bpf: true, perfmon: true });
    expect(parseCapabilities('CapEff:\t0000000000280004\n')).toEqual({
      ...none,
      sysAdmin: true,
      sysPtrace: true,
      dacReadSearch: true,
    });
    expect(parseCapabilities('')).toEqual(none);
  });

  it.skipIf(kernelUnavailableReason() !== undefined)('tries every program', () => {
    const report = probeKernel();
    expect(report).toMatchObject({ btf: true, addon: { ok: true } });
    expect(report.programs.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['on_fork', 'on_exec', 'on_exit', 'on_sys_exit', 'on_tcp_state', 'on_write']),
    );
    expect(report.programs.filter(({ ok }) => !ok)).toEqual([]);
  });
});

describe.skipIf(kernelUnavailableReason() !== undefined)('the addon', () => {
  const open = (path: string) => () => new (loadAddon().KernelHandle)(path, 65_536, 65_536, 1000, () => {});

  it.each([import.meta.filename, '/nowhere'])('refuses %s, which is no BPF object', (path) => {
    expect(open(path)).toThrow(expect.objectContaining({ code: 'KERNEL_LOAD_FAILED' }));
  });

  it('refuses a BPF object with another layout', () => {
    const object = readFileSync(BPF_OBJECT_PATH);
    const words = Buffer.from(new Uint32Array(LAYOUT_WORDS).buffer);
    const at = object.indexOf(words);
    expect(at).toBeGreaterThan(0);
    object.writeUInt32LE(LAYOUT_WORDS[0]! + 1, at);
    const folder = mkdtempSync(join(tmpdir(), 'layout-'));
    const path = join(folder, 'other.bpf.o');
    writeFileSync(path, object);
    expect(open(path)).toThrow(expect.objectContaining({ code: 'KERNEL_LAYOUT_MISMATCH' }));
    rmSync(folder, { recursive: true });
  });

  it('tells who is at the other end of a unix socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'peer-'));
    const path = join(folder, 'socket');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const accepted = once(server, 'connection');
    const client = connect(path);
    const [socket] = await accepted;
    const expected = { pid: process.pid, uid: process.getuid!(), gid: process.getgid!() };
    expect(peerCredentials(socket._handle.fd)).toEqual(expected);
    client.destroy();
    socket.destroy();
    server.close();
    rmSync(folder, { recursive: true });
  });

  it('says what is wrong when a descriptor has no peer', () => {
    expect(() => peerCredentials(999_999)).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });
});
