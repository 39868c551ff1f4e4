/** 405 for paths that exist under another method (RFC 9110, 15.5.6). */
import type { Context } from 'hono';
import type { ErrorBody } from '../../../shared/errors.ts';
import { compactJson } from './errors.ts';
import type { HttpEnv } from './types.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

const allowed = (methods: readonly Method[]) =>
  methods.map((method) => (method === 'GET' ? 'GET, HEAD' : method)).join(', ');

/** For people and programs: what to do instead, with the request's id. */
export function wrongMethod(c: Context<HttpEnv>, methods: readonly Method[]): Response {
  const allow = allowed(methods);
  const body: ErrorBody = {
    error: {
      code: 'invalid',
      message: `This address answers ${allow} only.`,
      hint: `Send the request again as ${methods.join(' or ')}.`,
      request_id: c.get('requestId'),
    },
  };
  return c.json(body, 405, { Allow: allow });
}

/** For units, whose buffers are short. */
export function wrongMethodShort(methods: readonly Method[]): Response {
  const headers = { Allow: allowed(methods) };
  return compactJson({ error: `use ${methods.join(' or ')}` }, 405, headers);
}
