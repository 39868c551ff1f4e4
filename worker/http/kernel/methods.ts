/** 405 for paths that exist under another method (RFC 9110, 15.5.6). Goes after the routes. */
import type { Hono } from 'hono';
import type { ErrorBody } from '../../../shared/errors.ts';
import type { HttpEnv } from './types.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export function onlyMethods(app: Hono<HttpEnv>, methods: readonly Method[], path: string): void {
  const allow = methods.map((method) => (method === 'GET' ? 'GET, HEAD' : method)).join(', ');
  app.all(path, (c) => {
    const body: ErrorBody = {
      error: {
        code: 'invalid',
        message: `This address answers ${allow} only.`,
        hint: `Send the request again as ${methods.join(' or ')}.`,
        request_id: c.get('requestId'),
      },
    };
    return c.json(body, 405, { Allow: allow });
  });
}
