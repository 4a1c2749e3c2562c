import { type AddressInfo, createServer, type Server } from 'node:net';
import { constants as os } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kernelUnavailableReason } from '../../kernel-available.ts';
import { Recorder, type SeenEvent, Workshop } from './observed.ts';

const { ECONNREFUSED, EINPROGRESS, EMSGSIZE, ENOENT } = os.errno;
const STREAM = 1;
const DATAGRAM = 2;

function listen(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1', () => resolve(server));
  });
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

describe.skipIf(kernelUnavailableReason() !== undefined)('socket events', () => {
  let workshop: Workshop;
  let recorder: Recorder;
  let server: Server;
  let openPort: number;
  let closedPort: number;
  let events: readonly SeenEvent[];

  beforeAll(async () => {
    workshop = new Workshop();
    recorder = new Recorder();
    server = await listen();
    openPort = portOf(server);
    const gone = await listen();
    closedPort = portOf(gone);
    await new Promise((resolve) => gone.close(resolve));
    const args = ['net', String(openPort), String(closedPort), workshop.newFolder()];
    const seen = await recorder.run(workshop.exerciser, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    expect(seen.exitCode).toBe(0);
    events = seen.events;
  });

  afterAll(() => {
    recorder.close();
    server.close();
    workshop.close();
  });

  const of = (kind: string) => events.filter((event) => event.kind === kind);
  const ipv4 = (port: number) => ({ family: 'ipv4', ip: '127.0.0.1', port });

  it('tells each connect with its address and the result of the call', () => {
    expect(of('connect').map(({ address, result, flags }) => [address, result, flags])).toEqual([
      [ipv4(openPort), 0, STREAM],
      [ipv4(closedPort), -ECONNREFUSED, STREAM],
      [ipv4(openPort), -EINPROGRESS, STREAM],
      [ipv4(closedPort), -EINPROGRESS, STREAM],
      [{ family: 'ipv6', ip: '::1', port: closedPort }, -ECONNREFUSED, STREAM],
      [{ family: 'unix', path: 'missing.sock' }, -ENOENT, STREAM],
      [{ family: 'unix', path: '@exerciser-abstract' }, -ECONNREFUSED, STREAM],
    ]);
  });

  it('tells how each TCP connect ended, under the same object', () => {
    const connects = of('connect').filter(({ address }) => address.family !== 'unix');
    const done = of('connectDone');
    expect(done).toHaveLength(connects.length);
    const results = connects.map(({ objectId, pid, uid, comm }) => {
      const end = done.find((event) => event.objectId === objectId);
      expect(end).toMatchObject({ pid, uid, comm });
      return [end?.address, end?.result];
    });
    expect(results).toEqual([
      [ipv4(openPort), 0],
      [ipv4(closedPort), -ECONNREFUSED],
      [ipv4(openPort), 0],
      [ipv4(closedPort), -ECONNREFUSED],
      [{ family: 'ipv6', ip: '::1', port: closedPort }, -ECONNREFUSED],
    ]);
  });

  it('tells binds, but not those of netlink', () => {
    expect(of('bind').map(({ address, result }) => [address, result])).toEqual([
      [{ family: 'unix', path: 'bound.sock' }, 0],
      [ipv4(0), 0],
    ]);
  });

  it('tells each datagram that names its own address', () => {
    const sent = of('send');
    const failed = sent.filter(({ result }) => result === -ECONNREFUSED);
    for (const { bytes } of failed) expect(bytes).toBe(5);
    expect(
      sent
        .filter((event) => !failed.includes(event))
        .map(({ address, bytes, result, flags }) => [address, bytes, result, flags]),
    ).toEqual([
      [ipv4(closedPort), 4, 4, DATAGRAM],
      [ipv4(openPort), 5, 5, DATAGRAM],
      [ipv4(openPort), 5, 5, DATAGRAM],
      [ipv4(closedPort), 2, 2, DATAGRAM],
      [ipv4(openPort), 70_000, -EMSGSIZE, DATAGRAM],
    ]);
    expect(new Set(sent.map(({ objectId }) => objectId)).size).toBe(1);
    expect(sent[0]?.objectId).toBe(of('bind').at(-1)?.objectId);
  });
});
