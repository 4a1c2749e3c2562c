/** What a secret looks like: by the name in front of it, and by its own form. */

/** Words that make a name secret where they stand at its end. */
const SECRET_WORDS = words(
  'token secret secrets password passwd passphrase passcode pass pwd pw credential credentials apikey bearer jwt',
);
/** `…key` is secret after one of these; a key by itself may be anything. */
const KEY_WORDS = words(
  'api access secret private encryption signing account master auth session shared subscription app',
);
/** Names without separators, as PGPASSWORD. */
const SECRET_ENDING =
  /(?:password|passwd|passphrase|authtoken|accesstoken|secretkey|apikey|privatekey|accesskey)$/i;
/** Names that are secret only where the value looks like it. */
const DOUBTFUL_WORDS = words('key auth sig signature session sid cookie hash code');

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
}

/** Whether a value with this name is a secret: `--api-key`, `GITHUB_TOKEN`, `dbPassword`. */
export function isSecretName(name: string): boolean {
  const parts = wordsOf(name);
  const last = parts.at(-1);
  if (last === undefined || (parts.length === 1 && last === 'pass')) return false;
  if (parts[0] === 'no') return false;
  if (SECRET_WORDS.has(last) || SECRET_ENDING.test(last)) return true;
  return last === 'key' && KEY_WORDS.has(parts.at(-2) ?? '');
}

/** Whether a value with this name is a secret when it is long and random. */
export function isDoubtfulName(name: string): boolean {
  return DOUBTFUL_WORDS.has(wordsOf(name).at(-1) ?? '');
}

const MIN_RANDOM_LENGTH = 20;
const MIN_RANDOM_BITS = 3.3;

/** Long, of letters and digits mixed, and with little repetition; not a path. */
export function looksRandom(value: string): boolean {
  if (value.length < MIN_RANDOM_LENGTH || !/^[\w+/=.~-]+$/.test(value) || /^[./~]/.test(value)) return false;
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  const counts = new Map<string, number>();
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits >= MIN_RANDOM_BITS;
}

/** Forms that issuers give their tokens so that they can be recognised. */
const TOKEN_SHAPES = [
  /\bgh[opsur]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_\w{20,}/g,
  /\bglpat-[\w-]{16,}/g,
  /\bsk-[A-Za-z0-9][\w-]{15,}/g,
  /\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,}/g,
  /\bxox[abeoprs]-[\w-]{10,}/g,
  /\bxapp-[\w-]{10,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[\w-]{35}/g,
  /\bya29\.[\w-]{20,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\bhf_[A-Za-z0-9]{20,}/g,
  /\bpypi-[\w-]{20,}/g,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/g,
  /\bdop_v1_[a-f0-9]{32,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

export const MASK = '***';

/** Replaces every token that can be told by its form. */
export function maskTokenShapes(text: string): string {
  return TOKEN_SHAPES.reduce((masked, shape) => masked.replace(shape, MASK), text);
}
