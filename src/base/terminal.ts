/** Text for a terminal: untrusted text made harmless, and colours where they are wanted. */

/**
 * Control and format characters (escape sequences, bidirectional overrides, invisible letters), line
 * separators, and halves of surrogate pairs. All can change what a reader sees.
 */
const HARMFUL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeCharacter(character: string): string {
  const hex = character.codePointAt(0)!.toString(16);
  if (hex.length <= 2) return NAMED[character] ?? `\\x${hex.padStart(2, '0')}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

/** The text on one line, with everything that is not plainly visible as an escape. */
export function sanitizeForTerminal(text: string): string {
  return text.replace(HARMFUL, escapeCharacter);
}

/** What decides on colours; the variables' values come from the command line's floor. */
export interface ColourInputs {
  readonly isTty: boolean;
  /** Value of NO_COLOR: any but the empty one turns colours off. */
  readonly noColor?: string | undefined;
  /** Value of FORCE_COLOR: `0` turns colours off, any other but the empty one on; it wins. */
  readonly forceColor?: string | undefined;
}

export function wantsColour({ isTty, noColor, forceColor }: ColourInputs): boolean {
  if (forceColor) return forceColor !== '0' && forceColor !== 'false';
  return noColor ? false : isTty;
}

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;

export type Colours = { readonly [name in keyof typeof CODES]: (text: string) => string };

/** Painters that return the text as it is where colours are off. They do not sanitise. */
export function createColours(enabled: boolean): Colours {
  const painters = Object.entries(CODES).map(([name, [on, off]]) => [
    name,
    enabled ? (text: string) => `\x1b[${on}m${text}\x1b[${off}m` : (text: string) => text,
  ]);
  return Object.freeze(Object.fromEntries(painters)) as Colours;
}
