/** The trail: no secret by its name, and every configuration key that is none. */
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { CONFIG_DEFAULTS } from '../../shared/contracts/config.ts';
import { d1AuditStore } from '../d1/audit.ts';
import { freshWorld } from '../testing/world.ts';
import { changeOf, listChanges, unitChange } from './audit.ts';

const BY = { actor: 'id-ada', nowMs: 1 };

test.each(['token', 'token_sha256', 'PIN', 'pin_hmac', 'secret_hmac', 'adminKey', 'hash', 'bssid'])(
  '%s is left out on both sides',
  (name) => {
    const facts = { before: { [name]: 'x', a: 1 }, after: { [name]: 'y' } };
    expect(unitChange(BY, 'unit.move', 'JBNB0001', facts)).toEqual({
      ...{ at_ms: 1, actor: 'id-ada', action: 'unit.move', target: 'unit:JBNB0001' },
      ...{ before: { a: 1 }, after: {} },
    });
  },
);

test('what the trail is for stays in it', () => {
  const more = ['location_id', 'hologram_device_id', 'status', 'role', 'places', 'command', 'mac'];
  for (const name of [...Object.keys(CONFIG_DEFAULTS), ...more]) {
    expect(changeOf(BY, 'unit.config', 'x', { after: { [name]: 1 } }).after).toEqual({ [name]: 1 });
  }
  expect(changeOf(BY, 'unit.config', 'x', {})).toMatchObject({ before: null, after: null });
});

test.each([1, 2, 5, 6, 7])('pages of %i show each change once, the newest first', async (limit) => {
  await freshWorld();
  const store = d1AuditStore(env.DB);
  for (let n = 0; n < 12; n += 1)
    await store.add(
      unitChange({ ...BY, nowMs: 5 }, 'unit.pin', `JBNB000${n % 2}`, { after: { n } }),
    );
  for (const [target, expected] of [
    [undefined, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
    ['unit:JBNB0001', [11, 9, 7, 5, 3, 1]],
  ] as const) {
    const seen: unknown[] = [];
    let cursor: string | null | undefined;
    for (let pages = 0; cursor !== null && pages < 20; pages += 1) {
      const page = await listChanges(store, { limit, target, cursor: cursor ?? undefined });
      seen.push(...page.changes.map(({ after }) => after?.n));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(expected);
  }
});

test('by action, person and time, and by all of them at once', async () => {
  await freshWorld();
  const store = d1AuditStore(env.DB);
  const start = Date.UTC(2026, 0, 28);
  const actions = ['unit.pin', 'unit.move', 'unit.rename'] as const;
  for (let n = 0; n < 12; n += 1) {
    const by = { actor: n % 2 ? 'id-ada' : 'id-ines', nowMs: start + n * 60_000 };
    const action = actions[n % 3] ?? 'unit.pin';
    await store.add(unitChange(by, action, 'JBNB0001', { after: { n } }));
  }
  const at = (n: number) => new Date(start + n * 60_000).toISOString();
  const found = async (query: Partial<Parameters<typeof listChanges>[1]>) => {
    const { changes } = await listChanges(store, { limit: 50, ...query });
    return changes.map(({ after }) => after?.n);
  };
  expect(await found({ action: 'unit.move' })).toEqual([10, 7, 4, 1]);
  expect(await found({ actor: 'id-ada' })).toEqual([11, 9, 7, 5, 3, 1]);
  expect(await found({ since: at(3), until: at(6) })).toEqual([5, 4, 3]);
  expect(await found({ since: at(12) })).toEqual([]);
  expect(await found({ until: at(2) })).toEqual([1, 0]);
  expect(await found({ until: at(99), since: at(10) })).toEqual([11, 10]);
  expect(await found({ action: 'unit.move', actor: 'id-ada', since: at(2) })).toEqual([7]);
  expect(await found({ target: 'unit:JBNB0001', actor: 'id-ada', until: at(4) })).toEqual([3, 1]);
});
