/**
 * Values that a contract takes, made from its schema, so that a test can try all contracts without
 * an example of each. Knows valibot's kinds; a kind it does not know is an error, never a guess.
 */
import fc from 'fast-check';
import type * as v from 'valibot';

/** What is looked at of a schema or of a step of its pipe. */
interface Node {
  kind: 'schema' | 'validation' | 'transformation' | 'metadata';
  type: string;
  requirement?: unknown;
  pipe?: readonly Node[];
  entries?: Record<string, Node>;
  item?: Node;
  wrapped?: Node;
  key?: Node;
  value?: Node;
  literal?: unknown;
  options?: readonly unknown[];
  metadata?: { wire?: { shape: Node } };
}

/**
 * Inputs of `schema`; what a check of its own refuses (a real date, unlike parts) is among them, so
 * the test filters by parsing.
 */
export function inputsOf(schema: v.GenericSchema): fc.Arbitrary<unknown> {
  return of(schema as unknown as Node);
}

function of(node: Node): fc.Arbitrary<unknown> {
  const steps = stepsOf(node);
  const wire = steps.find((step) => step.metadata?.wire)?.metadata?.wire;
  if (wire) return of(wire.shape);
  switch (node.type) {
    case 'string':
      return textOf(steps);
    case 'number':
      return numberOf(steps);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'unknown':
      return fc.jsonValue();
    case 'literal':
      return fc.constant(node.literal);
    case 'picklist':
      return fc.constantFrom(...(node.options ?? []));
    case 'optional':
    case 'exact_optional':
      return fc.option(of(known(node.wrapped)), { nil: undefined });
    case 'nullable':
      return fc.option(of(known(node.wrapped)), { nil: null });
    case 'nullish':
      return fc.oneof(fc.constantFrom(null, undefined), of(known(node.wrapped)));
    case 'array':
      return fc.array(of(known(node.item)), lengthsOf(steps, 4));
    case 'record':
      return fc.dictionary(of(known(node.key)) as fc.Arbitrary<string>, of(known(node.value)), {
        maxKeys: 4,
      });
    case 'union':
    case 'variant':
      return fc.oneof(...(node.options ?? []).map((option) => of(option as Node)));
    case 'object':
    case 'strict_object':
    case 'loose_object':
      return fc
        .record(
          Object.fromEntries(
            Object.entries(node.entries ?? {}).map(([name, entry]) => [name, of(entry)]),
          ),
        )
        .map(withoutUndefined);
    default:
      throw new Error(`no values are known for a schema of type ${node.type}`);
  }
}

/** Pipes within pipes, as one: `v.pipe(v.pipe(string, a), b)`. */
function stepsOf(node: Node): readonly Node[] {
  return (node.pipe ?? []).flatMap((step) =>
    step.kind === 'schema' && step.pipe ? stepsOf(step) : [step],
  );
}

function known(node: Node | undefined): Node {
  if (!node) throw new Error('a schema without its part');
  return node;
}

/** As JSON comes: a field is there or not. */
function withoutUndefined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}

const limit = (steps: readonly Node[], type: string): number | undefined => {
  const found = steps.find((step) => step.type === type)?.requirement;
  return typeof found === 'number' ? found : undefined;
};

function lengthsOf(steps: readonly Node[], atMost: number) {
  const minLength = limit(steps, 'min_length') ?? 0;
  return { minLength, maxLength: Math.max(minLength, limit(steps, 'max_length') ?? atMost) };
}

function textOf(steps: readonly Node[]): fc.Arbitrary<unknown> {
  const pattern = steps.find((step) => step.type === 'regex')?.requirement;
  if (pattern instanceof RegExp && !pattern.flags.includes('u')) {
    return fc.stringMatching(new RegExp(pattern.source.replaceAll(/\(\?[=!][^)]*\)/g, '')));
  }
  if (steps.some(({ type }) => type === 'base64'))
    return fc.base64String({ minLength: 4, maxLength: 40 });
  return fc.string({ ...lengthsOf(steps, 12), unit: 'grapheme' });
}

function numberOf(steps: readonly Node[]): fc.Arbitrary<unknown> {
  const min = limit(steps, 'min_value') ?? -1e6;
  const max = limit(steps, 'max_value') ?? 1e9;
  if (steps.some(({ type }) => type === 'integer')) {
    return fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max }));
  }
  return fc.oneof(fc.constantFrom(min, max), fc.double({ min, max, noNaN: true }));
}
