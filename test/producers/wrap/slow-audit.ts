/**
 * Relays one server with an audit that takes its time, and tells on stderr what it was shown.
 * Usage: slow-audit.ts native|node HOLD_UP_MS IDLE_MS COMMAND [ARG...]
 * The server is given up once it has said nothing for IDLE_MS.
 */
import { once } from 'node:events';
import { openConduit, type RelayKind } from '../../../src/producers/wrap/conduit.ts';
import { spawnServer } from '../../../src/producers/wrap/spawn-server.ts';

const [kind, holdUpMs, idleMs, command, ...args] = process.argv.slice(2);
const nobody = new Int32Array(new SharedArrayBuffer(4));
const shown = { client_to_server: 0, server_to_client: 0 };
let lastNs = 0n;
let wentBack = false;

const conduit = openConduit({ input: 0, output: 1 }, kind as RelayKind);
const server = await spawnServer({ command: command!, args }, conduit.serverStdio);
conduit.start(server, (direction, chunk, atNs) => {
  shown[direction] += chunk.length;
  wentBack ||= atNs < lastNs;
  lastNs = atNs;
  Atomics.wait(nobody, 0, 0, Number(holdUpMs));
});
conduit.giveUpWhenIdle(Number(idleMs));
await once(server.child, 'exit');
conduit.stopToServer();
await conduit.ended;
await conduit.flushed;
process.stderr.write(JSON.stringify({ ...shown, wentBack }));
