/** The OpenAPI document, and a page that shows it. */
import * as v from 'valibot';
import { jsonWithEtag } from './etag.ts';
import { escapeHtml, page } from './html.ts';
import { describeWho, openApi } from './openapi.ts';
import { type Route, type RouteFacts, route } from './route.ts';

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

function content(routes: readonly RouteFacts[], origin: string): string {
  const { paths } = openApi(routes, origin) as { paths: Record<string, Record<string, object>> };
  const entries = routes.map((facts) => {
    const { method, path, summary } = facts;
    const operation = paths[path]?.[method.toLowerCase()] ?? {};
    return `<section><h2><code>${method} ${escapeHtml(path)}</code></h2>
<p>${escapeHtml(summary)}. <span class="who">${escapeHtml(describeWho(facts))}</span></p>
<details><summary>Parameters, body and answers</summary>
<pre>${escapeHtml(JSON.stringify(operation, null, 2))}</pre></details></section>`;
  });
  return `<h1>JamBench interface</h1>
<p>${routes.length} operations, written by the Worker from the schemas that check its requests.
The same for programs: <a href="openapi.json">openapi.json</a>.</p>${entries.join('\n')}`;
}
