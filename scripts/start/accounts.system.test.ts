/** The embedded Supabase's accounts, over its socket: closed to strangers, open by invitation. */

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Child } from './children.ts';
import { type KeptMail, keepMail, keptMails, mailFolder, textOf, watchMails } from './mailbox.ts';
import { freePort } from './ports.ts';
import { loadSecrets } from './secrets.ts';
import { startSupabase } from './supabase.ts';

const data = mkdtempSync(join(tmpdir(), 'jambench-accounts-'));
const secrets = loadSecrets(data);
let child: Child;
let url: string;
const logged: string[] = [];
const log = (sentence: string) => void logged.push(sentence);

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}/auth/v1`;
  const site = 'http://localhost:5170';
  child = await startSupabase({ port, data, secrets, site, signUp: false, log });
}, 60_000);
afterAll(async () => {
  await child?.stop();
  rmSync(data, { recursive: true });
});

const mails = () => keptMails(mailFolder(data));
const stranger = { apikey: secrets.publishableKey };
const service = { apikey: secrets.serviceKey, authorization: `Bearer ${secrets.serviceKey}` };

async function ask(path: string, key: Record<string, string>, body?: object, method = 'POST') {
  const headers = { ...key, 'content-type': 'application/json' };
  const sent = body ? { body: JSON.stringify(body) } : {};
  const answer = await fetch(`${url}/${path}`, { method, headers, ...sent });
  return { status: answer.status, body: JSON.parse((await answer.text()) || '{}') };
}
const signIn = (email: string, password: string) =>
  ask('token?grant_type=password', stranger, { email, password });

describe('strangers', () => {
  test('make no account, by password or by mail', async () => {
    const email = 'stranger@example.net';
    expect(await ask('signup', stranger, { email, password: 'long-enough-1' })).toMatchObject({
      status: 422,
      body: { error_code: 'signup_disabled' },
    });
    for (const path of ['otp', '%6ftp', './otp']) {
      const asked = await ask(path, stranger, { email, create_user: true });
      expect(asked.body.error_code).toBe('otp_disabled');
    }
    expect((await ask('magiclink', stranger, { email })).body.error_code).toBe('signup_disabled');
    expect((await signIn(email, 'long-enough-1')).status).toBe(400);
    expect(mails()).toEqual([]);
  });

  test('reach nothing of the admin API, with the page’s key or with none', async () => {
    const forged = { authorization: `Bearer ${secrets.publishableKey}` };
    for (const key of [stranger, {}, forged] as Record<string, string>[]) {
      expect((await ask('invite', key, { email: 'a@example.net' })).status).toBe(403);
      expect((await ask('admin/users', key, undefined, 'GET')).status).toBe(403);
    }
    expect(mails()).toEqual([]);
  });
});

describe('who is invited', () => {
  const email = 'ines@example.net';

  test('chooses a password by the link in the mail, which works once', async () => {
    const invited = await ask('invite', service, { email });
    expect(invited).toMatchObject({ status: 200, body: { email } });
    const [mail] = mails();
    expect(mail).toMatchObject({ to: email, subject: 'Your JamBench account' });
    await expect.poll(() => logged.join()).toContain(`Mail to ${email}: Your JamBench account`);
    const link = new URL(/^http.*$/m.exec(mail?.text ?? '')?.[0] ?? '');
    expect(link.origin + link.pathname).toBe('http://localhost:5170/password');
    const { token_hash, type } = Object.fromEntries(link.searchParams);
    const opened = await ask('verify', stranger, { token_hash, type });
    expect(opened).toMatchObject({ status: 200, body: { user: { id: invited.body.id } } });
    const session = { ...stranger, authorization: `Bearer ${opened.body.access_token}` };
    const changed = await ask('user', session, { password: 'ines-has-chosen' }, 'PUT');
    expect(changed.status).toBe(200);
    expect((await signIn(email, 'ines-has-chosen')).status).toBe(200);
    expect((await ask('verify', stranger, { token_hash, type })).status).toBe(403);
  });

  test('is invited anew until the first sign-in, then no more', async () => {
    expect((await ask('invite', service, { email: 'late@example.net' })).status).toBe(200);
    // the service mails one address once a minute
    const again = await ask('invite', service, { email });
    expect(again).toMatchObject({ status: 422, body: { error_code: 'email_exists' } });
  });

  test('is found by address, and gone when deleted', async () => {
    const found = await ask(`admin/users?filter=${email}`, service, undefined, 'GET');
    expect(found.body.users).toMatchObject([{ email }]);
    const [{ id }] = found.body.users;
    expect((await ask(`admin/users/${id}`, service, undefined, 'DELETE')).status).toBe(200);
    expect((await ask(`admin/users/${id}`, service, undefined, 'DELETE')).status).toBe(404);
    expect((await signIn(email, 'ines-has-chosen')).status).toBe(400);
  });
});

test('who has forgotten the password gets a mail, and a stranger the same answer', async () => {
  const account = { email: 'otto@example.net', password: 'otto-forgets-it' };
  expect((await ask('admin/users', service, account)).status).toBe(200);
  const before = mails().length;
  const known = await ask('recover', stranger, { email: account.email });
  expect(mails()[0]).toMatchObject({ to: account.email, subject: 'A new password for JamBench' });
  const unknown = await ask('recover', stranger, { email: 'nobody@example.net' });
  expect(unknown).toEqual(known);
  expect(mails()).toHaveLength(before + 1);
});

describe('the mail box', () => {
  test('is its owner’s only', ({ skip }) => {
    skip(process.platform === 'win32', 'Windows has no such modes of files');
    expect(statSync(mailFolder(data)).mode & 0o077).toBe(0);
  });

  test('keeps order, notifies of what is new, and makes text of HTML', async () => {
    const folder = join(data, 'box');
    const mail = (subject: string): KeptMail => ({ to: 'a@example.net', subject, text: 'x\n\ny' });
    keepMail(folder, mail('first'), 5);
    const logged: string[] = [];
    const stop = watchMails(folder, ({ subject }) => void logged.push(subject));
    keepMail(folder, mail('second'), 5);
    await expect.poll(() => logged).toEqual(['second']);
    stop();
    expect(keptMails(folder)).toEqual([mail('second'), mail('first')]);
    expect(textOf('<p>Go <a class="b" href="http://x/?a=1&amp;b=2">there</a></p>')).toBe(
      'Go there:\nhttp://x/?a=1&b=2',
    );
  });
});
