import { expect, test } from 'vitest';
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

function auth(storage: Storage, settings = () => Promise.reject(new TypeError('offline'))) {
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
