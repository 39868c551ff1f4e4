/**
 * A portal route as one value: method, path, who may, schemas, an example, and what it does. The
 * app, the OpenAPI document and the tests that try every route as every role are made from the same
 * values, so a route can neither lack a guard nor be forgotten. Knows no resource.
 */
import type { Context, Hono } from 'hono';
import type * as v from 'valibot';
import type { Role } from '../../../shared/contracts/portal.ts';
import { requireRole, type SignedIn } from '../../domain/person.ts';
import { parseAs, parseJson, readText } from './body.ts';
import { jsonWithEtag } from './etag.ts';
import { type Method, onlyMethods } from './methods.ts';
import type { Guard, HttpEnv, Services } from './types.ts';

export type Schema = v.GenericSchema;
type Out<S> = S extends Schema ? v.InferOutput<S> : undefined;

/** What can be said about any route, a unit's included. */
export interface RouteFacts {
  method: Method;
  /** Below /api/v1 (portal) or from the root (units, admin API), parameters as `{id}`. */
  path: string;
  summary: string;
  who: 'public' | 'unit' | 'webhook' | 'admin-key' | 'monitor-key' | readonly Role[];
  params?: Schema | undefined;
  query?: Schema | undefined;
  body?: Schema | undefined;
  /** Bytes; when left out, what portal bodies may have. */
  bodyMax?: number | undefined;
  /** Status → shape of the answer; a schema of text means a page. */
  answers: Readonly<Record<number, Schema>>;
  /** A request that passes the schemas; shown in the document and used by tests. */
  example?: Example | undefined;
  /** Only with ENVIRONMENT=development. */
  development?: boolean | undefined;
}

export interface Example {
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
}

/** A request that may go ahead: the person has one of the roles, everything fits its schema. */
export interface Call<P, Q, B> {
  services: Services;
  person: SignedIn;
  params: P;
  query: Q;
  body: B;
  nowMs: number;
  c: Context<HttpEnv>;
}

export interface Route extends RouteFacts {
  run(services: Services, c: Context<HttpEnv>): Promise<Response>;
}

interface Definition<
  P extends Schema | undefined,
  Q extends Schema | undefined,
  B extends Schema | undefined,
> extends RouteFacts {
  params?: P;
  query?: Q;
  body?: B;
  /** An object is answered as JSON with 200; anything else says so in a Response. */
  handle(call: Call<Out<P>, Out<Q>, Out<B>>): Promise<object>;
}

/** The largest portal body is a work order with its note: under 3 KiB. */
const BODY_MAX = 4096;

/** Makes a route; the guards run in this order: person, role, then what was sent. */
export function route<
  const P extends Schema | undefined = undefined,
  const Q extends Schema | undefined = undefined,
  const B extends Schema | undefined = undefined,
>({ handle, ...facts }: Definition<P, Q, B>): Route {
  return {
    ...facts,
    async run(services, c) {
      if (Array.isArray(facts.who)) requireRole(c.get('person'), ...facts.who);
      const answer = await handle({
        services,
        person: c.get('person'),
        params: fits(facts.params, c.req.param()) as Out<P>,
        query: fits(facts.query, c.req.query()) as Out<Q>,
        body: (facts.body ? await bodyOf(facts.body, c, facts.bodyMax) : undefined) as Out<B>,
        nowMs: services.now(),
        c,
      });
      if (answer instanceof Response) return answer;
      if (facts.method !== 'GET' || facts.who === 'public') return c.json(answer);
      return jsonWithEtag(c, answer, withoutTime(answer));
    },
  };
}

const fits = (schema: Schema | undefined, value: unknown) => schema && parseAs(schema, value);

async function bodyOf(schema: Schema, c: Context, max = BODY_MAX): Promise<unknown> {
  return parseAs(schema, parseJson(await readText(c.req.raw, max)));
}

/** The time of computing changes with every request and says nothing about the content. */
function withoutTime({ as_of: _asOf, ...rest }: { as_of?: unknown }): object {
  return rest;
}

/** Puts routes into an app, and 405 for their paths under every other method. */
export function mount(
  app: Hono<HttpEnv>,
  routes: readonly Route[],
  services: Services,
  signedIn: Guard,
): void {
  const through: Guard = (_c, next) => next();
  const byPath = new Map<string, Method[]>();
  for (const route of routes) {
    if (route.development && services.settings.environment !== 'development') continue;
    const path = route.path.replace(/\{(\w+)\}/g, ':$1');
    const guard = route.who === 'public' ? through : signedIn;
    app.on(route.method, path, guard, (c) => route.run(services, c));
    byPath.set(path, [...(byPath.get(path) ?? []), route.method]);
  }
  // Fixed paths first: /units/reserve would else be answered as one of /units/:id.
  const fixedFirst = [...byPath].sort(
    ([a], [b]) => Number(a.includes(':')) - Number(b.includes(':')),
  );
  for (const [path, methods] of fixedFirst) onlyMethods(app, methods, path);
}
