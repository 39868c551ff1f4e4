/**
 * The product under attack: what `npm start` runs, in an empty folder, on ports of its own; asked
 * over HTTP only, as anybody could. Knows no attack.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../scripts/start/options.ts';
import { freePort } from '../../scripts/start/ports.ts';
import { type DemoRole, type DevSecrets, demoEmail } from '../../scripts/start/secrets.ts';
import { AppError } from '../../shared/errors.ts';

/** A first start builds, migrates and seeds; on two busy cores. */
const START_TIMEOUT_MS = 300_000;

export interface Product {
  url: string;
  port: number;
  supabase: string;
  secrets: DevSecrets;
  stop(): Promise<void>;
}

/** @throws AppError `internal` with what it said when it does not start */
export async function startProduct(): Promise<Product> {
  const data = mkdtempSync(join(tmpdir(), 'jambench-attack-'));
  const [port, supabasePort] = [await freePort(), await freePort()];
  const args = [
    ...['--disable-warning=ExperimentalWarning', join(ROOT, 'scripts', 'start.ts')],
    ...['--port', String(port), '--supabase-port', String(supabasePort), '--data', data],
  ];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  try {
    await untilReady(child, ended);
  } catch (failure) {
    await stop();
    throw failure;
  }
  const secrets = JSON.parse(readFileSync(join(data, 'secrets.json'), 'utf8')) as DevSecrets;
  const supabase = `http://127.0.0.1:${supabasePort}`;
  return { url: `http://localhost:${port}`, port, supabase, secrets, stop };
}

function untilReady(child: ChildProcess, ended: Promise<void>): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    const fail = (why: string) =>
      reject(new AppError('internal', `The product ${why}.\n${said.slice(-4000)}`));
    const timer = setTimeout(() => fail('was not ready in time'), START_TIMEOUT_MS);
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      if (!said.includes('Ctrl-C stops it')) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    void ended.then(() => {
      clearTimeout(timer);
      fail('ended');
    });
  });
}

/** What came back, read to its end. */
export interface Answer {
  status: number;
  text: string;
  headers: Headers;
  /** The body as JSON; an empty object where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the product answers is looked at
  json: any;
}

export interface Ask {
  method?: string;
  /** Bearer token. */
  token?: string | null;
  /** Sent as JSON unless it is text. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** One request. @param path from the root, or a whole address */
export async function ask(product: Product, path: string, how: Ask = {}): Promise<Answer> {
  const { method, token, body, headers } = how;
  const answer = await fetch(path.startsWith('http') ? path : product.url + path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    redirect: 'manual',
  });
  const text = await answer.text();
  return { status: answer.status, text, headers: answer.headers, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** A session of a demo person. */
export const signInDemo = (product: Product, role: DemoRole) =>
  signIn(product, demoEmail(role), product.secrets.passwords[role]);

/** @throws AppError `unauthenticated` */
export async function signIn(product: Product, email: string, password: string): Promise<string> {
  const { json, text } = await ask(product, '/supabase/auth/v1/token?grant_type=password', {
    body: { email, password },
    headers: { apikey: product.secrets.publishableKey },
  });
  if (typeof json.access_token === 'string') return json.access_token;
  throw new AppError('unauthenticated', `${email} could not be signed in: ${text}`);
}
