/**
 * The OpenAPI 3.1 document, made from the route table and the schemas that check requests, so that
 * it cannot say anything else than what the Worker does. Knows no resource.
 */
import { toJsonSchema } from '@valibot/to-json-schema';
import { aliasMetadata } from '../../../shared/contracts/field-aliases.ts';
import type { RouteFacts, Schema } from './route.ts';

type Json = Record<string, unknown>;

/** What the portal says of a failure. */
const ERROR: Json = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'hint'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        hint: { type: 'string' },
        request_id: { type: 'string' },
        present: { description: 'With conflict: the value that is there now' },
      },
    },
  },
};

/** What a unit's buffer has room for. */
const SHORT_ERROR: Json = {
  type: 'object',
  required: ['error'],
  properties: { error: { type: 'string' } },
};

/** What a failure may look like; the statuses are those of errors.ts. */
const FAILURES: Record<string, string> = {
  400: 'Something sent does not fit; the message names it',
  401: 'Not signed in',
  403: 'Not allowed for this role',
  404: 'Not there, or not visible to the caller',
};

/** Of routes that count a change once. */
const CONFLICT = 'Changed by somebody else since it was `seen`; `present` is the value there now';
const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'A UUID for this change. Sent again with the same key, it has no second effect and gets the ' +
    'same answer, for a month.',
  schema: { type: 'string', format: 'uuid' },
};

/** Unknown, wrong and inactive get one answer: a stranger learns nothing from it. */
const UNIT_FAILURES: Record<string, string> = {
  400: 'Something sent does not fit; the message names it',
  401: 'Unknown unit, wrong token or inactive unit',
  413: 'The body is too long',
  429: 'Too often this hour; Retry-After says when again. Readings are never refused for rate',
};

/** @param origin where the Worker answers, without a trailing slash */
export function openApi(routes: readonly RouteFacts[], origin: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const operations = paths[route.path] ?? {};
    operations[route.method.toLowerCase()] = operation(route);
    paths[route.path] = operations;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'JamBench',
      version: '1',
      description: 'What the page, units and programs of administrators say to the backend.',
    },
    servers: [{ url: origin }],
    paths,
    components: {
      schemas: { Error: ERROR, ShortError: SHORT_ERROR },
      securitySchemes: {
        person: { type: 'http', scheme: 'bearer', bearerFormat: 'Supabase JWT' },
        monitorKey: { type: 'http', scheme: 'bearer', bearerFormat: 'monitor key' },
        adminKey: { type: 'http', scheme: 'bearer', bearerFormat: 'admin key or admin’s JWT' },
        unit: { type: 'http', scheme: 'bearer', bearerFormat: 'token of the unit' },
      },
    },
  };
}

function operation(route: RouteFacts): Json {
  const { summary, body, answers, example } = route;
  const responses: Record<string, Json> = {};
  for (const [status, schema] of Object.entries(answers)) {
    responses[status] = { description: 'Done', content: contentOf(schema, 'output') };
  }
  const short = route.who === 'unit' || route.who === 'webhook';
  const $ref = `#/components/schemas/${short ? 'ShortError' : 'Error'}`;
  const failure = { 'application/json': { schema: { $ref } } };
  for (const [status, description] of Object.entries(short ? UNIT_FAILURES : FAILURES)) {
    responses[status] ??= { description, content: failure };
  }
  if (route.once) responses[409] = { description: CONFLICT, content: failure };
  return {
    summary,
    operationId: operationId(route),
    description: describeWho(route),
    security: securityOf(route),
    parameters: [
      ...parametersOf(route.params, 'path', example?.params),
      ...parametersOf(route.query, 'query', example?.query),
      ...(route.once ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(body
      ? { requestBody: { required: true, content: contentOf(body, 'input', example?.body) } }
      : {}),
    responses,
  };
}

/** Unique and stable: `put_units_id_config`. */
function operationId({ method, path }: RouteFacts): string {
  const words = path.replace(/^\/api(\/v1)?/, '').match(/[a-z0-9_]+/gi) ?? [];
  const scope = path.startsWith('/api/v1') ? [] : ['device'];
  return [method.toLowerCase(), ...scope, ...words].join('_');
}

export function describeWho({ who, development }: RouteFacts): string {
  const only = development ? ' Development only.' : '';
  if (who === 'public') return `Open to everyone.${only}`;
  if (who === 'unit') return `For the unit itself, with its token.${only}`;
  if (who === 'webhook') return `For Hologram’s cloud, with the secret in the path.${only}`;
  if (who === 'admin-key') return `For the admin API: the holder of its key, or an admin.${only}`;
  if (who === 'monitor-key') return `For a monitor, with its key.${only}`;
  return `For ${who.join(', ')}.${only}`;
}

function securityOf({ who }: RouteFacts): Json[] {
  if (who === 'public' || who === 'webhook') return [];
  if (who === 'unit') return [{ unit: [] }];
  if (who === 'monitor-key') return [{ monitorKey: [] }];
  return who === 'admin-key' ? [{ adminKey: [] }] : [{ person: [] }];
}

function contentOf(schema: Schema, mode: 'input' | 'output', example?: unknown): Json {
  const shape = jsonSchema(schema, mode);
  if (shape.type === 'string') return { 'text/html': {} };
  return {
    'application/json': { schema: shape, ...(example === undefined ? {} : { example }) },
  };
}

function parametersOf(
  schema: Schema | undefined,
  where: 'path' | 'query',
  examples: Record<string, string> = {},
): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, shape]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: shape,
    ...(examples[name] === undefined ? {} : { example: examples[name] }),
  }));
}

/**
 * Checks that JSON Schema has no word for (dates of the calendar, rules between fields) go. Fields
 * with several names stand under the first; the description has the others.
 */
function jsonSchema(schema: Schema, typeMode: 'input' | 'output'): Json {
  const wire = typeMode === 'input' ? aliasMetadata(schema) : undefined;
  const described = wire?.shape ?? schema;
  const { $schema: _dialect, ...shape } = toJsonSchema(described, {
    typeMode,
    errorMode: 'ignore',
  });
  const properties = (shape.properties ?? {}) as Record<string, Json>;
  for (const [name, field] of Object.entries(wire ? properties : {})) {
    const others = wire?.aliases[name];
    const words = [wire?.meaning[name], others && `also accepted: ${others.join(', ')}`];
    const description = words.filter((word) => word !== undefined).join('; ');
    if (description) field.description = description;
  }
  return shape as Json;
}
