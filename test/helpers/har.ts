import { isIPv4, isIPv6 } from 'node:net'
import { Ajv } from 'ajv'
// @ts-expect-error: it has no types
import untypedSchemas from 'har-schema'

const schemas: Readonly<Record<string, object>> = untypedSchemas

/** What the schema of HTTP Archive 1.2 says against a value; undefined where it is valid. */
export function harErrors(value: unknown): string | undefined {
  const ajv = new Ajv({
    // The schema is of an older draft.
    strict: false,
    validateSchema: false,
    // Its patterns check the other formats.
    formats: { ipv4: isIPv4, ipv6: isIPv6 },
    logger: false,
  })
  ajv.addSchema(Object.values(schemas))
  return ajv.validate('har.json#', value) ? undefined : ajv.errorsText()
}
