/**
 * A route as one value: method, path, who may, schemas, an example, and what it does. The app, the
 * doors, the OpenAPI document and the tests that try every route as every role come from the same
 * values, so no route lacks a guard and nobody can forget one. Each audience has a room with
 * its own guard, encoder and words for a failure. Knows no resource and no audience.
 */
import type { Context } from 'hono';
import type * as v from 'valibot';
import type { Role } from '../../../shared/contracts/portal.ts';
import { parseAs, parseJson, readText } from './body.ts';
import type { Method } from './methods.ts';
import type { HttpEnv } from './types.ts';

export type Schema = v.GenericSchema;
type Out<S> = S extends Schema ? v.InferOutput<S> : undefined;
export type Answered = Response | Promise<Response>;

/** What any route says of itself. */
export interface RouteFacts {
  method: Method;
  /** From the root, parameters as `{id}`. */
  path: string;
  summary: string;
  who: 'public' | 'unit' | 'webhook' | 'admin-key' | 'monitor-key' | readonly Role[];
  params?: Schema | undefined;
  query?: Schema | undefined;
  body?: Schema | undefined;
  /** Bytes; when left out, what bodies of the room may have. */
  bodyMax?: number | undefined;
  /** Status → shape of the answer, the usual one first; a schema of text means a page. */
  answers: Readonly<Record<number, Schema>>;
  /** A request that passes the schemas; shown in the document and used by tests. */
  example?: Example | undefined;
  /** A change that counts once: takes an Idempotency-Key, answers 409 with what is there now. */
  once?: boolean | undefined;
  /** Only with ENVIRONMENT=development. */
  development?: boolean | undefined;
}

export interface Example {
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
}

export type Part = 'params' | 'query' | 'body';

/** What was sent and does not fit. */
export interface Misfit {
  part: Part;
  query: Record<string, string>;
  /** The body as it came; undefined where the route takes none. */
  text: string | undefined;
}

/**
 * What the routes of one audience have in common.
 * @typeParam S what their handlers work with
 * @typeParam W what is known of whoever calls
 */
export interface Room<S, W> {
  /** Of every path. */
  prefix: string;
  bodyMax: number;
  /** Who calls; it runs before anything looks at what was sent. @throws AppError for who may not */
  guard(services: S, c: Context<HttpEnv>, facts: RouteFacts): Promise<W>;
  /** What to throw when something does not fit; left out, the failure itself. */
  misfit?(services: S, who: W, sent: Misfit, failure: unknown): Promise<unknown>;
  encode(c: Context<HttpEnv>, answer: object, facts: RouteFacts): Answered;
  fail(services: S, c: Context<HttpEnv>, failure: Error): Answered;
}

/** A request that may go ahead: whoever calls may, everything fits its schema. */
export type Call<S, W, P, Q, B> = W & {
  services: S;
  params: P;
  query: Q;
  body: B;
  nowMs: number;
  c: Context<HttpEnv>;
};

export interface Route<S> extends RouteFacts {
  /** The whole answer, failures included. */
  run(services: S, c: Context<HttpEnv>): Promise<Response>;
}

type Optional = Schema | undefined;

export interface Definition<S, W, P extends Optional, Q extends Optional, B extends Optional>
  extends RouteFacts {
  params?: P;
  query?: Q;
  body?: B;
  /** The room encodes an object; anything else says so in a Response. */
  handle(call: Call<S, W, Out<P>, Out<Q>, Out<B>>): Promise<object>;
}

/** The maker of a room's routes: guard first, then what was sent, then the handler. */
export function routesOf<S extends { now(): number }, W extends object>(room: Room<S, W>) {
  return function route<
    const P extends Optional = undefined,
    const Q extends Optional = undefined,
    const B extends Optional = undefined,
  >({ handle, ...definition }: Definition<S, W, P, Q, B>): Route<S> {
    const facts = { ...definition, path: `${room.prefix}${definition.path}` };
    const answer = async (services: S, c: Context<HttpEnv>) => {
      const who = await room.guard(services, c, facts);
      const sent = await received(room, { services, who, facts, c });
      const given = sent as { params: Out<P>; query: Out<Q>; body: Out<B> };
      const result = await handle({ ...who, services, ...given, nowMs: services.now(), c });
      return result instanceof Response ? result : room.encode(c, result, facts);
    };
    const run = (services: S, c: Context<HttpEnv>) =>
      answer(services, c).catch((failure: Error) => room.fail(services, c, failure));
    return { ...facts, run };
  };
}

/** Checks everything sent in the order of an address: params, query, body. */
async function received<S, W>(
  room: Room<S, W>,
  { services, who, facts, c }: { services: S; who: W; facts: RouteFacts; c: Context<HttpEnv> },
): Promise<Record<Part, unknown>> {
  const { params, query, body, bodyMax } = facts;
  const asked = c.req.query();
  let text: string | undefined;
  const fits = async (part: Part, schema: Optional, value: () => unknown) => {
    try {
      return schema && parseAs(schema, value());
    } catch (failure) {
      throw (await room.misfit?.(services, who, { part, query: asked, text }, failure)) ?? failure;
    }
  };
  const parsed = {
    params: await fits('params', params, () => c.req.param()),
    query: await fits('query', query, () => asked),
  };
  if (body) text = await readText(c.req.raw, bodyMax ?? room.bodyMax);
  return { ...parsed, body: await fits('body', body, () => parseJson(text ?? '')) };
}
