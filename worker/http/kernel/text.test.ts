/** Text is text everywhere: every string that comes in has a class or a pattern. */
import type * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { allRoutes } from '../routes.ts';

interface Node {
  type: string;
  kind?: string;
  pipe?: Node[];
  metadata?: { text?: string };
  entries?: Record<string, Node>;
  options?: Node[];
  items?: Node[];
  item?: Node;
  value?: Node;
  key?: Node;
  wrapped?: Node;
  rest?: Node;
}

/** A pipe within a pipe is one pipe. */
const flat = (node: Node): Node[] => node.pipe?.flatMap(flat) ?? [node];

/** Where in a schema a string stands that may be anything. */
function bare(schema: Node | undefined, path: string): string[] {
  if (!schema || typeof schema !== 'object') return [];
  if (schema.pipe) {
    const [first, ...actions] = flat(schema);
    if (first?.type !== 'string') {
      return schema.pipe
        .filter((part) => part.kind === 'schema')
        .flatMap((part) => bare(part, path));
    }
    const isPattern = ({ type, metadata }: Node) =>
      type === 'regex' || type === 'base64' || metadata?.text !== undefined;
    return actions.some(isPattern) ? [] : [path];
  }
  if (schema.type === 'string') return [path];
  return [
    ...Object.entries(schema.entries ?? {}).flatMap(([name, part]) =>
      bare(part, `${path}.${name}`),
    ),
    ...(schema.options ?? []).flatMap((part) => bare(part, path)),
    ...(schema.items ?? []).flatMap((part) => bare(part, path)),
    ...[schema.item, schema.value, schema.wrapped, schema.rest].flatMap((part) =>
      part && typeof part === 'object' ? bare(part, `${path}[]`) : [],
    ),
  ];
}

/** Strings with a reason: the carrier's envelope; the unit's schema checks what is inside. */
const KNOWN = ['POST /api/hologram/{secret} body', 'POST /api/hologram/{secret} params'];

describe('every string that comes in', () => {
  test.each(allRoutes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s',
    (name, { params, query, body }) => {
      const parts: Record<string, v.GenericSchema | undefined> = { params, query, body };
      const found = Object.entries(parts).flatMap(([part, schema]) =>
        bare(schema as unknown as Node, `${name} ${part}`),
      );
      expect(found.filter((path) => !KNOWN.some((known) => path.startsWith(known)))).toEqual([]);
    },
  );
});
