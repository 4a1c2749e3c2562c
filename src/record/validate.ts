/** Checks a record against the schema, with the validator that was compiled from it. */
import { validate } from './validate.gen.ts';

/** `errors` name fields and what is wrong with them, never a value. */
export type Validation = { ok: true } | { ok: false; errors: string[] };

interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
}

type CompiledValidator = ((value: unknown) => boolean) & { errors: readonly SchemaError[] | null };

const MAX_ERRORS = 16;

/** 64-bit fields may be bigints, or integers as JSON.parse gives them. */
export function validateRecord(value: unknown): Validation {
  const compiled = validate as unknown as CompiledValidator;
  if (compiled(value)) return { ok: true };
  const errors = (compiled.errors ?? [])
    // "must match then" only repeats the errors of the kind's own rules.
    .filter((error) => error.keyword !== 'if')
    .slice(0, MAX_ERRORS)
    .map(({ instancePath, message }) => {
      const field = instancePath.slice(1).replaceAll('/', '.') || 'record';
      return `${field}: ${message ?? 'is invalid'}`;
    });
  return { ok: false, errors };
}
