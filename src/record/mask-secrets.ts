/**
 * Takes secrets out of a command line: what follows a secret's name, what an option of a known
 * command takes as its password, credentials in URLs and headers, and tokens that can be told by
 * their form. What is left shows what was run. Also inside `sh -c '…'`.
 */
import { isDoubtfulName, isSecretName, looksRandom, MASK, maskTokenShapes } from './secret-shapes.ts';

/** How known commands take a password with a short option. */
interface PasswordOption {
  readonly option: string;
  /** The value may be in the next argument, in the same one, or in either. */
  readonly place: 'next' | 'attached' | 'either';
  /** The value is `user:password`, of which the user is kept. */
  readonly afterUser?: boolean;
  /** Only in command lines with this subcommand. */
  readonly subcommand?: string;
}

const attached = (option: string): PasswordOption[] => [{ option, place: 'attached' }];
const either = (option: string): PasswordOption[] => [{ option, place: 'either' }];
const login = (option: string): PasswordOption[] => [{ option, place: 'either', subcommand: 'login' }];

const PASSWORD_OPTIONS: Readonly<Record<string, readonly PasswordOption[]>> = {
  mysql: attached('-p'),
  mysqldump: attached('-p'),
  mysqladmin: attached('-p'),
  mysqlimport: attached('-p'),
  mariadb: attached('-p'),
  'mariadb-dump': attached('-p'),
  '7z': attached('-p'),
  '7za': attached('-p'),
  sshpass: either('-p'),
  mongo: either('-p'),
  mongosh: either('-p'),
  mongodump: either('-p'),
  zip: either('-P'),
  unzip: either('-P'),
  sqlcmd: either('-P'),
  'redis-cli': either('-a'),
  ldapsearch: either('-w'),
  ldapmodify: either('-w'),
  ldapadd: either('-w'),
  docker: login('-p'),
  podman: login('-p'),
  az: login('-p'),
  curl: [
    { option: '-u', place: 'either', afterUser: true },
    { option: '-U', place: 'either', afterUser: true },
    { option: '--user', place: 'next', afterUser: true },
    { option: '--proxy-user', place: 'next', afterUser: true },
  ],
};

const SECRET_HEADERS = /^(authorization|proxy-authorization|cookie|set-cookie)$/i;
const AUTH_SCHEME = /^(bearer|basic|digest|token|negotiate|apikey)\s+/i;

/** The arguments with every secret replaced by `***`; the array keeps its length. */
export function maskSecrets(argv: readonly string[]): string[] {
  return maskWords(argv, (argument, before) => {
    if (!/\s/.test(argument)) return maskWord(argument);
    // `sh -c 'A=b c'` is a command line, `env 'A=b c'` an assignment.
    const whole = TAKES_PROGRAM.test(before) ? undefined : maskAssignment(argument);
    return whole ?? maskShellText(argument);
  });
}

/** Options after which a program's text comes: `sh -c`, `bash -lc`, `perl -e`. */
const TAKES_PROGRAM = /^-[a-z]*[ce]$/;

/** Masks a command's words; `maskOne` does those that no option before them concerns. */
function maskWords(words: readonly string[], maskOne: (word: string, before: string) => string): string[] {
  const options = passwordOptionsOf(words);
  const masked: string[] = [];
  let next: ((word: string) => string) | undefined;
  for (const [i, word] of words.entries()) {
    if (next !== undefined && !isLongOption(word)) {
      masked.push(next(word));
      next = undefined;
      continue;
    }
    const option = options.find((one) => fits(one, word));
    next = option?.option === word ? (value) => maskPassword(option, value) : nextAfter(word);
    if (option !== undefined && option.option !== word) {
      masked.push(option.option + maskPassword(option, word.slice(option.option.length)));
    } else {
      masked.push(maskOne(word, words[i - 1] ?? ''));
    }
  }
  return masked;
}

/** Not the value of the option before: that one asks for its secret, or takes none. */
function isLongOption(word: string): boolean {
  return /^--[a-z]/i.test(word);
}

/** What to do with the argument after `word`, where `word` is an option with a secret's name. */
function nextAfter(word: string): ((value: string) => string) | undefined {
  const name = /^-{1,2}([A-Za-z][\w.-]{2,})$/.exec(word)?.[1];
  if (name === undefined) return undefined;
  if (isSecretName(name)) return () => MASK;
  if (isDoubtfulName(name)) return (value) => (looksRandom(value) ? MASK : maskWord(value));
  return undefined;
}

function passwordOptionsOf(words: readonly string[]): readonly PasswordOption[] {
  // Behind `sudo`, `env A=b` and their like.
  for (const word of words.slice(0, 6)) {
    const command = word.slice(word.lastIndexOf('/') + 1);
    if (!Object.hasOwn(PASSWORD_OPTIONS, command)) continue;
    return PASSWORD_OPTIONS[command]!.filter(
      ({ subcommand }) => subcommand === undefined || words.includes(subcommand),
    );
  }
  return [];
}

function fits({ option, place }: PasswordOption, word: string): boolean {
  if (word === option) return place !== 'attached';
  return place !== 'next' && word.startsWith(option);
}

function maskPassword({ afterUser }: PasswordOption, value: string): string {
  if (!afterUser) return MASK;
  const colon = value.indexOf(':');
  return colon < 0 ? value : `${value.slice(0, colon)}:${MASK}`;
}

/** One argument without white space, or the inside of a quoted word. */
function maskWord(word: string): string {
  return maskAssignment(word) ?? maskHeader(word) ?? maskInside(word);
}

/** `--token=x`, `TOKEN=x`, `-Dpassword=x`. */
function maskAssignment(word: string): string | undefined {
  const [, name, value] = /^(-{0,2}[A-Za-z_/][\w./:@-]*)=([\s\S]+)$/.exec(word) ?? [];
  if (name === undefined || value === undefined) return undefined;
  if (isSecretName(name) || (isDoubtfulName(name) && looksRandom(value))) return `${name}=${MASK}`;
  const header = /^--?h(?:eader)?$/i.test(name) ? maskHeader(value) : undefined;
  return header === undefined ? undefined : `${name}=${header}`;
}

/** `Authorization: Bearer x`, `X-Api-Key: x`, also as `-HX-Api-Key:x`. */
function maskHeader(word: string): string | undefined {
  const [, front, name, space, value] =
    /^((?:-H)?)([A-Za-z][A-Za-z-]+):(\s*)(?!\/\/)(\S[\s\S]*)$/.exec(word) ?? [];
  if (name === undefined || value === undefined) return undefined;
  const isDashed = name.includes('-') && isSecretName(name);
  if (!SECRET_HEADERS.test(name) && !isDashed) return undefined;
  return `${front}${name}:${space}${AUTH_SCHEME.exec(value)?.[0] ?? ''}${MASK}`;
}

/** Secrets that can be anywhere in a text. */
function maskInside(text: string): string {
  return maskTokenShapes(text)
    .replace(/\b([a-z][a-z\d+.-]*:\/\/)[^\s/@"'?#]+@/gi, `$1${MASK}@`)
    .replace(/([?&;#])([\w.-]+)=([^\s&;#"'\\]+)/g, (whole, mark, name, value) =>
      isSecretName(name) || (isDoubtfulName(name) && value.length >= 8) ? `${mark}${name}=${MASK}` : whole,
    )
    .replace(
      /(["'])([\w.-]+)\1(\s*:\s*)(["'])((?:\\.|(?!\4)[^\\])+)\4/g,
      (whole, quote, name, colon, mark) =>
        isSecretName(name) || SECRET_HEADERS.test(name)
          ? `${quote}${name}${quote}${colon}${mark}${MASK}${mark}`
          : whole,
    )
    .replace(/(authorization["']?\s*[:=]\s*["']?(?:bearer|basic|token)\s+)[^\s"'\\]+/gi, `$1${MASK}`)
    .replace(/\b((?:bearer|basic)\s+)([\w.~+/=-]{16,})/gi, (whole, scheme, value) =>
      /\d/.test(value) ? `${scheme}${MASK}` : whole,
    )
    .replace(/\bpass:[^\s"']+/g, `pass:${MASK}`);
}

/** A shell's word: quoted parts and others, up to white space or an operator. */
const SHELL_WORD = /(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\;|&()<>]|["'])+/gs;
const OPERATOR = /[;|&()\n]/;

/** Text with white space: a header, a shell's command line, a program, or just text. */
function maskShellText(text: string): string {
  const header = maskHeader(text);
  if (header !== undefined && !/["'\n]/.test(text)) return header;
  // Forms that may stretch over several words come first.
  const masked = maskInside(text);
  let out = '';
  let end = 0;
  for (const command of commandsOf(masked)) {
    const words = maskWords(
      command.map(({ word }) => word),
      (word) => maskQuoted(word),
    );
    for (const [i, { word, start }] of command.entries()) {
      out += masked.slice(end, start) + words[i];
      end = start + word.length;
    }
  }
  return out + masked.slice(end);
}

interface ShellWord {
  readonly word: string;
  readonly start: number;
}

/** The words of a command line, a list for each command in it. */
function commandsOf(text: string): ShellWord[][] {
  const commands: ShellWord[][] = [[]];
  let end = 0;
  for (const match of text.matchAll(SHELL_WORD)) {
    if (OPERATOR.test(text.slice(end, match.index))) commands.push([]);
    commands.at(-1)!.push({ word: match[0], start: match.index });
    end = match.index + match[0].length;
  }
  return commands;
}

/** A word of a shell, of which quotes round the whole are kept. */
function maskQuoted(word: string): string {
  const quote = word[0];
  const isQuoted = (quote === '"' || quote === "'") && word.length > 2 && word.endsWith(quote);
  const inside = isQuoted ? word.slice(1, -1) : word;
  const masked = isQuoted && /\s/.test(inside) ? maskShellText(inside) : maskWord(inside);
  return isQuoted ? quote + masked + quote : masked;
}
