/** Ids that are ours: random, so that they are unique over sessions, hosts and restarts. */
import { randomBytes } from 'node:crypto';

/** 26 hex digits. */
export function createSessionId(): string {
  return randomBytes(13).toString('hex');
}

/**
 * What the ids of a session's calls begin with; a counter follows. A session id that somebody gave may
 * come again in a later session, the prefix does not. At most 150 characters.
 */
export function createCallIdPrefix(sessionId: string): string {
  return `${sessionId.slice(0, 128)}.${randomBytes(4).toString('hex')}.`;
}
