/** Ids that are ours: random, so that they are unique over sessions, hosts and restarts. */
import { closeSync, openSync, readSync } from 'node:fs';

/** From the kernel, since loading node:crypto would cost every wrapper a megabyte. */
function randomHex(bytes: number): string {
  const buffer = Buffer.alloc(bytes);
  const fd = openSync('/dev/urandom', 'r');
  try {
    readSync(fd, buffer);
  } finally {
    closeSync(fd);
  }
  return buffer.toString('hex');
}

/** 26 hex digits. */
export function createSessionId(): string {
  return randomHex(13);
}

/**
 * What the ids of a session's calls begin with; a counter follows. A session id that somebody gave may
 * come again in a later session, the prefix does not. At most 150 characters.
 */
export function createCallIdPrefix(sessionId: string): string {
  return `${sessionId.slice(0, 128)}.${randomHex(4)}.`;
}

/** What a session id given from outside must be, in words for an error. */
export const SESSION_ID_RULE = '1 to 128 printable ASCII characters without spaces';

export function isSessionId(text: string): boolean {
  return /^[\x21-\x7e]{1,128}$/.test(text);
}
