/**
 * Accounts through the real auth-js: what Supabase Lite has, against the development stack's own
 * Supabase over its socket; second factors, which it has not, against a stand-in.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { CODE, FactorService, TOKEN_HASH } from '../../e2e/testing/factor-service.ts';
import { keptMails, mailFolder } from '../../scripts/start/mailbox.ts';
import { loadSecrets } from '../../scripts/start/secrets.ts';
import { startSupabase } from '../../scripts/start/supabase.ts';
import { Account, type AccountPortal, passwordLink } from '../app/account.ts';
import { Session } from '../app/session.ts';
import { SupabaseAccount } from './account.ts';
import { SupabaseAuth } from './auth.ts';

const NO_ANSWERS = { get: async () => null, put: async () => {} };

function memory(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    key: (i) => [...items.keys()][i] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}

/** Says what it was asked. */
class TestPortal implements AccountPortal {
  readonly asked: string[] = [];
  isRequired = false;
  isAway = false;

  async signOutEverywhere(token?: string) {
    if (this.isAway) throw new Error('away');
    this.asked.push(token ? 'sign-out of the link' : 'sign-out');
  }
  async me() {
    return { second_factor: this.isRequired };
  }
  async requireSecondFactor(isRequired: boolean) {
    this.asked.push(isRequired ? 'require' : 'do not require');
    this.isRequired = isRequired;
  }
}

/** A page on the service at an address. */
function pageOn(supabase_url: string, supabase_anon_key = 'k') {
  vi.stubGlobal('window', { addEventListener: () => {} });
  vi.stubGlobal('document', { addEventListener: () => {} });
  const settings = async () => ({ supabase_url, supabase_anon_key });
  const service = { settings, origin: 'http://localhost:5170' };
  const storage = memory();
  const auth = new SupabaseAuth({ ...service, storage });
  const roles = { read: () => null, write: () => {}, forget: () => {} };
  const session = new Session({ auth, roles, wipe: async () => {}, now: Date.now });
  const portal = new TestPortal();
  const port = new SupabaseAccount(service, auth);
  const account = new Account({ session, account: port, portal, answers: NO_ANSWERS });
  return { session, storage, account, port, portal, auth };
}
afterEach(() => vi.unstubAllGlobals());

/** A session's assurance, as the Worker reads it. */
const aalOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).aal;

describe('on Supabase Lite', () => {
  const data = mkdtempSync(join(tmpdir(), 'jambench-account-'));
  const secrets = loadSecrets(data);
  const email = 'ines@example.net';
  let child: Awaited<ReturnType<typeof startSupabase>>;
  let url: string;

  beforeAll(async () => {
    const port = 30_000 + (process.pid % 20_000);
    url = `http://127.0.0.1:${port}`;
    const site = 'http://localhost:5170';
    child = await startSupabase({ port, data, secrets, site, signUp: false, log: () => {} });
    const headers = { authorization: `Bearer ${secrets.serviceKey}` };
    const body = JSON.stringify({ email, password: 'ines-will-forget' });
    await fetch(`${url}/auth/v1/admin/users`, { method: 'POST', headers, body });
  }, 60_000);
  afterAll(async () => {
    await child?.stop();
    rmSync(data, { recursive: true });
  });

  const linkOfLastMail = () => {
    const [mail] = keptMails(mailFolder(data));
    const link = passwordLink(new URL(/^http.*$/m.exec(mail?.text ?? '')?.[0] ?? 'http://x/'));
    if (!link) throw new Error('no mail with a link');
    return link;
  };

  test('a forgotten password becomes another one, and the old one opens nothing', async () => {
    const { account, session, portal } = pageOn(url, secrets.publishableKey);
    await account.port.requestPassword(` ${email} `);
    const link = linkOfLastMail();
    expect(link).toMatchObject({ kind: 'hash', type: 'recovery' });
    const before = pageOn(url, secrets.publishableKey).session;
    await before.signIn(email, 'ines-will-forget');
    expect(await account.choosePassword(link, 'ines-remembers-this', null)).toBe('sign_in');
    expect(session.state.value.user).toBeNull();
    expect(portal.asked).toEqual(['sign-out of the link']);
    // its access token lives on until the Worker has heard; it is renewed no more
    const used = await before.accessToken();
    await expect(before.accessToken(used)).rejects.toMatchObject({ code: 'unauthenticated' });
    const other = pageOn(url, secrets.publishableKey).session;
    await expect(other.signIn(email, 'ines-will-forget')).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    expect(await other.signIn(email, 'ines-remembers-this')).toBeNull();
  });

  test('a link works once, and says so', async () => {
    const { account } = pageOn(url, secrets.publishableKey);
    await expect(
      account.choosePassword(linkOfLastMail(), 'whatever-1', null),
    ).rejects.toMatchObject({ message: 'This link has expired or was used already.' });
  });

  test('an unknown address is answered like a known one', async () => {
    const { port } = pageOn(url, secrets.publishableKey);
    await expect(port.requestPassword('nobody@example.net')).resolves.toBeUndefined();
  });

  test('nobody makes an account, and the page says what to do', async () => {
    const { port } = pageOn(url, secrets.publishableKey);
    await expect(port.signUp('new@example.net', 'long-enough-1')).rejects.toMatchObject({
      message: 'Nobody can make an account here.',
    });
  });

  test('there is no second factor, and whoever wants one is told', async () => {
    const { account, session } = pageOn(url, secrets.publishableKey);
    await session.signIn(email, 'ines-remembers-this');
    expect(await account.hasSecondFactor()).toBe(false);
    await expect(account.startSecondFactor()).rejects.toMatchObject({
      message: 'The sign-in service here has no second factors.',
    });
  });
});

describe('a second factor', () => {
  const EMAIL = 'ann@example.net';
  let service: FactorService;
  let page: ReturnType<typeof pageOn>;
  beforeEach(() => {
    service = new FactorService();
    page = pageOn('https://auth.example.net');
    vi.stubGlobal('fetch', service.fetch);
  });

  async function setUp() {
    await page.session.signIn(EMAIL, service.password);
    const started = await page.account.startSecondFactor();
    await started.confirm(CODE);
    return started;
  }

  test('is set up with a code; a wrong one changes nothing and can be tried again', async () => {
    await page.session.signIn(EMAIL, service.password);
    expect(await page.account.hasSecondFactor()).toBe(false);
    const { picture, secret, confirm } = await page.account.startSecondFactor();
    expect(picture).toMatch(/^data:image\/svg\+xml/);
    expect(secret).toBe('SECRET');
    await expect(confirm('000000')).rejects.toMatchObject({ code: 'invalid' });
    expect(page.portal.asked).toEqual([]);
    await confirm(CODE);
    expect(page.portal.asked).toEqual(['require']);
    expect(aalOf(await page.session.accessToken())).toBe('aal2');
    expect(await page.account.hasSecondFactor()).toBe(true);
  });

  test('what was begun and left does not stand in the way', async () => {
    await page.session.signIn(EMAIL, service.password);
    await page.account.startSecondFactor();
    await (await page.account.startSecondFactor()).confirm(CODE);
    expect(service.factors.map(({ status }) => status)).toEqual(['verified']);
  });

  test('is asked for at sign-in, and nothing is kept before the code is right', async () => {
    await setUp();
    await page.session.signOut();
    const enter = await page.session.signIn(EMAIL, service.password);
    expect(page.storage.length).toBe(0);
    expect(page.session.state.value.user).toBeNull();
    await expect(enter?.('999999')).rejects.toMatchObject({ message: 'This code is not right.' });
    expect(page.storage.length).toBe(0);
    await enter?.(CODE);
    expect(page.session.state.value.user?.email).toBe(EMAIL);
    expect(aalOf(await page.session.accessToken())).toBe('aal2');
  });

  test('is turned off at the backend first', async () => {
    await setUp();
    await page.account.removeSecondFactor();
    expect(page.portal.asked).toEqual(['require', 'do not require']);
    expect(service.factors).toEqual([]);
    expect(await page.account.hasSecondFactor()).toBe(false);
  });

  test('that the backend has not heard of is told to it', async () => {
    await setUp();
    page.portal.isRequired = false;
    expect(await page.account.hasSecondFactor()).toBe(true);
    expect(page.portal.isRequired).toBe(true);
  });

  test('is asked for before a forgotten password becomes another one', async () => {
    await setUp();
    await page.session.signOut();
    const link = passwordLink({ search: `?token_hash=${TOKEN_HASH}&type=recovery`, hash: '' });
    if (!link) throw new Error('no link');
    const choose = (code: string | null) =>
      page.account.choosePassword(link, 'another password', code);
    expect(await choose(null)).toBe('code_needed');
    expect(service.password).toBe('the first password');
    await expect(choose('000000')).rejects.toMatchObject({ code: 'invalid' });
    expect(await choose(CODE)).toBe('sign_in');
    expect(service.password).toBe('another password');
  });

  test('switched off by the operator is told in words', async () => {
    service.enrolls = false;
    await page.session.signIn(EMAIL, service.password);
    await expect(page.account.startSecondFactor()).rejects.toMatchObject({
      message: 'Second factors are switched off here.',
    });
  });
});

describe('signing out everywhere', () => {
  test('ends nothing when the backend cannot be told', async () => {
    const service = new FactorService();
    const page = pageOn('https://auth.example.net');
    vi.stubGlobal('fetch', service.fetch);
    await page.session.signIn('ann@example.net', service.password);
    page.portal.isAway = true;
    await expect(page.account.signOutEverywhere()).rejects.toThrow('away');
    expect(page.session.state.value.user).not.toBeNull();
    page.portal.isAway = false;
    await page.account.signOutEverywhere();
    expect(page.session.state.value.user).toBeNull();
    expect(page.storage.length).toBe(0);
  });
});

test.each([
  [
    '?token_hash=a&type=invite',
    '',
    { kind: 'hash', token_hash: 'a', type: 'invite', invited: true },
  ],
  [
    '?token_hash=a&type=recovery',
    '',
    { kind: 'hash', token_hash: 'a', type: 'recovery', invited: false },
  ],
  [
    '?token_hash=a&type=recovery&invited=1',
    '',
    { kind: 'hash', token_hash: 'a', type: 'recovery', invited: true },
  ],
  [
    '',
    '#access_token=a&refresh_token=b&type=invite',
    { kind: 'session', access_token: 'a', refresh_token: 'b', invited: true },
  ],
  ['', '#error=access_denied&error_code=otp_expired', { kind: 'refused' }],
  ['', '#access_token=a', null],
  ['?next=/store', '', null],
])('what /password is opened with: %j %j', (search, hash, link) => {
  expect(passwordLink({ search, hash })).toEqual(link);
});
