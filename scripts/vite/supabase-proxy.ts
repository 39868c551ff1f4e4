/**
 * Vite plugin: hands `/supabase/**` on to the embedded Supabase, prefix stripped, so that the page
 * needs no other origin than its own. A plugin and not Vite's own `proxy`, because the Worker's
 * middleware would come before that. Knows nothing of Supabase.
 */
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Connect, Plugin } from 'vite';
import { isOpenSupabase, SUPABASE_PREFIX } from '../door/address.ts';

/** @param port of the embedded Supabase on 127.0.0.1 */
export function supabaseProxy(port: number): Plugin {
  const middleware: Connect.NextHandleFunction = (req, res) => forward(req, res, port);
  return {
    name: 'jambench:supabase-proxy',
    configureServer: (server) => void server.middlewares.use(SUPABASE_PREFIX, middleware),
  };
}

function notFound(res: ServerResponse): void {
  res.writeHead(404, { 'content-type': 'application/json' });
  res.end(JSON.stringify({ message: 'nothing is served here' }));
}

/** connect has already removed the prefix from `req.url`. */
function forward(req: IncomingMessage, res: ServerResponse, port: number): void {
  if (!isOpenSupabase(req.url ?? '')) return void notFound(res);
  const host = `127.0.0.1:${port}`;
  const upstream = request(
    {
      host: '127.0.0.1',
      port,
      method: req.method,
      path: req.url,
      headers: { ...req.headers, host },
    },
    (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    },
  );
  upstream.on('error', () => {
    if (res.headersSent) return void res.end();
    res.writeHead(502, { 'content-type': 'application/json' });
    res.end(JSON.stringify({ message: `nothing answers on port ${port}` }));
  });
  req.pipe(upstream);
}
