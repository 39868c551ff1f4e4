/** Answers that a browser keeps and asks about again: ETag and 304 (RFC 9110, 8.8.3 and 13.1.2). */

import type { Context } from 'hono';
import { sha256Hex } from '../../../shared/hash.ts';
import type { Answered, RouteFacts } from './route.ts';

/**
 * `body` as JSON, or 304 if the caller already holds it.
 * @param judged the part of the body whose change makes it another answer
 */
export async function jsonWithEtag(c: Context, body: object, judged: object): Promise<Response> {
  // 64 bits distinguish versions of one resource
  const etag = `W/"${await sha256Hex(JSON.stringify(judged), 8)}"`;
  const headers = { ETag: etag, 'Cache-Control': 'private, no-cache', Vary: 'Authorization' };
  if (holds(c.req.header('If-None-Match'), etag)) return c.body(null, 304, headers);
  return c.json(body, 200, headers);
}

/** Weak comparison against each entry of the list; `*` means any. */
function holds(ifNoneMatch: string | undefined, etag: string): boolean {
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  const entries = (ifNoneMatch ?? '').split(',');
  return entries.some((entry) => entry.trim() === '*' || bare(entry) === bare(etag));
}

/** JSON; people and programs with a key keep it and ask about it again. */
export function encodeJson(c: Context, answer: object, { method, who }: RouteFacts): Answered {
  if (method !== 'GET' || who === 'public') return c.json(answer);
  return jsonWithEtag(c, answer, withoutTime(answer));
}

/** The time of computing changes with every request and says nothing about the content. */
function withoutTime({ as_of: _asOf, ...rest }: { as_of?: unknown }): object {
  return rest;
}
