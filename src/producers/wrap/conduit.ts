/** Both directions between a client and its server, whoever moves the bytes. */
import type { Direction } from '../../record/record.gen.ts';
import { openNativeConduit } from './native-conduit.ts';
import { NodeConduit } from './node-conduit.ts';
import type { ServerProcess, ServerStdio } from './spawn-server.ts';

/** This process's descriptors that the client's messages come from and the server's go to. */
export interface ClientFds {
  readonly input: number;
  readonly output: number;
}

/**
 * `native` moves the bytes on a thread of its own, in the addon; `node` in JavaScript. What the first
 * cannot do, the second does.
 */
export type RelayKind = 'native' | 'node';

/**
 * `atNs`: for bytes to the server a moment before they were handed on, for others one after they were
 * read; moments do not go back. `chunk` is valid during the call only. Must not throw.
 */
export type ObserveBytes = (direction: Direction, chunk: Buffer, atNs: bigint) => void;

export interface Conduit {
  /** For the server's spawn. */
  readonly serverStdio: ServerStdio;
  /** The server runs; from now on bytes flow, and are shown after they were handed on. */
  start(server: ServerProcess, observe: ObserveBytes): void;
  /** There is no server. */
  abandon(): void;
  /** Shows what has gone by until now. */
  sync(): void;
  /** The client's input is over by itself, as far as was shown. */
  readonly clientClosed: boolean;
  /** Gives the client's input up, with what the server has not taken. */
  stopToServer(): void;
  /** Gives the server's output up once it has been silent for this long while the client takes all it gets. */
  giveUpWhenIdle(idleMs: number): void;
  /** Gives the server's output up now, with what the client has not taken. */
  stopToClient(): void;
  /** Resolves when nothing more will come from either side, and all was shown. */
  readonly ended: Promise<void>;
  /** Resolves when the client has everything, or does not want it. */
  readonly flushed: Promise<void>;
}

export function openConduit(client: ClientFds, kind: RelayKind): Conduit {
  return (kind === 'native' ? openNativeConduit(client) : undefined) ?? new NodeConduit(client);
}
