/** The arguments of a command with everything that looks like a secret replaced by `***`. */
export function maskSecrets(argv: readonly string[]): string[] {
  return argv.map((argument) =>
    argument.replace(/((?:token|secret|passw(?:or)?d|api-?key)[=: ]\s*)\S+/gi, '$1***'),
  );
}
