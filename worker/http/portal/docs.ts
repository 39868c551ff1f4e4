/** The OpenAPI document, and a page that shows it. */
import * as v from 'valibot';
import { jsonWithEtag } from '../kernel/etag.ts';
import { page } from '../kernel/html.ts';
import { describeWho, openApi } from '../kernel/openapi.ts';
import type { RouteFacts } from '../kernel/route.ts';
import { type Chapter, docsPage, type Operation } from './docs-page.ts';
import { type Route, publicRoute as route } from './route.ts';

/** @param all the table, asked for when it is whole: these two routes are part of it */
export function docsRoutes(all: () => readonly RouteFacts[]): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/openapi.json',
      summary: 'This interface as an OpenAPI 3.1 document',
      who: 'public',
      answers: { 200: v.record(v.string(), v.unknown()) },
      async handle({ c }) {
        const document = openApi(all(), new URL(c.req.url).origin);
        const response = await jsonWithEtag(c, document, document);
        // The same for everyone, and new only with a new Worker.
        response.headers.set('Cache-Control', 'public, max-age=300');
        response.headers.delete('Vary');
        return response;
      },
    }),
    route({
      method: 'GET',
      path: '/docs',
      summary: 'This interface as a page',
      who: 'public',
      answers: { 200: v.string() },
      async handle({ c }) {
        const response = await page(c, 'Interface', content(all(), new URL(c.req.url).origin));
        response.headers.set('Cache-Control', 'public, max-age=300');
        return response;
      },
    }),
  ];
}

/** The callers, each with what it is to them. */
const CALLERS: readonly (Omit<Chapter, 'operations'> & { is(route: RouteFacts): boolean })[] = [
  {
    title: 'People',
    about: 'What the page asks for. A signed-in person’s token from Supabase goes along.',
    is: ({ path }) => path.startsWith('/api/v1/') && !path.startsWith('/api/v1/dev/'),
  },
  {
    title: 'Units',
    about:
      'What sensors in the field say, over plain HTTP, in two generations of names. Answers stay within 330 bytes, 850 for a chunk, because old units read 511 and 1,023.',
    is: ({ who }) => who === 'unit' || who === 'webhook',
  },
  {
    title: 'Admin API',
    about: 'For programs that hold the admin key, and for admins. Lists go on at next_cursor.',
    is: ({ who }) => who === 'admin-key',
  },
  { title: 'Others', about: 'Health, and what only development has.', is: () => true },
];

function content(routes: readonly RouteFacts[], origin: string): string {
  const { paths } = openApi(routes, origin) as { paths: Record<string, Record<string, object>> };
  const left = new Set(routes);
  const chapters = CALLERS.map(({ is, ...words }) => {
    const own = [...left].filter(is);
    for (const route of own) left.delete(route);
    return { ...words, operations: own.map((facts) => operationOf(facts, paths)) };
  });
  return docsPage(chapters, origin);
}

function operationOf(facts: RouteFacts, paths: Record<string, Record<string, object>>): Operation {
  const { method, path, summary } = facts;
  const found = paths[path]?.[method.toLowerCase()] ?? {};
  return { method, path, summary, who: describeWho(facts), facts: found };
}
