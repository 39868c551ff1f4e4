/**
 * The embedded Supabase's process: Supabase Lite on the PGlite database of a project folder, with
 * the mail box of the data folder and the part of Supabase Auth's admin API that Lite does not have
 * (lite-admin.ts). Argument 1 is a {@link LiteConfig} as JSON; the keys come from the environment.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { App, type EmailDriver } from '@supabase/lite';
import { createPgliteConnection } from '@supabase/lite/pglite';
import { adminApi } from './lite-admin.ts';
import { keepMail, textOf } from './mailbox.ts';

export interface LiteConfig {
  port: number;
  /** Folder of the project; its database lies in `pglite`. */
  project: string;
  /** Folder of the templates that a real project is given. */
  templates: string;
  /** Folder of the mail box. */
  mails: string;
  /** Origin of the page. */
  site: string;
  /** Whether strangers may make accounts. */
  signUp: boolean;
}

/** Access tokens live a quarter of an hour, as docs/deploy.md asks of a real project. */
const JWT_EXPIRY_S = 900;

const config = JSON.parse(process.argv[2] ?? '{}') as LiteConfig;
const { SUPABASE_JWT_SECRET, SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY } = process.env;
const connection = await createPgliteConnection({ url: join(config.project, 'pglite') });
const box: EmailDriver = {
  async send({ to, subject, text, html }) {
    const words = html ? textOf(html) : (text ?? '');
    keepMail(config.mails, { to, subject, text: words }, Date.now());
  },
};

/** @param recovery template of the mail with a link that lets somebody choose a password */
function appWith(signUp: boolean, recovery: { subject: string; content_path: string }) {
  return new App({
    connection,
    auth: {
      enabled: true,
      site_url: config.site,
      jwt_secret: SUPABASE_JWT_SECRET ?? '',
      jwt_expiry: JWT_EXPIRY_S,
      enable_signup: signUp,
      publishable_key: SUPABASE_PUBLISHABLE_KEY ?? '',
      secret_key: SUPABASE_SECRET_KEY ?? '',
      email: { enable_confirmations: false, template: { recovery } },
    },
    options: { server: { admin: false }, drivers: { email: box } },
  });
}

const open = appWith(config.signUp, {
  subject: 'A new password for JamBench',
  content_path: join(config.templates, 'recovery.html'),
});
/** Behind the service key: makes accounts whether or not strangers may, and invites. */
const inner = appWith(true, {
  subject: 'Your JamBench account',
  content_path: invitation(),
});
await open.ensureSystemSchema();
const admin = adminApi({
  serviceKey: SUPABASE_SECRET_KEY ?? '',
  publishableKey: SUPABASE_PUBLISHABLE_KEY ?? '',
  inner: (request) => inner.fetch(request),
  sql: async (query, ...values) =>
    (await connection.driver.query<Record<string, unknown>>(query, values)).rows,
});

/** Lite's tokens for choosing a password are of one kind; the link has to name it. */
function invitation(): string {
  const text = readFileSync(join(config.templates, 'invite.html'), 'utf8');
  const file = join(config.project, 'invite.html');
  writeFileSync(file, text.replace('type=invite', 'type=recovery&invited=1'));
  return file;
}

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const request = requestOf(req);
  const response =
    (await admin(request)) ??
    refuseMailedCode(request) ??
    inJson(await open.fetch(request, { peerAddress: req.socket.remoteAddress ?? null }));
  res.writeHead(response.status, [...response.headers].flat());
  if (response.body) Readable.fromWeb(response.body as never).pipe(res);
  else res.end();
}

/** What Lite does not have it answers as text; Supabase's clients expect JSON. */
function inJson(response: Response): Response {
  if (response.status !== 404 || /json/.test(response.headers.get('content-type') ?? ''))
    return response;
  const fault = { code: 404, error_code: 'not_found', msg: 'Not in the embedded service' };
  return Response.json(fault, { status: 404 });
}

const MAILED_CODE = /^\/+auth\/+v1\/+otp\/*$/i;

/** Lite makes an account for whoever asks for a code, sign-up or not; nothing here needs codes. */
function refuseMailedCode(request: Request): Response | null {
  if (config.signUp || !MAILED_CODE.test(plain(new URL(request.url).pathname))) return null;
  const fault = { code: 422, error_code: 'otp_disabled', msg: 'Signups not allowed for otp' };
  return Response.json(fault, { status: 422 });
}

function plain(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // no path of the service has a broken escape
  }
}

function requestOf(req: IncomingMessage): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers))
    if (value !== undefined) headers.set(name, String(value));
  const hasBody = req.method !== 'GET' && req.method !== 'HEAD';
  return new Request(`http://127.0.0.1:${config.port}${req.url}`, {
    method: req.method ?? 'GET',
    headers,
    ...(hasBody ? { body: Readable.toWeb(req) as never, duplex: 'half' } : {}),
  });
}

const server = createServer((req, res) => {
  answer(req, res).catch((error: unknown) => {
    console.error(error);
    if (!res.headersSent) res.writeHead(500, { 'content-type': 'application/json' });
    res.end(JSON.stringify({ code: 500, error_code: 'unexpected_failure', msg: 'see the log' }));
  });
});
server.listen(config.port, '127.0.0.1');

process.on('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  connection.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
