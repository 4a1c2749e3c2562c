import type { RelayKind } from '../producers/wrap/conduit.ts';

/** MCP_AUDIT_RELAY=node keeps the relay in JavaScript. */
export function relayKind(env: Readonly<NodeJS.ProcessEnv>): RelayKind {
  return env.MCP_AUDIT_RELAY?.trim().toLowerCase() === 'node' ? 'node' : 'native';
}
