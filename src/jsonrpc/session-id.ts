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

/** What a session id given from outside must be, in words for an error. */
export const SESSION_ID_RULE = '1 to 128 printable ASCII characters without spaces';

export function isSessionId(text: string): boolean {
  return /^[\x21-\x7e]{1,128}$/.test(text);
}
