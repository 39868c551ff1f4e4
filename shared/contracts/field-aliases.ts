/**
 * Requests whose fields have several names on the wire, because two generations of units speak:
 * one table says which, and the same table checks requests and describes them. Knows no request.
 */
import * as v from 'valibot';

/** Field → other accepted names. */
export type FieldAliases = Readonly<Record<string, readonly string[]>>;

/** What {@link withAliases} notes of a schema, for the OpenAPI document. */
export interface AliasMetadata {
  /** The fields under their first names. */
  shape: v.GenericSchema;
  aliases: FieldAliases;
  /** Field → what it means, with its unit. */
  meaning: Readonly<Record<string, string>>;
}

/**
 * A schema of an object that takes each field under any of its names; the first name that is there
 * wins, a field that is null says as little as one that is left out, unknown fields are ignored:
 * newer firmware. The output has first names only.
 */
export function withAliases<const E extends v.ObjectEntries>(
  entries: E,
  aliases: FieldAliases,
  meaning: AliasMetadata['meaning'] = {},
) {
  const shape = v.object(entries);
  const metadata: AliasMetadata = { shape, aliases, meaning };
  return v.pipe(
    v.record(v.string(), v.unknown(), 'must be a JSON object'),
    v.metadata({ wire: metadata }),
    v.transform((wire) => firstNames(wire, aliases)),
    shape,
  );
}

/** What {@link withAliases} noted of a schema, also where more follows it in a pipe. */
export function aliasMetadata(schema: v.GenericSchema): AliasMetadata | undefined {
  return v.getMetadata(schema).wire as AliasMetadata | undefined;
}

function firstNames(wire: Record<string, unknown>, aliases: FieldAliases): Record<string, unknown> {
  const present = Object.entries(wire).filter(([, value]) => value !== null);
  const normal: Record<string, unknown> = Object.fromEntries(present);
  for (const [name, others] of Object.entries(aliases)) {
    const found = [name, ...others].find((s) => wire[s] !== undefined && wire[s] !== null);
    if (found !== undefined) normal[name] = wire[found];
  }
  return normal;
}
