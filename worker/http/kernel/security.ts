/** Headers for answers that browsers see. Never on device routes: a unit's buffer is short. */
import type { MiddlewareHandler } from 'hono';
import { ANSWER_HEADERS } from '../../../shared/answer-headers.ts';

export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  withSecurityHeaders(c.res);
};

/** The answer itself, with what it lacks: a page of our own brings the policy its style needs. */
export function withSecurityHeaders(answer: Response): Response {
  for (const [name, value] of Object.entries(ANSWER_HEADERS)) {
    if (!answer.headers.has(name)) answer.headers.set(name, value);
  }
  return answer;
}
