/** Settings that keep a relay small: a wrapper stands before every server, and many run at once. */
import { setFlagsFromString } from 'node:v8';

/** The Node versions whose V8 is known to have the flag; another would complain on stderr. */
const KNOWN_MAJORS = [22, 23, 24, 25, 26];

/**
 * The young generation stays at its first size, since a relay's garbage dies at once. Leaving out a
 * compiler would save as much again, and make every call slower.
 */
export function keepHeapSmall(): void {
  if (!KNOWN_MAJORS.includes(Number(process.versions.node.split('.')[0]))) return;
  setFlagsFromString('--semi-space-growth-factor=1');
}
