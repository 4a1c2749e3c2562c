/** The relays that can be tested here. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RelayKind } from '../src/producers/wrap/conduit.ts';

const isBuilt = (name: string): boolean =>
  existsSync(fileURLToPath(new URL(`../build/Release/${name}`, import.meta.url)));

/** Says so where one is left out. The two addons are built together: where one is, the other has to be. */
export function relayKinds(): RelayKind[] {
  if (isBuilt('mcp_relay.node') || isBuilt('mcp_observer.node')) return ['native', 'node'];
  console.log("skipped: the relay's addon is not built");
  return ['node'];
}
