/** The keys of a values file: what each takes. Values end in conditions, so each is checked by its form. */
import { addressesOf, hostTest } from './values-host.ts';

export interface ValueKind {
  readonly list: boolean;
  /** What one value is, as a sentence goes on after "must be". */
  readonly expects: string;
  /** Why a value is not taken, as a sentence goes on after the value. */
  faultOf(value: unknown): string | undefined;
}

const text = (list: boolean, expects: string, faultOf: (value: string) => string | undefined): ValueKind => ({
  list,
  expects,
  faultOf: (value) =>
    typeof value === 'string' ? faultOf(value) : `must be ${expects}, in quotes if need be`,
});

const refusalOf = (result: object): string | undefined =>
  'refused' in result ? String(result.refused) : undefined;

const host = text(true, 'a host name, an address or a network', (value) => refusalOf(hostTest(value)));
const address = text(true, 'an IP address or a small network', (value) => refusalOf(addressesOf(value)));

/** Bytes of one value in a condition that Falco's libraries take. */
export const MAX_VALUE_BYTES = 255;

/** Names that can stand bare in a list of a condition and are not the name of one of its lists. */
const program = text(true, 'the name of a program', (value) =>
  /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,63}$/.test(value) && !value.startsWith('mcp_')
    ? undefined
    : 'is not taken: only letters, digits and _ . + - can stand in a program name here, and mcp_ not at its start',
);

const tool = text(true, 'the name of a tool', (value) =>
  /^[A-Za-z0-9_./-]{1,128}$/.test(value)
    ? undefined
    : 'is not taken: only letters, digits and _ . - / can stand in a tool name here',
);

const PATH_PART = /^[\p{L}\p{M}\p{N}._~+@:%#-]+$/u;

function pathFault(path: string, stars: boolean): string | undefined {
  if (Buffer.byteLength(path) > MAX_VALUE_BYTES)
    return `is longer than the ${MAX_VALUE_BYTES} bytes that Falco takes`;
  const parts = path.split('/').slice(1);
  for (const part of parts) {
    if (stars && part === '*') continue;
    if (part === '' || part === '.' || part === '..')
      return 'has an empty part, "." or ".."; write it in full';
    if (!PATH_PART.test(part)) {
      return `is not taken: blanks, quotes, brackets, commas and signs of patterns cannot stand in a list of Falco${stars ? '; a star stands for one whole part: /home/*/x' : ''}`;
    }
  }
  return undefined;
}

const absolute = (stars: boolean) =>
  text(true, 'an absolute path', (value) =>
    value.startsWith('/') ? pathFault(value, stars) : 'must begin with /',
  );

const credential = text(true, 'an absolute path, or one that begins with ~/', (value) =>
  value.startsWith('/') || value.startsWith('~/')
    ? pathFault(value.replace(/^~/, ''), false)
    : 'must begin with / or ~/',
);

const count = (unit: string): ValueKind => ({
  list: false,
  expects: `a whole number of ${unit}`,
  faultOf: (value) =>
    Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : `must be a whole number of ${unit}`,
});

const flag: ValueKind = {
  list: false,
  expects: 'true or false',
  faultOf: (value) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
};

export const VALUE_KEYS = {
  'allowlist.hosts': host,
  'connect.enforce': flag,
  'connect.allow': address,
  'thresholds.request_bytes_warn': count('bytes'),
  'thresholds.response_bytes_warn': count('bytes'),
  'thresholds.tool_invoke_warn': count('calls'),
  'thresholds.removed_files_warn': count('files'),
  'programs.shells': program,
  'programs.downloaders': program,
  'programs.package_managers': program,
  'tools.shell': tool,
  'paths.homes': absolute(false),
  'paths.credentials': credential,
  'paths.protected': absolute(true),
  'redaction.mask_auth': flag,
  'redaction.hash_identifiers': flag,
} as const satisfies Record<string, ValueKind>;

export type ValueKey = keyof typeof VALUE_KEYS;

type TextKey = Exclude<ValueKey, NumberKey | FlagKey>;
type NumberKey = Extract<ValueKey, `thresholds.${string}`>;
type FlagKey = 'connect.enforce' | Extract<ValueKey, `redaction.${string}`>;

/** What the values files say, by key; a key that none has is absent. */
export type Values = { [K in TextKey]?: readonly string[] } & { [K in NumberKey]?: number } & {
  [K in FlagKey]?: boolean;
};
