import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { type AuthPort, type AuthSession, type RoleStore, Session } from './session.ts';

const NOW_S = 1_800_000_000;
const PASSWORD = 'right';

function sessionOf(userId: string, changes: Partial<AuthSession> = {}): AuthSession {
  const expiresAt = NOW_S + 3600;
  return { userId, email: `${userId}@example.net`, accessToken: 'first', expiresAt, ...changes };
}

/** A strict sign-in service: knows one password, and can be away. */
class FakeAuth implements AuthPort {
  kept: AuthSession | null;
  away = false;
  ended = false;
  refreshes = 0;
  changeElsewhere = () => {};

  constructor(kept: AuthSession | null = null) {
    this.kept = kept;
  }
  stored() {
    return this.kept;
  }
  async signIn(email: string, password: string) {
    this.#answer();
    if (password !== PASSWORD) throw new AppError('unauthenticated', 'wrong');
    this.kept = sessionOf(email.split('@')[0] ?? '');
    return this.kept;
  }
  async refresh() {
    this.refreshes += 1;
    this.#answer();
    if (this.ended || !this.kept) throw new AppError('unauthenticated', 'ended');
    this.kept = { ...this.kept, accessToken: 'second', expiresAt: NOW_S + 7200 };
    return this.kept;
  }
  async signOut() {
    this.kept = null;
  }
  forget() {
    this.kept = null;
  }
  onChangedElsewhere(fn: () => void) {
    this.changeElsewhere = fn;
  }
  #answer() {
    if (this.away) throw new AppError('unavailable', 'away');
  }
}

function start(auth: FakeAuth) {
  const wiped: string[] = [];
  const session = new Session({
    auth,
    wipe: async (why) => void wiped.push(why),
    roles: new MemoryRoles(),
    now: () => NOW_S * 1000,
  });
  return { session, wiped };
}

class MemoryRoles implements RoleStore {
  kept: Parameters<RoleStore['write']> | null = null;
  read(userId: string) {
    return this.kept?.[0] === userId ? this.kept[1] : null;
  }
  write(...kept: Parameters<RoleStore['write']>) {
    this.kept = kept;
  }
  forget() {
    this.kept = null;
  }
}

test('a kept session is there at once, and its token is used as it is', async () => {
  const auth = new FakeAuth(sessionOf('ann'));
  const { session } = start(auth);
  expect(session.state.value.user).toEqual({ id: 'ann', email: 'ann@example.net' });
  expect(await session.accessToken()).toBe('first');
  expect(auth.refreshes).toBe(0);
});

test('a token near its end is renewed once, however many ask', async () => {
  const auth = new FakeAuth(sessionOf('ann', { expiresAt: NOW_S + 10 }));
  const { session } = start(auth);
  const tokens = await Promise.all([session.accessToken(), session.accessToken()]);
  expect(tokens).toEqual(['second', 'second']);
  expect(auth.refreshes).toBe(1);
});

test('while the service is away the session stays, with everything kept for it', async () => {
  const auth = new FakeAuth(sessionOf('ann', { expiresAt: NOW_S - 10 }));
  auth.away = true;
  const { session, wiped } = start(auth);
  await expect(session.accessToken()).rejects.toMatchObject({ code: 'unavailable' });
  expect(session.state.value.user?.id).toBe('ann');
  expect(wiped).toEqual([]);
  auth.away = false;
  expect(await session.accessToken()).toBe('second');
});

test('an ended session signs out, says so, and leaves nothing behind', async () => {
  const auth = new FakeAuth(sessionOf('ann', { expiresAt: NOW_S - 10 }));
  auth.ended = true;
  const { session, wiped } = start(auth);
  await expect(session.accessToken()).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(session.state.value).toEqual({ user: null, role: null, expired: true });
  expect(auth.kept).toBeNull();
  expect(wiped).toEqual(['expired']);
});

test('signing in takes the person; a wrong password changes nothing', async () => {
  const { session } = start(new FakeAuth());
  await expect(session.signIn('ann@example.net', 'wrong')).rejects.toMatchObject({
    code: 'unauthenticated',
  });
  expect(session.state.value.user).toBeNull();
  await session.signIn(' ann@example.net ', PASSWORD);
  expect(session.state.value.user?.email).toBe('ann@example.net');
});

test('signing out wipes what was kept', async () => {
  const { session, wiped } = start(new FakeAuth(sessionOf('ann')));
  session.setRole('owner');
  await session.signOut();
  expect(session.state.value).toEqual({ user: null, role: null, expired: false });
  expect(wiped).toEqual(['signed_out']);
  await expect(session.accessToken()).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('ended for a new password: what waits for the same person is wanted still', async () => {
  const { session, wiped } = start(new FakeAuth(sessionOf('ann')));
  await session.signOut('local', 'elsewhere');
  expect([session.state.value.user, wiped]).toEqual([null, ['elsewhere']]);
});

test('signing out in another tab signs out here', async () => {
  const auth = new FakeAuth(sessionOf('ann'));
  const { session, wiped } = start(auth);
  auth.kept = null;
  auth.changeElsewhere();
  expect(session.state.value.user).toBeNull();
  expect(wiped).toEqual(['elsewhere']);
});

test('another person on the same device does not find the first one’s numbers', async () => {
  const { session, wiped } = start(new FakeAuth(sessionOf('ann')));
  await session.signIn('bob@example.net', PASSWORD);
  expect(wiped).toEqual(['another']);
});

test('the role is waited for, but not for ever', async () => {
  const auth = new FakeAuth();
  const session = new Session({
    auth,
    wipe: async () => {},
    roles: new MemoryRoles(),
    now: () => NOW_S * 1000,
  });
  await session.signIn('ann@example.net', PASSWORD);
  expect(await session.roleWithin(10)).toBeNull();
  const soon = session.roleWithin(5000);
  session.setRole('installer');
  expect(await soon).toBe('installer');
  expect(await session.roleWithin(10)).toBe('installer');
});

test('another tab’s person is this tab’s person, and finds nothing of the one before', async () => {
  const auth = new FakeAuth(sessionOf('ann'));
  const { session, wiped } = start(auth);
  session.setRole('owner');
  auth.kept = sessionOf('bob');
  auth.changeElsewhere();
  expect(session.state.value).toEqual({
    user: { id: 'bob', email: 'bob@example.net' },
    role: null,
    expired: false,
  });
  expect(wiped).toEqual(['another']);
});

test('what was asked for one person is not answered with another one’s token', async () => {
  const auth = new FakeAuth(sessionOf('ann'));
  const { session } = start(auth);
  auth.kept = sessionOf('bob'); // and no event has come yet
  await expect(session.accessToken()).rejects.toMatchObject({ code: 'cancelled' });
  expect(session.state.value.user?.id).toBe('bob');
  expect(await session.accessToken()).toBe('first');
});

test('a renewal that brings another person ends what was asked', async () => {
  const auth = new FakeAuth(sessionOf('ann', { expiresAt: NOW_S - 10 }));
  const { session, wiped } = start(auth);
  auth.refresh = async () => {
    auth.kept = sessionOf('bob');
    return auth.kept;
  };
  await expect(session.accessToken()).rejects.toMatchObject({ code: 'cancelled' });
  expect([session.state.value.user?.id, wiped]).toEqual(['bob', ['another']]);
});

test('a token renewed by another tab is used here', async () => {
  const auth = new FakeAuth(sessionOf('ann', { expiresAt: NOW_S - 10 }));
  const { session } = start(auth);
  auth.kept = sessionOf('ann', { accessToken: 'theirs' });
  expect(await session.accessToken()).toBe('theirs');
  expect(auth.refreshes).toBe(0);
});

test('a token that the server refuses is renewed once, whatever our clock says', async () => {
  const auth = new FakeAuth(sessionOf('ann'));
  const { session } = start(auth);
  expect(await session.accessToken('first')).toBe('second');
  expect(await session.accessToken()).toBe('second');
  expect(auth.refreshes).toBe(1);
});

test('a token refused right after its renewal ends the session in words', async () => {
  const auth = new FakeAuth(sessionOf('ann'));
  const { session } = start(auth);
  await session.accessToken('first');
  await expect(session.accessToken('second')).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(session.state.value).toMatchObject({ user: null, expired: true });
});

test('signing out is done at once, however long the service takes to hear of it', async () => {
  const auth = new FakeAuth(sessionOf('ann'));
  const { session, wiped } = start(auth);
  auth.signOut = () => {
    auth.kept = null;
    return new Promise(() => {});
  };
  await session.signOut();
  expect([session.state.value.user, wiped]).toEqual([null, ['signed_out']]);
});

test('the role last given is there at the next start, until the person leaves', async () => {
  const roles = new MemoryRoles();
  const auth = new FakeAuth(sessionOf('ann'));
  const open = () => new Session({ auth, roles, wipe: async () => {}, now: () => NOW_S * 1000 });
  open().setRole('owner');
  const again = open();
  expect(again.state.value.role).toBe('owner');
  await again.signOut();
  expect([roles.kept, again.state.value.role]).toEqual([null, null]);
});
