import { expect, test } from 'vitest';
import { localStore } from './local.ts';
import { localRole } from './role-store.ts';

function memory() {
  const { storage } = localStore(() => {
    throw new DOMException('blocked', 'SecurityError');
  });
  return storage;
}

test('a role is kept for its person only', () => {
  const roles = localRole(memory());
  expect(roles.read('ann')).toBeNull();
  roles.write('ann', 'owner');
  expect([roles.read('ann'), roles.read('bob')]).toEqual(['owner', null]);
  roles.forget();
  expect(roles.read('ann')).toBeNull();
});

test.each(['', '{', 'null', '{"user_id":"ann"}', '{"user_id":"ann","role":"king"}'])(
  'what is kept may be %j',
  (kept) => {
    const storage = memory();
    storage.setItem('jambench-role', kept);
    expect(localRole(storage).read('ann')).toBeNull();
  },
);
