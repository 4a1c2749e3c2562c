/** Alerts as Falco writes them, one JSON object a line, brought into a form that can be compared. */

/** Values as canonical JSON, by name; output fields as `output_fields.NAME`. */
export type ComparableAlert = Readonly<Record<string, string>> & { readonly rule: string };

const COMPARED = ['rule', 'priority', 'source', 'time', 'tags'] as const;

/** @throws Error where a line is no alert; the line is not repeated */
export function parseAlerts(text: string, origin: string): ComparableAlert[] {
  return text
    .split('\n')
    .map((line, i) => ({ line, number: i + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => {
      const alert = parse(line);
      const fields = alert?.output_fields;
      if (typeof alert?.rule !== 'string' || typeof fields !== 'object' || fields === null) {
        throw new Error(`${origin}, line ${number}: no alert as JSON; Falco needs json_output`);
      }
      const compared: Record<string, string> = { rule: alert.rule };
      for (const name of COMPARED) {
        if (name === 'rule') continue;
        const value = alert[name];
        compared[name] = canonical(Array.isArray(value) ? [...value].sort() : value);
      }
      for (const [name, value] of Object.entries(fields))
        compared[`output_fields.${name}`] = canonical(value);
      return compared as ComparableAlert;
    });
}

interface Context {
  readonly source?: string;
}

/** Numbers as bigints where they are whole: nanoseconds have more digits than a double keeps. */
function parse(line: string): Record<string, unknown> | undefined {
  const exact = (_key: string, value: unknown, context?: Context): unknown =>
    typeof value === 'number' && /^-?\d+$/.test(context?.source ?? '') ? BigInt(context!.source!) : value;
  try {
    const value: unknown = JSON.parse(line, exact);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function canonical(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  return JSON.stringify(value) ?? 'absent';
}
