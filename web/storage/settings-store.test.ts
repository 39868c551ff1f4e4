import { expect, test } from 'vitest';
import type { Settings } from '../../shared/contracts/portal.ts';
import { localSettings } from './settings-store.ts';

const SETTINGS: Settings = {
  supabase_url: '/supabase',
  supabase_anon_key: 'public',
  device_host: 'bench.example.net',
  device_port: 80,
  modem_apn: 'hologram',
  modem_bands: '2,4,12,13,66',
  environment: 'production',
};

function storageOf(read: () => string | null, write = (_value: string) => {}) {
  return localSettings({
    getItem: read,
    setItem: (_key: string, value: string) => write(value),
  } as unknown as Storage);
}

test('what was written is read back', () => {
  let kept: string | null = null;
  const store = storageOf(
    () => kept,
    (value) => {
      kept = value;
    },
  );
  expect(store.read()).toBeNull();
  store.write(SETTINGS);
  expect(store.read()).toEqual(SETTINGS);
});

test.each(['{', '{}', '{"supabase_url":1}', 'null'])('%s is not taken for settings', (text) => {
  expect(storageOf(() => text).read()).toBeNull();
});

test('a browser that refuses to store is no error', () => {
  const refuse = () => {
    throw new Error('denied');
  };
  const store = storageOf(refuse, refuse);
  store.write(SETTINGS);
  expect(store.read()).toBeNull();
});
