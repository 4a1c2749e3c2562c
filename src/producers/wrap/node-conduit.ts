/** Moves the bytes with Node's streams: works on every kind of standard input and output. */

import type { ClientFds, Conduit, ObserveBytes } from './conduit.ts';
import { type Relay, startRelay } from './relay.ts';
import type { ServerProcess, ServerStdio } from './spawn-server.ts';
import { type ClientStreams, openClientStreams, restoreBlocking } from './stdio.ts';

export class NodeConduit implements Conduit {
  readonly serverStdio: ServerStdio = ['pipe', 'pipe'];
  readonly #fds: ClientFds;
  readonly #ended = Promise.withResolvers<void>();
  readonly #flushed = Promise.withResolvers<void>();
  #client: ClientStreams | undefined;
  #toServer: Relay | undefined;
  #toClient: Relay | undefined;
  #clientClosed = false;

  constructor(client: ClientFds) {
    this.#fds = client;
  }

  get clientClosed(): boolean {
    return this.#clientClosed;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  get flushed(): Promise<void> {
    return this.#flushed.promise;
  }

  start({ child }: ServerProcess, observe: ObserveBytes): void {
    const { stdin, stdout } = child;
    if (stdin === null || stdout === null) throw new TypeError('the server has no pipes');
    const client = openClientStreams(this.#fds);
    const { input, output } = client;
    this.#client = client;
    this.#toServer = startRelay({
      source: input,
      target: stdin,
      observe: (chunk, atNs) => observe('client_to_server', chunk, atNs),
      onEnd: (byItself) => {
        this.#clientClosed = byItself;
        restoreBlocking(input);
      },
    });
    this.#toClient = startRelay({
      source: stdout,
      target: output,
      observe: (chunk, atNs) => observe('server_to_client', chunk, atNs),
    });
    output.once('finish', () => restoreBlocking(output));
    for (const event of ['finish', 'close', 'error']) output.once(event, this.#flushed.resolve);
    void Promise.all([this.#toServer.ended, this.#toClient.ended]).then(() => this.#ended.resolve());
  }

  abandon(): void {}

  /** Bytes are shown as they are handed on. */
  sync(): void {}

  stopToServer(): void {
    this.#toServer?.stop();
  }

  giveUpWhenIdle(idleMs: number): void {
    this.#toClient?.giveUpWhenIdle(idleMs);
  }

  stopToClient(): void {
    this.#toClient?.stop();
    const output = this.#client?.output;
    if (output === undefined) return;
    restoreBlocking(output);
    output.destroy();
  }
}
