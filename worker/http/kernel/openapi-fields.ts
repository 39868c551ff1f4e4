/** JSON Schema as rows a person reads: a name, a type with its limits, a note. Knows no page. */

/** The words of JSON Schema that our schemas make. */
export interface Shape {
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly Shape[];
  oneOf?: readonly Shape[];
  properties?: Record<string, Shape>;
  required?: readonly string[];
  items?: Shape;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  description?: string;
  default?: unknown;
  $ref?: string;
}

export interface Field {
  /** With its way from the top: `hours[].visits`. */
  name: string;
  type: string;
  required: boolean;
  note: string;
}

/** Rows of an object, of what it holds, and of each of its variants. */
export function fieldsOf(shape: Shape, prefix = ''): Field[] {
  const variants = shape.anyOf ?? shape.oneOf;
  if (variants) return merged(variants.map((one) => fieldsOf(one, prefix)));
  if (shape.type === 'array' && shape.items) return fieldsOf(shape.items, `${prefix}[]`);
  return Object.entries(shape.properties ?? {}).flatMap(([key, field]) => {
    const name = prefix ? `${prefix}.${key}` : key;
    const required = shape.required?.includes(key) ?? false;
    const own = { name, type: typeOf(field), required, note: noteOf(field) };
    return [own, ...fieldsOf(field, name)];
  });
}

/** A field that every variant requires is required; one that differs shows all its types. */
function merged(variants: readonly Field[][]): Field[] {
  const found = new Map<string, Field>();
  for (const field of variants.flat()) {
    const before = found.get(field.name);
    const types = new Set([...(before?.type.split(' or ') ?? []), field.type]);
    const everywhere = variants
      .filter((fields) => fields.length > 0)
      .every((fields) => fields.some((f) => f.name === field.name && f.required));
    found.set(field.name, { ...field, type: [...types].join(' or '), required: everywhere });
  }
  return [...found.values()];
}

function typeOf(shape: Shape): string {
  const variants = shape.anyOf ?? shape.oneOf;
  if (variants) return [...new Set(variants.map(typeOf))].join(' or ');
  if (shape.const !== undefined) return JSON.stringify(shape.const);
  if (shape.enum) return shape.enum.map((value) => JSON.stringify(value)).join(' or ');
  if (shape.type === 'array') return `list${range(shape.minItems, shape.maxItems, ' of ')}`;
  if (shape.type === 'string') return `text${range(shape.minLength, shape.maxLength, ', length ')}`;
  if (shape.type === 'integer') return `whole number${range(shape.minimum, shape.maximum)}`;
  return `${shape.type ?? 'anything'}${range(shape.minimum, shape.maximum)}`;
}

function range(least?: number, most?: number, before = ' '): string {
  if (least === undefined && most === undefined) return '';
  const [low, high] = [least, most].map((n) => n?.toLocaleString('en').replace('-', '−'));
  if (low === undefined) return `${before}up to ${high}`;
  return high === undefined ? `${before}${low} or more` : `${before}${low} … ${high}`;
}

function noteOf({ description, pattern, default: fallback }: Shape): string {
  const notes = [
    description,
    pattern ? `like ${pattern}` : undefined,
    fallback === undefined ? undefined : `default ${JSON.stringify(fallback)}`,
  ];
  return notes.filter((note) => note !== undefined).join('; ');
}
