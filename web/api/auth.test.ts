import { afterEach, describe, expect, test, vi } from 'vitest';
import { SupabaseAuth } from './auth.ts';

/** Storage with what auth-js might have left in it. */
function kept(text: string | null): Storage {
  const items = new Map(text === null ? [] : [['jambench-auth', text]]);
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

type Service = { supabase_url: string; supabase_anon_key: string };
const offline = (): Promise<Service> => Promise.reject(new TypeError('offline'));

function auth(storage: Storage, settings = offline) {
  return new SupabaseAuth({ storage, settings, origin: 'https://bench.example.net' });
}

const SESSION = {
  access_token: 'a.b.c',
  refresh_token: 'r',
  expires_at: 1_800_000_000,
  expires_in: 3600,
  token_type: 'bearer',
  user: { id: 'ann', email: 'ann@example.net', role: 'authenticated' },
};

test('reads the session that auth-js keeps, without loading auth-js', () => {
  expect(auth(kept(JSON.stringify(SESSION))).stored()).toEqual({
    userId: 'ann',
    email: 'ann@example.net',
    accessToken: 'a.b.c',
    expiresAt: 1_800_000_000,
  });
});

test.each([null, '', 'null', '{', '[]', '{"access_token":1}', '{"user":{"id":"ann"}}'])(
  'what is no session is nobody: %s',
  (text) => {
    expect(auth(kept(text)).stored()).toBeNull();
  },
);

test('without settings nobody can sign in, and the error says that it is the network', async () => {
  await expect(auth(kept(null)).signIn('ann@example.net', 'x')).rejects.toMatchObject({
    code: 'unavailable',
  });
});

test('signing out forgets the session even when the service cannot be told', async () => {
  const storage = kept(JSON.stringify(SESSION));
  await auth(storage).signOut();
  expect(storage.length).toBe(0);
});

const SETTINGS = () =>
  Promise.resolve({ supabase_url: 'https://auth.example.net', supabase_anon_key: 'k' });
/** The service answers every renewal like this. */
function serving(answer: () => Response | Promise<Response>) {
  vi.stubGlobal('fetch', async () => answer());
}
afterEach(() => vi.unstubAllGlobals());

describe('a renewal that is refused', () => {
  test.each(['<html>', '', '{"message":"no"}'])(
    'by a stranger keeps the session, at any status: %j',
    async (body) => {
      for (const status of [200, 400, 401, 403, 404, 407, 418, 422, 429, 451, 500, 503, 511, 520]) {
        serving(() => new Response(body, { status }));
        const storage = kept(JSON.stringify(SESSION));
        const failure = await auth(storage, SETTINGS)
          .refresh()
          .catch((error) => error);
        expect([status, failure.code]).toEqual([
          status,
          status === 429 ? 'rate_limited' : 'unavailable',
        ]);
        expect(storage.getItem('jambench-auth')).toBe(JSON.stringify(SESSION));
      }
    },
  );

  test.each(['refresh_token_not_found', 'refresh_token_already_used', 'session_not_found'])(
    'by the service itself ends it: %s',
    async (error_code) => {
      serving(() => Response.json({ code: 400, error_code, msg: 'x' }, { status: 400 }));
      const failure = await auth(kept(JSON.stringify(SESSION)), SETTINGS)
        .refresh()
        .catch((error) => error);
      expect(failure.code).toBe('unauthenticated');
    },
  );
});

test('a session lives by the time since it came, whatever the device’s clock says', async () => {
  const service_s = 1_800_000_000;
  const session = { ...SESSION, access_token: 'new', expires_at: service_s + 3600 };
  for (const wrong_s of [-7200, 0, 7200, 63_072_000]) {
    vi.useFakeTimers({ now: (service_s + wrong_s) * 1000, toFake: ['Date'] });
    serving(() => Response.json(session));
    const storage = kept(JSON.stringify(SESSION));
    const renewed = await auth(storage, SETTINGS).refresh();
    expect(renewed.expiresAt).toBe(service_s + wrong_s + 3600);
    expect(auth(storage).stored()?.expiresAt).toBe(service_s + wrong_s + 3600);
    vi.useRealTimers();
  }
});

test('signing out forgets at once, and tells the service with the token it had', async () => {
  const calls: string[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    calls.push(`${init.method} ${url} ${new Headers(init.headers).get('authorization')}`);
    return new Response(null, { status: 204 });
  });
  const storage = kept(JSON.stringify(SESSION));
  const done = auth(storage, SETTINGS).signOut();
  expect(storage.length).toBe(0);
  await done;
  expect(calls).toEqual(['POST https://auth.example.net/auth/v1/logout?scope=local Bearer a.b.c']);
});

test('without a network the session stays, and so when it hangs', async () => {
  for (const failure of [new TypeError('offline'), new DOMException('x', 'TimeoutError')]) {
    serving(() => Promise.reject(failure));
    const storage = kept(JSON.stringify(SESSION));
    await expect(auth(storage, SETTINGS).refresh()).rejects.toMatchObject({ code: 'unavailable' });
    expect(auth(storage).stored()?.userId).toBe('ann');
  }
});

test('a renewal that lost the race goes on with what the other tab has got', async () => {
  const storage = kept(JSON.stringify(SESSION));
  serving(() => {
    const newer = { ...SESSION, access_token: 'n.n.n', refresh_token: 'n' };
    storage.setItem('jambench-auth', JSON.stringify(newer)); // a browser without Web Locks
    return Response.json({ error_code: 'refresh_token_already_used' }, { status: 400 });
  });
  const session = await auth(storage, SETTINGS).refresh();
  expect(session.accessToken).toBe('n.n.n');
});

test('a renewal that arrives after the sign-out brings nobody back', async () => {
  const storage = kept(JSON.stringify(SESSION));
  serving(() => {
    storage.clear();
    return Response.json({ ...SESSION, access_token: 'late' });
  });
  const refreshed = auth(storage, SETTINGS).refresh();
  await expect(refreshed).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(storage.length).toBe(0);
});

test('a session that cannot be renewed has ended, and nobody is asked', async () => {
  const { refresh_token: _, ...rest } = SESSION;
  serving(() => Promise.reject(new Error('asked')));
  const refreshed = auth(kept(JSON.stringify(rest)), SETTINGS).refresh();
  await expect(refreshed).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('what another tab has renewed meanwhile is not renewed again', async () => {
  let asked = 0;
  serving(() => {
    asked += 1;
    return Response.json({ ...SESSION, access_token: `new${asked}` });
  });
  const storage = kept(JSON.stringify(SESSION));
  const [one, other] = [auth(storage, SETTINGS), auth(storage, SETTINGS)];
  const renewed = await Promise.all([one.refresh(), other.refresh()]);
  expect(renewed.map((session) => session.accessToken)).toEqual(['new1', 'new1']);
  expect(asked).toBe(1);
  expect(JSON.parse(storage.getItem('jambench-auth') ?? '')).toMatchObject({
    refresh_token: 'r',
    token_type: 'bearer',
    user: { role: 'authenticated' },
  });
});
