import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { RecordSchema } from '../../scripts/gen/schema.ts';
import { RECORD_KINDS, requiredFields } from '../../scripts/gen/schema.ts';
import { readText } from './repository.ts';

const schema = JSON.parse(readText('docs/schema/mcp_audit_v1.json')) as RecordSchema;

/** Types that Falco's plugin interface knows. */
const FALCO_TYPES = ['string', 'uint64', 'bool', 'reltime', 'abstime', 'ipaddr', 'ipnet'];

/** Fields of the first published schema: none may ever be renamed or removed. */
const PUBLISHED_REQUIRED = [
  'schema_version',
  'timestamp',
  'session_id',
  'client_process',
  'server_host',
  'server_port',
  'tls',
  'method',
];
const PUBLISHED_OPTIONAL = [
  'auth_scheme',
  'request_bytes',
  'response_bytes',
  'tool_invoke_count',
  'file_access_count',
  'dataset_id',
  'scope',
  'error_code',
  'cert_fingerprint',
];

describe('record schema', () => {
  it('is valid JSON Schema 2020-12', () => {
    const ajv = new Ajv2020({ strict: false });
    expect(ajv.validateSchema(schema), JSON.stringify(ajv.errors)).toBe(true);
  });

  it('keeps the published fields, the required ones required', () => {
    expect(schema.required).toEqual(expect.arrayContaining(PUBLISHED_REQUIRED));
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(PUBLISHED_OPTIONAL));
  });

  it.each(RECORD_KINDS)('requires only fields that a %s record can carry', (kind) => {
    for (const name of requiredFields(schema, kind)) {
      expect(schema.properties, name).toHaveProperty(name);
      expect(schema.properties[name]?.['x-kinds'] ?? [kind], name).toContain(kind);
    }
  });

  it.each(Object.entries(schema.properties))(
    'field %s is described, bounded and typed for Falco',
    (name, field) => {
      expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
      expect(field.description).toMatch(/\.$/);
      expect(FALCO_TYPES).toContain(field['x-falco'].type);
      expect(field['x-falco'].list ?? false).toBe(field.type === 'array');
      if (field.type === 'array') expect(field).toHaveProperty('maxItems');
      if (field.type === 'string' && !field.enum && field.const === undefined)
        expect(field).toHaveProperty('maxLength');
      for (const kind of field['x-kinds'] ?? []) expect(RECORD_KINDS).toContain(kind);
    },
  );
});
