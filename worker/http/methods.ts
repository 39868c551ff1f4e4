/** 405 for paths that exist under another method (RFC 9110, 15.5.6). Goes after the routes. */
import type { Hono } from 'hono';
import type { ErrorBody } from '../../shared/errors.ts';
import type { HttpEnv } from './types.ts';

export function onlyMethod(app: Hono<HttpEnv>, method: 'GET' | 'POST', ...paths: string[]): void {
  const allow = method === 'GET' ? 'GET, HEAD' : method;
  for (const path of paths) {
    app.all(path, (c) => {
      const body: ErrorBody = {
        error: {
          code: 'invalid',
          message: `This address answers ${allow} only.`,
          hint: `Send the request again as ${method}.`,
          request_id: c.get('requestId'),
        },
      };
      return c.json(body, 405, { Allow: allow });
    });
  }
}
