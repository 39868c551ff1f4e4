import { expect, test } from 'vitest';
import { localStore } from './local.ts';

function memory(full = false): Storage {
  const items = new Map([['old', '1']]);
  return {
    get length() {
      return items.size;
    },
    key: (i) => [...items.keys()][i] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => {
      if (full) throw new DOMException('full', 'QuotaExceededError');
      items.set(key, value);
    },
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}

test('where there is a store it is used', () => {
  const store = memory();
  const { storage, remembers } = localStore(() => store);
  storage.setItem('a', 'x');
  expect([remembers, store.getItem('a'), storage.getItem('old'), storage.length]).toEqual([
    true,
    'x',
    '1',
    2,
  ]);
  storage.clear();
  expect([store.length, storage.length]).toEqual([0, 0]);
});

test('a full store is read, and what does not fit lives as long as the page', () => {
  const store = memory(true);
  const { storage, remembers } = localStore(() => store);
  storage.setItem('old', '2');
  storage.setItem('new', '3');
  expect([remembers, storage.getItem('old'), storage.getItem('new')]).toEqual([true, '2', '3']);
  expect(store.getItem('old')).toBe('1');
  storage.removeItem('old');
  expect([storage.getItem('old'), store.getItem('old'), storage.length]).toEqual([null, null, 1]);
});

test('with all site data blocked the page works without memory', () => {
  const { storage, remembers } = localStore(() => {
    throw new DOMException('blocked', 'SecurityError');
  });
  storage.setItem('a', 'x');
  expect([remembers, storage.getItem('a'), storage.getItem('b'), storage.key(0)]).toEqual([
    false,
    'x',
    null,
    'a',
  ]);
  storage.removeItem('a');
  expect(storage.length).toBe(0);
});
