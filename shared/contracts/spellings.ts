/**
 * Requests whose fields have several names on the wire, because two generations of units speak:
 * one table says which, and the same table checks requests and describes them. Knows no request.
 */
import * as v from 'valibot';

/** Field → other accepted names. */
export type AlsoAccepted = Readonly<Record<string, readonly string[]>>;

/** What {@link spelled} knows of a schema, for the interface's description. */
export interface WireFacts {
  /** The fields under their first names. */
  shape: v.GenericSchema;
  also: AlsoAccepted;
  /** Field → what it means, with its unit. */
  meaning: Readonly<Record<string, string>>;
}

/**
 * A schema of an object that takes each field under any of its names; the first name that is there
 * wins, a field that is null says as little as one that is left out, unknown fields are ignored:
 * newer firmware. The output has first names only.
 */
export function spelled<const E extends v.ObjectEntries>(
  entries: E,
  also: AlsoAccepted,
  meaning: WireFacts['meaning'] = {},
) {
  const shape = v.object(entries);
  const facts: WireFacts = { shape, also, meaning };
  return v.pipe(
    v.record(v.string(), v.unknown(), 'must be a JSON object'),
    v.metadata({ wire: facts }),
    v.transform((wire) => firstNames(wire, also)),
    shape,
  );
}

/** What the wire looks like, of a schema that {@link spelled} made, with more behind it or not. */
export function wireFacts(schema: v.GenericSchema): WireFacts | undefined {
  return v.getMetadata(schema).wire as WireFacts | undefined;
}

function firstNames(wire: Record<string, unknown>, also: AlsoAccepted): Record<string, unknown> {
  const present = Object.entries(wire).filter(([, value]) => value !== null);
  const normal: Record<string, unknown> = Object.fromEntries(present);
  for (const [name, others] of Object.entries(also)) {
    const found = [name, ...others].find((s) => wire[s] !== undefined && wire[s] !== null);
    if (found !== undefined) normal[name] = wire[found];
  }
  return normal;
}
