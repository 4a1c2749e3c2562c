/** Finds the addon that relays; it knows nothing of the kernel's events and needs no libraries. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

export interface RelayHandle {
  /** The server's ends of its standard input and output; they are closed by start() and close(). */
  readonly serverInput: number;
  readonly serverOutput: number;
  /** Starts the thread. The batches are its until close(); `onPieces` is called when there is something to take. */
  start(first: ArrayBuffer, second: ArrayBuffer, onPieces: () => void): void;
  /** Bytes used of the batch that is the caller's until the next call; the two take turns. */
  take(): number;
  stopToServer(): void;
  stopToClient(): void;
  giveUpWhenIdle(idleMs: number): void;
  /** Ends the thread and closes all that is open. */
  close(): void;
}

export interface RelayAddon {
  /** Throws where it cannot relay such streams; they can then be used in another way. */
  readonly RelayHandle: new (
    clientInput: number,
    clientOutput: number,
    replaceOutput: boolean,
  ) => RelayHandle;
}

/** The same from src/ and from dist/. */
const RELAY_ADDON_PATH = join(import.meta.dirname, '../../../build/Release/mcp_relay.node');

/** Undefined where it isn't built or can't be loaded. */
export function loadRelayAddon(): RelayAddon | undefined {
  try {
    return createRequire(import.meta.url)(RELAY_ADDON_PATH) as RelayAddon;
  } catch {
    return undefined;
  }
}
